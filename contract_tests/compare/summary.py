"""What was compared, how often it was the same, and every distinct difference once. Compares nothing itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from contract_tests.capturing.account import Notes
from contract_tests.compare.comparing import Comparison, Verdict, gravity_of
from contract_tests.compare.places import Place
from contract_tests.exchanges import Exchange
from contract_tests.model.steps import Step


@dataclass(frozen=True, slots=True)
class Difference:
    """Two answers that differ. `found_by` names the row or the theme; `story` and `told` are the steps that led there.

    `told` holds one command line for each step before the last, with names for ids. A row of the table has no story.
    """

    comparison: Comparison
    left: Exchange
    right: Exchange
    found_by: str
    story: tuple[Step, ...] = ()
    told: tuple[str, ...] = ()
    is_steady: bool = True
    """Whether it came again when the story was told again."""

    @property
    def kind(self) -> tuple[str | None, ...]:
        """What makes two differences the same."""
        return self.comparison.verdict, self.left.operation_id, self.comparison.kind

    @property
    def whole_story(self) -> list[Step]:
        """All steps."""
        return list(self.story)


class Enough(BaseException):
    """A first difference is all that is wanted. No Exception, so that Hypothesis does not take it for a failure of its search."""


@dataclass(slots=True)
class Excused:
    """A known difference that was met: how often, and where first."""

    operation: str
    place: Place
    times: int = 0


@dataclass(slots=True)
class Summary:
    """Counts by walk; differences by kind, the first of each; known ones by name."""

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
        """How many pairs of answers."""
        return sum(sum(counts.values()) for counts in self.verdicts.values())

    def count(self, scenario: str, verdict: Verdict) -> None:
        """One more pair of answers."""
        self.verdicts.setdefault(scenario, Counter())[verdict] += 1

    def keep(self, difference: Difference) -> None:
        """The first of its kind is kept, the others are counted. Errors: Enough, once it is kept, when no other is wanted."""
        self.differences.setdefault(difference.kind, difference)
        self.times[difference.kind] += 1
        if self.fails_fast:
            raise Enough

    def excuse(self, comparison: Comparison, answer: Exchange) -> None:
        """Count what an entry of docs/fidelity.md explains, once for an answer."""
        for name, place in dict(reversed(comparison.known)).items():
            operation = answer.operation_id or f"{answer.method} {answer.path}"
            self.excused.setdefault(name, Excused(operation, place)).times += 1

    def improve(self, difference: Difference, better: Difference | None) -> None:
        """A shorter story for a difference that was kept; None when it did not come again."""
        self.differences[difference.kind] = better or replace(difference, is_steady=False)

    def by_gravity(self) -> Sequence[Difference]:
        """The differences, the gravest first."""
        return sorted(self.differences.values(), key=lambda one: gravity_of(one.comparison.verdict))
