"""Outcomes of checks, read from a client program's lines and compared with the list of required checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sdk.required_checks import REQUIRED_CHECKS


class Verdict(StrEnum):
    OK = "ok"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Outcome:
    check: str
    verdict: Verdict
    reason: str = ""


def read_outcomes(lines: Iterable[str]) -> Iterator[Outcome]:
    """A line is a verdict, a check and a reason separated by tabs; other lines are an SDK's own output."""
    for line in lines:
        verdict, _, rest = line.partition("\t")
        if verdict in set(Verdict):
            check, _, reason = rest.partition("\t")
            yield Outcome(check, Verdict(verdict), reason)


def compare_with_required(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """One outcome per required check, in order. A check that was reported never, or more than once, has failed.

    An unknown check has failed too: other programs may lack it.
    """
    counts = Counter(outcome.check for outcome in outcomes)
    by_check = {outcome.check: outcome for outcome in outcomes}
    kept = [
        by_check[name] if counts[name] == 1 else Outcome(name, Verdict.FAILED, f"reported {counts[name]} times")
        for name in REQUIRED_CHECKS
    ]
    strays = [Outcome(name, Verdict.FAILED, "not a required check") for name in counts if name not in REQUIRED_CHECKS]
    return kept + strays


def count(outcomes: Iterable[Outcome], verdict: Verdict) -> int:
    return sum(outcome.verdict is verdict for outcome in outcomes)
