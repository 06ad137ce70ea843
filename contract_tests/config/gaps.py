"""Which checks a run skipped, why, and what would make them run; grouped for the report. Decides nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn
from unittest import SkipTest


class Remedy(StrEnum):
    """What would make a skipped check run: the words of the report, in the order of the report."""

    WRITES = "--allow-writes allows"
    INVOICES = "--allow-invoice ORDER_ID allows"
    TOKENS = "with another token"
    SCOPES = "with more scopes"
    ORDERS = "with these in the account"
    LIMITS = "with higher limits"
    TIME = "in a run that is not ended early"
    RULES = "without --only-rule"
    NOWHERE = "not on this target"
    MOCK = "on a mock only (polar-contract run)"


@dataclass(frozen=True, slots=True)
class Gap:
    """Why one check was skipped. `subject` is an operation's id or a group of checks, `why` is half a sentence.

    `item` is what the remedy's line lists, such as "a void order".
    """

    subject: str
    why: str
    remedy: Remedy
    item: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.why}"

    def shown(self, shown: Callable[[str], str]) -> Gap:
        """The same gap with its texts passed through `shown`, which redacts them."""
        return Gap(shown(self.subject), shown(self.why), self.remedy, shown(self.item))


@dataclass(frozen=True, slots=True)
class Group:
    """All skipped checks with one remedy; `items` and `subjects` map to their number of checks, largest number first."""

    remedy: Remedy
    checks: int
    items: Mapping[str, int]
    subjects: Mapping[str, int]


class NotChecked(SkipTest):
    """Skips one check. pytest and Hypothesis treat it as a skip; commands that run no check catch it."""

    def __init__(self, gap: Gap) -> None:
        self.gap = gap
        super().__init__(str(gap))


def not_checked(subject: str, why: str, remedy: Remedy, item: str) -> NoReturn:
    """Skip one check; it does not count for the verdict. Errors: NotChecked, always."""
    leave_out(Gap(subject, why, remedy, item))


def leave_out(gap: Gap) -> NoReturn:
    """The same for an existing gap. Errors: NotChecked, always."""
    raise NotChecked(gap)


def gap_of(problem: BaseException, said: str) -> Gap:
    """The gap behind a skipped check. For a check that something else skipped, the gap repeats the reason `said`."""
    if isinstance(problem, NotChecked):
        return problem.gap
    return Gap("checks", said, Remedy.NOWHERE, said)


def groups_of(gaps: Mapping[Gap, int]) -> list[Group]:
    """The gaps grouped by remedy, in the order of the remedies."""
    return [_group(remedy, list(gaps.items())) for remedy in Remedy if any(gap.remedy is remedy for gap in gaps)]


def _group(remedy: Remedy, gaps: Sequence[tuple[Gap, int]]) -> Group:
    items, subjects = Counter[str](), Counter[str]()
    for gap, count in gaps:
        if gap.remedy is remedy:
            items[gap.item] += count
            subjects[gap.subject] += count
    return Group(remedy, items.total(), dict(items.most_common()), dict(subjects.most_common()))
