"""Polling: asks repeatedly with growing pauses until a result appears or a deadline passes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS, _GROWTH = 0.25, 4.0, 1.6


def wait_for(
    ask: Callable[[], Found | None],
    within_seconds: float,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Found | None:
    """The first result of `ask`, or None when there is none by the deadline; the last attempt is at the deadline."""
    deadline, pause = clock() + within_seconds, _FIRST_PAUSE_SECONDS
    while True:
        found = ask()
        left = deadline - clock()
        if found is not None or left <= 0:
            return found
        sleep(min(pause, left))
        pause = min(pause * _GROWTH, _LONGEST_PAUSE_SECONDS)
