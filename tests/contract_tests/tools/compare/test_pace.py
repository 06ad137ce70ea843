"""A mock that is slower than the other is a difference; a busy machine is not."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.tools.compare.pace import Pace, TooSlow
from contract_tests.transport.exchanges import Exchange

_QUICK, _SLOW = 0.01, 1.6


def _answer(seconds: float) -> Exchange:
    path = "/v1/orders/"
    return Exchange("GET", f"http://127.0.0.1:9{path}", path, {}, b"", 200, {}, b"{}", seconds)


def _first_error(left: Sequence[float], right: Sequence[float]) -> tuple[int, TooSlow] | None:
    """The error of a comparison whose answers take these seconds, and after how many pairs it came; None without an error."""
    pace = Pace()
    for number, (here, there) in enumerate(zip(left, right, strict=True), start=1):
        try:
            pace.require_even(_answer(here), _answer(there))
        except TooSlow as problem:
            return number, problem
    return None


def _stalls() -> st.SearchStrategy[dict[int, float]]:
    """Seconds by the number of the pair; never three in five pairs, which would be what a slow mock does."""
    gaps = st.lists(st.tuples(st.integers(3, 12), st.floats(1.5, 30)), max_size=12)
    return gaps.map(
        lambda drawn: {
            sum(gap for gap, _ in drawn[:number]): seconds for number, (_, seconds) in enumerate(drawn, start=1)
        }
    )


@pytest.mark.parametrize("slow", ["left", "right"])
def test_when_one_side_is_slow_for_the_third_time_then_this_is_a_difference(slow: str) -> None:
    quick, late = [_QUICK] * 3, [_SLOW] * 3
    found = _first_error(*((late, quick) if slow == "left" else (quick, late)))
    assert found is not None
    assert str(found[1]).startswith(f"the {slow} mock takes more than 1.5 seconds longer")
    place = found[1].comparison.places[0]
    assert {place.left, place.right} == {"0.0", "1.6"}


class GivenAMockThatIsSlowThroughout:
    @given(
        stalls=_stalls(),
        machine=st.floats(0, 5),
        slow_seconds=st.floats(1.51, 9),
    )
    def test_when_the_good_one_stalls_now_and_then_then_it_is_a_difference_soon(
        self, stalls: dict[int, float], machine: float, slow_seconds: float
    ) -> None:
        good = [machine + stalls.get(number, 0.0) for number in range(60)]
        found = _first_error(good, [machine + slow_seconds] * 60)
        assert found is not None
        assert str(found[1]).startswith("the right mock")
        # Three slow pairs are enough, where stalls leave three of five.
        assert found[0] <= 3 + 5 * (len(stalls) + 1)


class GivenAMockThatIsSlowNowAndThen:
    @pytest.mark.parametrize("every", [6, 25])
    def test_then_it_is_a_difference_though_the_other_stalled_once(self, every: int) -> None:
        slow = [_SLOW if number % every == 0 else _QUICK for number in range(400)]
        assert _first_error([_SLOW if number == 3 else _QUICK for number in range(400)], slow) is not None


class GivenABusyMachine:
    @pytest.mark.parametrize(
        ("left", "right"),
        [
            pytest.param([_QUICK] * 3, [_SLOW, _QUICK, _SLOW], id="one of them twice"),
            pytest.param([_QUICK, _QUICK, _SLOW], [_SLOW] * 3, id="both, one of them less often"),
            pytest.param([_QUICK] * 30, [1.4] * 30, id="hardly"),
            pytest.param([8.0] * 100, [9.4] * 100, id="everything takes long"),
            pytest.param([_SLOW, _QUICK] * 50, [_QUICK, _SLOW] * 50, id="by turns"),
        ],
    )
    def test_then_it_is_no_reason_for_a_difference(self, left: list[float], right: list[float]) -> None:
        assert _first_error(left, right) is None

    @pytest.mark.parametrize("seed", range(20))
    def test_when_both_stall_at_random_then_it_is_no_reason_either(self, seed: int) -> None:
        chance = random.Random(seed)

        def times() -> list[float]:
            return [3.0 if chance.random() < 0.004 else _QUICK for _ in range(1000)]

        assert _first_error(times(), times()) is None
