"""Which of the matching calls a rule of a fault strikes, and how late it makes them."""

from __future__ import annotations

import pytest

from mock_server.domain.faults import Latency, Strikes, chance


def struck_of(strikes: Strikes, calls: int) -> list[int]:
    struck: list[int] = []
    for number in range(1, calls + 1):
        if strikes.hit(number, len(struck)):
            struck.append(number)
    return struck


class GivenARule:
    @pytest.mark.parametrize(
        ("strikes", "expected"),
        [
            (Strikes(), [1, 2, 3, 4, 5, 6, 7, 8, 9]),
            (Strikes(first=4), [4, 5, 6, 7, 8, 9]),
            (Strikes(times=2), [1, 2]),
            (Strikes(first=3, times=2), [3, 4]),
            (Strikes(every=3), [1, 4, 7]),
            (Strikes(first=3, every=3), [3, 6, 9]),
            (Strikes(first=2, every=2, times=3), [2, 4, 6]),
        ],
        ids=["all", "from", "times", "from and times", "every", "from and every", "all three"],
    )
    def test_when_calls_match_then_it_strikes_those_that_it_says(self, strikes: Strikes, expected: list[int]) -> None:
        assert struck_of(strikes, 9) == expected

    def test_when_it_has_a_probability_then_the_same_seed_strikes_the_same_calls(self) -> None:
        first, other = Strikes(probability=0.3, seed=1), Strikes(probability=0.3, seed=2)

        assert struck_of(first, 1000) == struck_of(Strikes(probability=0.3, seed=1), 1000)
        assert struck_of(first, 1000) != struck_of(other, 1000)
        assert 250 < len(struck_of(first, 1000)) < 350

    def test_when_it_has_a_probability_and_a_number_then_it_strikes_that_often(self) -> None:
        assert len(struck_of(Strikes(probability=0.3, seed=1, times=5), 1000)) == 5


class GivenALatency:
    def test_when_it_is_fixed_then_every_call_is_as_late(self) -> None:
        assert {Latency(250, 250).seconds(number) for number in range(9)} == {0.25}

    def test_when_it_has_limits_then_it_keeps_them_and_the_seed_decides(self) -> None:
        seconds = [Latency(100, 300, 7).seconds(number) for number in range(1000)]

        assert seconds == [Latency(100, 300, 7).seconds(number) for number in range(1000)]
        assert 0.1 <= min(seconds) < 0.11
        assert 0.29 < max(seconds) <= 0.3

    def test_when_numbers_are_drawn_then_they_are_spread_evenly(self) -> None:
        drawn = [chance(3, number) for number in range(4000)]

        assert all(0 <= one < 1 for one in drawn)
        assert 0.48 < sum(drawn) / len(drawn) < 0.52
