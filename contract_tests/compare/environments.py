"""Where both sides meet: worlds of the judge's own on two mocks; else two accounts, of which a mock's is the other's copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Protocol

import pytest

from contract_tests.compare.comparing import Terms
from contract_tests.compare.copies import Copy, copy_of
from contract_tests.compare.known import Known
from contract_tests.compare.matching import Matching
from contract_tests.compare.summary import Summary
from contract_tests.compare.targets import Pair
from contract_tests.findings import ContractBroken
from contract_tests.fixtures import Fixtures
from contract_tests.model.live import live_bindings
from contract_tests.model.performing import Bindings, bindings_of, perform
from contract_tests.model.profiles import PROFILES, Profile, reads
from contract_tests.model.state import State, first_state
from contract_tests.model.steps import Ask

# So that what is announced can be compared too: the mock sends to no such host, but tells what it would have sent.
_LISTENER = Ask(
    "webhooks:create_webhook_endpoint",
    who="organization",
    body={"url": "https://hooks.example.com/listener", "format": "raw", "events": ["order.updated", "order.paid"]},
    names="endpoint:listener",
)
Tell = Callable[[str], None]
Stages = tuple[Fixtures, Fixtures]
Scenes = tuple[Bindings, Bindings, State]


class PairedEnvironment(Protocol):
    """What walks need of it."""

    @property
    def may_write(self) -> bool:
        """Whether anything but reads and refusals may be sent."""

    @property
    def profiles(self) -> dict[str, Profile]:
        """What stories may be about."""

    def terms(self, known: Known) -> Terms:
        """What counts as a difference here, given what is known."""

    def matching(self) -> Matching:
        """What stands for what, as far as that is known before anything is sent."""

    def stages(self) -> AbstractContextManager[Stages]:
        """Where the table is walked."""

    def scenes(self) -> AbstractContextManager[Scenes]:
        """Where a story is told, with what the model knows of both."""


@dataclass(frozen=True, slots=True)
class Worlds:
    """Two mocks: every walk gets fresh worlds on both, their clocks held at the same moment."""

    pair: Pair
    may_write = True

    @property
    def profiles(self) -> dict[str, Profile]:
        """All of them."""
        return dict(PROFILES)

    def terms(self, known: Known) -> Terms:
        """A world is a world: everything counts."""
        return Terms(known)

    def matching(self) -> Matching:
        """Nothing: its worlds are made anew."""
        return Matching()

    @contextmanager
    def stages(self) -> Iterator[Stages]:
        """The worlds of the core table."""
        with self._worlds("core", "members", "limited") as stages:
            yield stages

    @contextmanager
    def scenes(self) -> Iterator[Scenes]:
        """The model's world, as the model knows it."""
        with self._worlds("model") as (left, right):
            scenes = bindings_of(left.worlds[0]), bindings_of(right.worlds[0])
            for side, bindings in zip((self.pair.left, self.pair.right), scenes, strict=True):
                perform(_LISTENER, side.client, bindings)
            yield *scenes, first_state()

    @contextmanager
    def _worlds(self, *names: str) -> Iterator[Stages]:
        with ExitStack() as cleanup:
            left, right = (
                cleanup.enter_context(side.context.target.fixtures(*names))
                for side in (self.pair.left, self.pair.right)
            )
            for world in (*left.worlds, *right.worlds):
                world.hold_clock()
            yield left, right


@dataclass(frozen=True, slots=True)
class Accounts:
    """At least one live account: nothing is made or changed, so that one look at each is enough for all walks."""

    left: Fixtures
    right: Fixtures
    found: Scenes | None
    """What the model knows of both; None where it can't know enough."""
    copy: Copy | None
    """Where one side is a mock."""
    is_left_copy: bool
    may_write = False

    @property
    def profiles(self) -> dict[str, Profile]:
        """Reads and refusals."""
        return {} if self.found is None else {"reads": reads}

    def terms(self, known: Known) -> Terms:
        """What a copy never has is left out."""
        if self.copy is None:
            return Terms(known)
        return Terms(known, is_compared=self.copy.has, has_whole_lists=self.copy.has_all_orders)

    def matching(self) -> Matching:
        """Everything that was copied, and its copy."""
        return Matching() if self.copy is None else self.copy.matching(is_left=self.is_left_copy)

    @contextmanager
    def stages(self) -> Iterator[Stages]:
        """The accounts as they were found."""
        yield self.left, self.right

    @contextmanager
    def scenes(self) -> Iterator[Scenes]:
        """Both accounts, as the model knows them."""
        assert self.found is not None, "without it there are no themes"
        yield self.found


@contextmanager
def open_environment(pair: Pair, summary: Summary, *, tell: Tell) -> Iterator[PairedEnvironment]:
    """The tally gets what a copy lacks, and what can't be compared. Errors: CannotJudge when an account shows nothing."""
    if pair.are_mocks:
        yield Worlds(pair)
        return
    mock = next((side for side in (pair.left, pair.right) if side.is_mock), None)
    with ExitStack() as cleanup:
        if mock is None:
            left, right = (cleanup.enter_context(side.context.target.fixtures()) for side in (pair.left, pair.right))
            yield Accounts(left, right, _both(pair, left, right, summary), None, is_left_copy=False)
            return
        live = pair.right if mock is pair.left else pair.left
        copy = cleanup.enter_context(copy_of(live, mock, pair, tell=tell, notes=summary.copy_lacks))
        copied, account = copy.beside(cleanup.enter_context(live.context.target.fixtures()))
        left, right = (copied, account) if mock is pair.left else (account, copied)
        yield Accounts(left, right, _both(pair, left, right, summary), copy, is_left_copy=mock is pair.left)


def _both(pair: Pair, left_fixtures: Fixtures, right_fixtures: Fixtures, summary: Summary) -> Scenes | None:
    """What the model knows of both: the state of the left, as far as the right has it too."""
    try:
        left, state = live_bindings(pair.left.context, left_fixtures)
        right, other = live_bindings(pair.right.context, right_fixtures)
    except (pytest.skip.Exception, ContractBroken) as reason:
        summary.not_compared[f"stories: {str(reason).splitlines()[0]}"] += 1
        return None
    orders = {name: order for name, order in state.orders.items() if name in other.orders}
    callers = {name: caller for name, caller in state.callers.items() if name in other.callers}
    return left, right, replace(state, orders=orders, callers=callers)
