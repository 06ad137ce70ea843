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


def _told(left: Sequence[float], right: Sequence[float]) -> TooSlow | None:
    """What becomes of a comparison whose answers take these seconds."""
    pace = Pace(Ledger(), Ledger())
    for number, times in enumerate(zip(left, right, strict=True)):
        one, other = (_answer(10.0 * number, seconds) for seconds in times)
        pace.left.record(one)
        pace.right.record(other)
        try:
            pace.require_even(one, other)
        except TooSlow as problem:
            return problem
    return None


@pytest.mark.parametrize("slow", ["left", "right"])
def test_when_one_side_is_slow_for_the_third_time_then_this_is_a_difference(slow: str) -> None:
    quick, late = [_QUICK] * 3, [_SLOW] * 3
    told = _told(*((late, quick) if slow == "left" else (quick, late)))
    assert told is not None
    assert str(told).startswith(f"the {slow} mock takes more than 1.5 seconds")
    place = told.comparison.places[0]
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
    assert _told(left, right) is None
