"""Read timestamps of documents and control calls, within the years that the mock supports."""

from __future__ import annotations

from datetime import UTC, datetime

# Wide enough for every test, and far enough from the limits of datetime to add any delay.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(3000, 1, 1, tzinfo=UTC)
WANTED = "a time with its zone, such as 2026-05-01T10:00:00Z, between the years 1970 and 3000"


def read_moment(value: object) -> datetime | None:
    """An aware timestamp in UTC; None for text that is no time, has no zone, or is out of range."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is None or moment.tzinfo is None:
            return None
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if EARLIEST <= moment < LATEST else None
