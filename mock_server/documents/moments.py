"""Reading points in time that people write, within the years that a mock can reckon with."""

from __future__ import annotations

from datetime import UTC, datetime

# Far enough for every test, and far enough from where dates end to add any delay to.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(3000, 1, 1, tzinfo=UTC)
WANTED = "a time with its zone, such as 2026-05-01T10:00:00Z, between the years 1970 and 3000"


def read_moment(value: object) -> datetime | None:
    """An aware moment in UTC; None for what is no time, has no zone, or lies too far away."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is None or moment.tzinfo is None:
            return None
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if EARLIEST <= moment < LATEST else None
