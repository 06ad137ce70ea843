"""A stop signal always works: over the whole start, and under any load. `bench.stops` tests more moments."""

from __future__ import annotations

import itertools
import signal

import pytest

from bench.stopping import LOADS, SIGNALS, stop_under_load, stop_while_it_starts
from bench.stops import at_moments, start_seconds

_MOMENTS = 12
_JOBS = 2


class GivenASignalAtAnyMomentOfTheStart:
    def test_then_the_process_ends_and_says_nothing(self) -> None:
        ended = list(at_moments(1.3 * start_seconds(_JOBS), _MOMENTS, _JOBS))

        assert [one for one in ended if one.hung] == []
        assert [one for one in ended if one.exit_code != 0 and not one.was_before_the_first_line] == []
        assert [one.said for one in ended if one.exit_code == 0 and one.said] == []
        # Most of the window is the program's own.
        assert sum(one.exit_code == 0 for one in ended) > _MOMENTS // 2


class GivenASignalThatIsBlockedUntilTheProgramHearsIt:
    @pytest.mark.parametrize("with_signal", SIGNALS)
    def test_when_it_comes_before_the_first_line_then_it_is_heard_all_the_same(
        self, with_signal: signal.Signals
    ) -> None:
        found = signal.pthread_sigmask(signal.SIG_BLOCK, {with_signal})
        try:
            ended = stop_while_it_starts(0.0, with_signal)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, found)

        assert (ended.exit_code, ended.said) == (0, "")


class GivenAServerThatIsBusy:
    @pytest.mark.parametrize(("load", "with_signal"), list(zip(LOADS, itertools.cycle(SIGNALS))))
    def test_when_it_is_signalled_then_it_stops_without_output(self, load: str, with_signal: signal.Signals) -> None:
        ended = stop_under_load(load, with_signal)

        assert (ended.exit_code, ended.said) == (0, "")
