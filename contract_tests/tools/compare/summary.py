"""The result of a comparison: counts of compared answers, and every distinct difference once. Compares nothing itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from contract_tests.config.gaps import NotChecked, Remedy, gap_of
from contract_tests.model.steps import Step
from contract_tests.tools.capture.account import Notes
from contract_tests.tools.compare.comparing import Comparison, Verdict, gravity_of
from contract_tests.tools.compare.places import Place
from contract_tests.transport.exchanges import Exchange

_ONLY_REFUSALS = "it writes, and a live account only gets reads and refusals"


@dataclass(frozen=True, slots=True)
class Difference:
    """Two answers that differ. `found_by` names the table row, profile or check; `story` and `commands` are the steps that led there.

    `commands` holds one command line for each step before the last, with names for ids. A row of the table has no story.
    """

    comparison: Comparison
    left: Exchange
    right: Exchange
    found_by: str
    story: tuple[Step, ...] = ()
    commands: tuple[str, ...] = ()
    is_steady: bool = True
    """Whether a second run of the story showed it again."""

    @property
    def kind(self) -> tuple[str | None, ...]:
        """The key of a distinct difference: two differences with equal keys count as one."""
        return self.comparison.verdict, self.left.operation_id, self.comparison.kind

    @property
    def whole_story(self) -> list[Step]:
        """All steps."""
        return list(self.story)


class Enough(BaseException):
    """Ends a comparison at its first difference. Not an Exception, so that Hypothesis does not handle it as a failing example."""


@dataclass(slots=True)
class Excused:
    """A known difference that was found: how often, and where first."""

    operation: str
    place: Place
    times: int = 0


@dataclass(slots=True)
class Summary:
    """Counts by scenario; differences by kind, the first of each kind; known differences by name."""

    fails_fast: bool = False
    verdicts: dict[str, Counter[Verdict]] = field(default_factory=dict)
    differences: dict[tuple[str | None, ...], Difference] = field(default_factory=dict)
    times: Counter[tuple[str | None, ...]] = field(default_factory=Counter)
    excused: dict[str, Excused] = field(default_factory=dict)
    not_compared: Counter[str] = field(default_factory=Counter)
    copy_lacks: Notes = field(default_factory=Notes)
    steps: int = 0

    @property
    def compared(self) -> int:
        """The number of compared pairs of answers."""
        return sum(sum(counts.values()) for counts in self.verdicts.values())

    def count(self, scenario: str, verdict: Verdict) -> None:
        """Count one more pair of answers."""
        self.verdicts.setdefault(scenario, Counter())[verdict] += 1

    def keep(self, difference: Difference) -> None:
        """Keep the first difference of each kind and count the others. Errors: Enough after the first one with `fails_fast`."""
        self.differences.setdefault(difference.kind, difference)
        self.times[difference.kind] += 1
        if self.fails_fast:
            raise Enough

    def leave_out(self, reason: NotChecked, part: str = "") -> None:
        """Count a request that one target can't be sent. A comparison has no options that allow more, and names tokens by side."""
        gap = gap_of(reason, str(reason))
        why = _ONLY_REFUSALS if gap.remedy is Remedy.WRITES else gap.why.splitlines()[0]
        if gap.remedy is Remedy.TOKENS:
            why = why.partition(" (POLAR_")[0]
        self.not_compared[f"{part}{why}"] += 1

    def excuse(self, comparison: Comparison, answer: Exchange) -> None:
        """Count the known differences of one answer, each entry of docs/fidelity.md once."""
        for name, place in dict(reversed(comparison.known)).items():
            operation = answer.operation_id or f"{answer.method} {answer.path}"
            self.excused.setdefault(name, Excused(operation, place)).times += 1

    def improve(self, difference: Difference, better: Difference | None) -> None:
        """Replace a kept difference by the one with the shorter story; None marks it as not reproduced."""
        self.differences[difference.kind] = better or replace(difference, is_steady=False)

    def by_gravity(self) -> Sequence[Difference]:
        """The differences, the most severe first."""
        return sorted(self.differences.values(), key=lambda one: gravity_of(one.comparison.verdict))
