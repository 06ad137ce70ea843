"""Two mocks of which one takes its time."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from contract_tests.exchanges import Exchange, Ledger
from contract_tests.parity.pace import Pace, TooSlow

_QUICK, _SLOW = 0.01, 1.6


def _answer(begun: float, seconds: float) -> Exchange:
    path = "/v1/orders/"
    return Exchange("GET", f"http://127.0.0.1:9{path}", path, {}, b"", 200, {}, b"{}", seconds, started_at=begun)


def _ask_both(pace: Pace, left: Sequence[float], right: Sequence[float]) -> None:
    for number, times in enumerate(zip(left, right, strict=True)):
        one, other = (_answer(10.0 * number, seconds) for seconds in times)
        pace.left.record(one)
        pace.right.record(other)
        pace.require_even(one, other)


@pytest.mark.parametrize("slow", ["left", "right"])
def test_when_one_side_is_slow_for_the_third_time_then_this_is_a_difference(slow: str) -> None:
    quick, late = [_QUICK] * 3, [_SLOW] * 3
    with pytest.raises(TooSlow, match=f"the {slow} mock takes more than 1.5 seconds") as told:
        _ask_both(Pace(Ledger(), Ledger()), *((late, quick) if slow == "left" else (quick, late)))
    place = told.value.comparison.places[0]
    assert {place.left, place.right} == {"0.0", "1.6"}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param([_QUICK] * 3, [_SLOW, _QUICK, _SLOW], id="twice, as on a busy machine"),
        pytest.param([_QUICK, _QUICK, _SLOW], [_SLOW] * 3, id="both, one of them less often"),
        pytest.param([_QUICK] * 3, [1.4] * 3, id="hardly"),
    ],
)
def test_when_a_busy_machine_may_be_the_reason_then_it_is_none(left: list[float], right: list[float]) -> None:
    pace = Pace(Ledger(), Ledger())
    _ask_both(pace, left, right)
    assert len(pace.right.exchanges) == 3
