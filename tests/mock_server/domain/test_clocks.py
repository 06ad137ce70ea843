"""A world's clock: running with the machine, shifted, held and released."""

from __future__ import annotations

from datetime import datetime, timedelta

from mock_server.domain.clocks import ClockMode, WorldClock
from tests.mock_server.factories import NOW


class Machine:
    """The machine's time, moved by hand."""

    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time

    def passes(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


class GivenAWallClock:
    def test_when_time_passes_then_it_passes_here_too(self) -> None:
        clock = WorldClock(machine := Machine())

        machine.passes(5)

        assert clock.now() == NOW + timedelta(seconds=5)

    def test_when_it_is_advanced_then_it_stays_ahead_for_good(self) -> None:
        clock = WorldClock(machine := Machine())

        clock.advance(timedelta(hours=1))
        machine.passes(5)

        assert clock.now() == NOW + timedelta(hours=1, seconds=5)
        assert clock.mode is ClockMode.WALL

    def test_then_a_moment_ahead_is_as_far_away_as_the_machine_will_need(self) -> None:
        clock = WorldClock(Machine())
        clock.advance(timedelta(seconds=10))

        assert clock.wall_delay_until(NOW + timedelta(seconds=13)) == 3


class GivenAHeldClock:
    def test_when_time_passes_then_it_stands_still(self) -> None:
        clock = WorldClock(machine := Machine())
        clock.hold()

        machine.passes(60)

        assert clock.now() == NOW
        assert clock.wall_delay_until(NOW + timedelta(days=1)) is None

    def test_when_it_is_advanced_or_set_then_it_stands_at_the_new_moment(self) -> None:
        clock = WorldClock(machine := Machine())
        clock.hold()

        clock.advance(timedelta(seconds=7))
        machine.passes(60)
        assert clock.now() == NOW + timedelta(seconds=7)

        clock.set(NOW - timedelta(days=1))
        assert clock.now() == NOW - timedelta(days=1)

    def test_when_it_is_released_then_it_goes_on_from_where_it_stood(self) -> None:
        clock = WorldClock(machine := Machine())
        clock.hold()
        machine.passes(60)

        clock.release()
        machine.passes(1)

        assert clock.now() == NOW + timedelta(seconds=1)
