"""The most requests and the longest time that a run may take. What comes after is not judged, and said so."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from contract_tests.findings import not_judged
from contract_tests.permissions import Limits


class Budget:
    """Counts requests and time. `is_spent` tells that something was left out for its sake."""

    def __init__(self, limits: Limits, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.is_spent = False
        self._limits = limits
        self._clock = clock
        self._started = clock()
        self._sent = 0
        self._is_suspended = False
        self._lock = threading.Lock()

    def spend(self) -> None:
        """One more request. Errors: Skipped when it is one too many, or too late."""
        with self._lock:
            self._require(1)
            self._sent += 1

    def require(self, requests: int) -> None:
        """Go on only if so many requests can still be sent. Errors: Skipped."""
        with self._lock:
            self._require(requests)

    @contextmanager
    def suspended(self) -> Iterator[None]:
        """For what has to be done at any price: putting back what was changed."""
        self._is_suspended = True
        try:
            yield
        finally:
            self._is_suspended = False

    def _require(self, requests: int) -> None:
        if self._is_suspended:
            return
        most, seconds = self._limits.max_requests, self._limits.max_seconds
        if most is not None and self._sent + requests > most:
            self.is_spent = True
            not_judged(f"budget: the {most} requests of --max-requests are used up")
        if seconds is not None and self._clock() - self._started >= seconds:
            self.is_spent = True
            not_judged(f"budget: the {seconds:g} seconds of --max-time are over")
