"""Which exchanges of a run a file of limited size holds: those of findings, one of each operation and status, then the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from contract_tests.exchanges import Exchange
from contract_tests.results import Results

# After so many that did not fit in a row, what is left is taken to be too large as well.
_MOST_MISSES = 20


def selected(
    exchanges: Sequence[Exchange],
    results: Results,
    *,
    size_of: Callable[[Exchange], int],
    redact: Callable[[str], str],
    most_bytes: int,
) -> list[Exchange]:
    """Exchanges, in their order, that together have at most so many bytes."""
    kept: set[int] = set()
    left, misses = most_bytes, 0
    for number in _by_weight(exchanges, results, redact):
        size = size_of(exchanges[number])
        if size <= left:
            kept.add(number)
            left, misses = left - size, 0
        else:
            misses += 1
        if misses > _MOST_MISSES:
            break
    return [exchanges[number] for number in sorted(kept)]


def _by_weight(exchanges: Sequence[Exchange], results: Results, redact: Callable[[str], str]) -> Iterator[int]:
    """The numbers of all exchanges, each once: the weightiest first."""
    number_of = {id(one): number for number, one in enumerate(exchanges)}
    found = [check for check in results.checked if check.findings]
    shown = {finding.reproduce for check in found for finding in check.findings}
    around = [one for check in found for one in check.exchanges if id(one) in number_of]
    firsts = {(one.operation_id, one.status): number for number, one in reversed(list(enumerate(exchanges)))}
    order = [
        *(number_of[id(one)] for one in around if redact(one.curl()) in shown),
        *sorted(firsts.values()),
        *(number_of[id(one)] for one in around),
        *range(len(exchanges)),
    ]
    return iter(dict.fromkeys(order))
