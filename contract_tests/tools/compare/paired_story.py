"""Runs one story on both targets, step by step, and compares their answers. The model only decides which steps are possible."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from contract_tests.model.predictions import Model
from contract_tests.model.state import State
from contract_tests.model.steps import Ask, Download, MakeOrder, Settle, Step, creation_of, is_change
from contract_tests.suites.stateful.performing import Bindings, perform
from contract_tests.suites.stateful.step_runner import control_curl
from contract_tests.tools.compare.comparing import Comparison, compare
from contract_tests.tools.compare.environments import PairedBindings, PairedEnvironment
from contract_tests.tools.compare.matching import Matching
from contract_tests.tools.compare.summary import Difference
from contract_tests.tools.compare.targets import Pair
from contract_tests.transport.exchanges import Exchange

_PORTAL_REQUEST = "customer_portal:orders:generate_invoice"
_DOCUMENTS_READ = 2
_FOLLOW_UP_READS = tuple(
    Ask(operation, who="organization", query={"limit": "100"})
    for operation in ("orders:list", "webhooks:list_webhook_endpoints", "webhooks:list_webhook_deliveries")
)
Compared = Callable[[Comparison, Difference], None]


@dataclass(slots=True)
class PairedStory:
    """One running story. It is over when the answers to a change differ, because that alone makes later answers differ."""

    pair: Pair
    paired: PairedEnvironment
    left: Bindings
    right: Bindings
    state: State
    profile: str
    compared: Compared
    is_over: bool = False
    _matching: Matching = field(init=False)
    _model: Model = field(init=False)
    _story: list[Step] = field(default_factory=list)
    _commands: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._matching = self.paired.matching()
        self._model = self.pair.left.context.model

    @property
    def has_begun(self) -> bool:
        """Whether a step was taken; a story may be only imagined."""
        return bool(self._story)

    def take(self, step: Step) -> None:
        """Take the step on both sides. Errors: NoAnswer; CannotRun; KeyError for a name without an object."""
        # The model does not predict deliveries; follow-up reads change nothing.
        after = self.state if step in _FOLLOW_UP_READS else self._model.predict(step, self.state).after
        here, there = self.pair.left.client, self.pair.right.client
        left, right = self.pair.asker.ask_both(
            (here, partial(perform, step, here, self.left)), (there, partial(perform, step, there, self.right))
        )
        self._learn(step)
        self._story.append(step)
        if left is not None and right is not None:
            self._compare(step, left, right)
        self._commands.append(self._line(step, left))
        self.state = after

    def follow_up(self) -> None:
        """Send follow-up reads, for results of the story that no answer has shown yet. Errors: NoAnswer."""
        # An invoice that exists by then must not change when it is requested again.
        self.take(Settle())
        issued = [one for one in self.state.orders.values() if one.is_issued and one.customer == "customer:main"]
        # Orders of steps that were only imagined do not exist on the targets.
        names = [one.name for one in issued if one.name in self.left.ids][:_DOCUMENTS_READ]
        downloads = [Download(name) for name in names]
        again = [Ask(_PORTAL_REQUEST, who="customer", on=name) for name in names]
        reads: list[Step] = [*downloads, *again, Settle(), *downloads, *_FOLLOW_UP_READS]
        for read in reads:
            self.take(read)

    def imagine(self, step: Step) -> None:
        """Change only the model's state: the next generated steps must not depend on the answers of either target."""
        self.state = self._model.predict(step, self.state).after

    def _compare(self, step: Step, left: Exchange, right: Exchange) -> None:
        comparison = compare(left, right, self._matching, self.paired.terms(self.pair.excused))
        self.is_over = comparison.verdict.is_difference and is_change(step)
        self.compared(
            comparison, Difference(comparison, left, right, self.profile, tuple(self._story), tuple(self._commands))
        )

    def _learn(self, step: Step) -> None:
        for name in self.left.ids.keys() & self.right.ids.keys():
            self._matching.know("id", self.left.ids[name], self.right.ids[name])
        if isinstance(step, MakeOrder):
            self._matching.know("time", creation_of(step.name), creation_of(step.name))

    def _line(self, step: Step, exchange: Exchange | None) -> str:
        """The step as a command line, with names for ids."""
        world = self.left.world
        line = control_curl(step, self.left) if exchange is None else exchange.curl()
        return self.left.named(line if world is None else line.replace(world.id, "WORLD"))


def paired_story(
    pair: Pair, paired: PairedEnvironment, bindings: PairedBindings, profile: str, compared: Compared
) -> PairedStory:
    """A new story, before its first step."""
    left, right, state = bindings
    return PairedStory(pair, paired, left, right, state, profile, compared)


def run_again(pair: Pair, paired: PairedEnvironment, story: Sequence[Step], wanted: Difference) -> Difference | None:
    """Run the story again; the difference at its last step, if it is the wanted one. Errors: as in `PairedStory.take`."""
    found: list[Difference] = []

    def compared(_comparison: Comparison, difference: Difference) -> None:
        found.append(difference)

    with paired.bindings() as bindings:
        again = paired_story(pair, paired, bindings, wanted.found_by, compared)
        for step in story:
            again.take(step)
    last = found[-1] if found else None
    return last if last is not None and last.kind == wanted.kind and len(last.story) == len(story) else None
