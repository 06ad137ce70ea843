"""The wait after a failed attempt."""

from __future__ import annotations

import zlib
from datetime import timedelta


def retry_delay(event_id: str, attempt: int, *, base_seconds: float, cap_seconds: float) -> timedelta:
    """The wait after failed attempt number `attempt` (1 for the first); the same for the same event and attempt.

    It doubles with each attempt up to the cap, with jitter between half and all of it.
    """
    jitter = zlib.crc32(f"{event_id}:{attempt}".encode()) / 2**32
    return timedelta(seconds=min(cap_seconds, base_seconds * 2**attempt) * (0.5 + jitter / 2))
