"""A world's time: a wall clock that can be shifted, or a held clock that is moved by request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol

Now = Callable[[], datetime]


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in UTC."""


class ClockMode(StrEnum):
    WALL = "wall"
    HELD = "held"


def wall_now() -> datetime:
    return datetime.now(UTC)


class _Setting(NamedTuple):
    offset: timedelta
    held_at: datetime | None


class WorldClock:
    """A world's own time. In wall mode it runs with the machine, shifted by an offset; when held, it stands still."""

    def __init__(self, wall: Now = wall_now) -> None:
        self._wall = wall
        self._setting = _Setting(timedelta(0), None)
        """Replaced as a whole, because other threads read the time while one sets it."""

    @property
    def mode(self) -> ClockMode:
        return ClockMode.WALL if self._setting.held_at is None else ClockMode.HELD

    def now(self) -> datetime:
        offset, held_at = self._setting
        return self._wall() + offset if held_at is None else held_at

    def running_now(self) -> datetime | None:
        """The present moment; None while the clock is held."""
        offset, held_at = self._setting
        return self._wall() + offset if held_at is None else None

    def hold(self) -> None:
        self._setting = self._setting._replace(held_at=self.now())

    def release(self) -> None:
        """Run with the machine again, from the moment at which the clock was held."""
        self._setting = _Setting(self.now() - self._wall(), None)

    def stopped(self) -> WorldClock:
        """Another clock, which stands still at this moment."""
        clock = WorldClock(self._wall)
        clock._setting = _Setting(timedelta(0), self.now())
        return clock

    def set(self, moment: datetime) -> None:
        held_at = None if self._setting.held_at is None else moment
        self._setting = _Setting(moment - self._wall(), held_at)

    def advance(self, by: timedelta) -> None:
        self.set(self.now() + by)

    def wall_delay_until(self, moment: datetime) -> float | None:
        """Machine seconds until `moment`; None while the clock is held."""
        offset, held_at = self._setting
        return None if held_at is not None else (moment - self._wall() - offset).total_seconds()
