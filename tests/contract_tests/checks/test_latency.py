"""A mock that answers too slowly: two stalls are tolerated, the third is not, and stalls at the same time are one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract_tests.checks.latency import SLOW_SECONDS, Stopwatch
from contract_tests.transport.exchanges import Exchange
from tests.contract_tests.checks.answers import answered

_QUICK, _LATE = SLOW_SECONDS, SLOW_SECONDS + 0.1


def _answers(*times: tuple[float, float]) -> list[Exchange]:
    """Exchanges by the time of their request and the seconds until their answer."""
    one = answered("orders:list", "/v1/orders/", {})
    return [replace(one, started_at=started, elapsed_seconds=seconds) for started, seconds in times]


@pytest.mark.parametrize(
    ("times", "first"),
    [
        ([], None),
        ([(0, _QUICK), (10, _QUICK), (20, _QUICK)], None),
        ([(0, _LATE), (10, _LATE)], None),
        ([(0, _LATE), (10, _LATE), (20, _LATE)], 0),
        ([(0, _QUICK), (10, _LATE), (20, _LATE), (30, _QUICK), (40, _LATE)], 1),
        ([(0, _LATE), (0.5, _LATE), (1, _LATE)], None),
        ([(0, _LATE), (0.5, _LATE), (10, _LATE), (20, _LATE)], 0),
    ],
    ids=[
        "none",
        "at the limit",
        "two",
        "three",
        "three among others",
        "at the same time",
        "two of four at the same time",
    ],
)
def test_when_answers_stall_then_the_first_of_more_than_two_is_returned(
    times: list[tuple[float, float]], first: int | None
) -> None:
    exchanges = _answers(*times)
    assert Stopwatch().too_slow(exchanges) is (None if first is None else exchanges[first])


def test_when_it_is_asked_again_then_each_exchange_counts_once() -> None:
    stopwatch, exchanges = Stopwatch(), _answers((0, _LATE), (10, _LATE), (20, _LATE))
    assert [stopwatch.too_slow(exchanges[:count]) for count in (1, 2, 2, 3)] == [None, None, None, exchanges[0]]
