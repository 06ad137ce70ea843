"""Time as a world sees it: a wall clock that can be shifted, or a clock that is held and moved by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol

Now = Callable[[], datetime]


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in UTC."""


class ClockMode(StrEnum):
    WALL = "wall"
    HELD = "held"


def wall_now() -> datetime:
    return datetime.now(UTC)


class WorldClock:
    """A world's own time. In wall mode it runs with the machine, shifted by `offset`; held, it stands still."""

    def __init__(self, wall: Now = wall_now) -> None:
        self._wall = wall
        self._offset = timedelta(0)
        self._held_at: datetime | None = None

    @property
    def mode(self) -> ClockMode:
        return ClockMode.WALL if self._held_at is None else ClockMode.HELD

    def now(self) -> datetime:
        return self._wall() + self._offset if self._held_at is None else self._held_at

    def hold(self) -> None:
        self._held_at = self.now()

    def release(self) -> None:
        """Run with the machine again, from the moment that the clock was held at."""
        self.set(self.now())
        self._held_at = None

    def set(self, moment: datetime) -> None:
        self._offset = moment - self._wall()
        if self._held_at is not None:
            self._held_at = moment

    def advance(self, by: timedelta) -> None:
        self.set(self.now() + by)

    def wall_delay_until(self, moment: datetime) -> float | None:
        """Seconds of the machine's time until `moment`; None while the clock is held."""
        return None if self._held_at is not None else (moment - self.now()).total_seconds()

    def capture(self) -> tuple[timedelta, datetime | None]:
        return self._offset, self._held_at

    def restore(self, captured: tuple[timedelta, datetime | None]) -> None:
        self._offset, self._held_at = captured
