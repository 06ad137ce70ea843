"""Chooses the exchanges for a file of limited size: those of findings, one of each operation and status, then the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

from contract_tests.checks.findings import CAUTION
from contract_tests.reporting.results import Results
from contract_tests.transport.exchanges import Exchange

# Hardly an entry has fewer bytes; when less than this is left, the selection ends. To measure an entry, it is made and redacted.
_LEAST_BYTES = 1_000


@dataclass(frozen=True, slots=True)
class Selection:
    """The kept exchanges in the order of the run, and the number of exchanges with findings that did not fit."""

    kept: Sequence[Exchange]
    findings_left_out: int = 0


def selected(
    exchanges: Sequence[Exchange],
    results: Results,
    *,
    size_of: Callable[[Exchange], int],
    redact: Callable[[str], str],
    most_bytes: int,
) -> Selection:
    """Whole exchanges that together have at most `most_bytes` bytes."""
    groups = _by_importance(exchanges, results, redact)
    kept: set[int] = set()
    left = most_bytes
    for number in dict.fromkeys(chain(*groups)):
        if left < _LEAST_BYTES:
            break
        size = size_of(exchanges[number])
        if size <= left:
            kept.add(number)
            left -= size
    return Selection([exchanges[number] for number in sorted(kept)], len(set(groups[0]) - kept))


def _by_importance(
    exchanges: Sequence[Exchange], results: Results, redact: Callable[[str], str]
) -> tuple[Sequence[int], ...]:
    """Groups of exchange numbers, the most important group first; the last group has all of them."""
    number_of = {id(one): number for number, one in enumerate(exchanges)}
    broken = [check for check in results.checked if check.findings]
    shown = {finding.reproduce.removeprefix(CAUTION) for check in broken for finding in check.findings}
    around = [number_of[id(one)] for check in broken for one in check.exchanges if id(one) in number_of]
    found = [number for number in around if redact(exchanges[number].curl()) in shown]
    firsts = {(one.operation_id, one.status): number for number, one in reversed(list(enumerate(exchanges)))}
    return found, sorted(firsts.values()), around, range(len(exchanges))
