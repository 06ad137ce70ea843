"""How often an event is attempted, and the wait after a failure."""

from __future__ import annotations

import zlib
from datetime import timedelta

MOST_ATTEMPTS = 10
FAILED_EVENTS_BEFORE_DISABLING = 10
# The service caps its back-off at two seconds, with jitter between half and all of it. Source: polar, April 2026.
_CAP_SECONDS = 2.0


def retry_delay(event_id: str, attempt: int) -> timedelta:
    """Seconds to wait after failed attempt number `attempt` (1 for the first); the same for the same event and attempt."""
    jitter = zlib.crc32(f"{event_id}:{attempt}".encode()) / 2**32
    return timedelta(seconds=_CAP_SECONDS * (0.5 + jitter / 2))
