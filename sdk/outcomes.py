"""Outcomes of checks, read from a client program's lines and compared with the required checks and with the known limits of the release."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sdk.limits import Limit


class Verdict(StrEnum):
    OK = "ok"
    FAILED = "failed"
    CANNOT = "cannot"
    """The release itself cannot keep this promise, as sdk/limits.yaml says."""
    SKIPPED = "skipped"
    """The release has no call for it."""


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


def compare_with_required(outcomes: Sequence[Outcome], required: Sequence[str]) -> list[Outcome]:
    """One outcome per required check, in order. A check that was reported never, or more than once, has failed.

    An unknown check has failed too: other programs may lack it.
    """
    counts = Counter(outcome.check for outcome in outcomes)
    by_check = {outcome.check: outcome for outcome in outcomes}
    kept = [
        by_check[name] if counts[name] == 1 else Outcome(name, Verdict.FAILED, f"reported {counts[name]} times")
        for name in required
    ]
    strays = [Outcome(name, Verdict.FAILED, "not a required check") for name in counts if name not in required]
    return kept + strays


def apply_limits(outcomes: Iterable[Outcome], limits: Sequence[Limit]) -> list[Outcome]:
    """A check that failed as a limit of the release says is no failure. One that passed in spite of a limit is."""
    by_promise = {limit.promise: limit for limit in limits}
    return [_limited(outcome, by_promise.get(outcome.check)) for outcome in outcomes]


def _limited(outcome: Outcome, limit: Limit | None) -> Outcome:
    if limit is None:
        return outcome
    if outcome.verdict is Verdict.FAILED and limit.says in outcome.reason:
        return replace(outcome, verdict=Verdict.CANNOT, reason=limit.why)
    if outcome.verdict is Verdict.OK:
        reason = "it passed, but sdk/limits.yaml says that the release cannot do this; remove the entry"
        return replace(outcome, verdict=Verdict.FAILED, reason=reason)
    return outcome


def count(outcomes: Iterable[Outcome], verdict: Verdict) -> int:
    return sum(outcome.verdict is verdict for outcome in outcomes)
