"""The request and time limits of a run. Checks beyond them are skipped and reported as not checked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from contract_tests.config.gaps import Gap, Remedy, not_checked
from contract_tests.config.permissions import Limits
from contract_tests.transport.signals import require_uninterrupted

_SUBJECT = "budget"


def is_cut_off(gap: Gap) -> bool:
    """Whether a check was skipped because of the request or time limit."""
    return gap.remedy is Remedy.LIMITS


def cut_off_sentence(reason: BaseException) -> str:
    """The reason that `Budget` raised, as a sentence."""
    text = str(reason).removeprefix(f"{_SUBJECT}: ")
    return f"{text[:1].upper()}{text[1:]}."


class Budget:
    """Counts requests and time. `is_spent` says that at least one check was skipped because of a limit.

    `sent`: how many requests of the run were sent before.
    """

    def __init__(self, limits: Limits, *, sent: int = 0, clock: Callable[[], float] = time.monotonic) -> None:
        self.is_spent = False
        self._limits = limits
        self._clock = clock
        self._started = clock()
        self._sent = sent
        self._is_suspended = False
        self._is_over = False
        self._lock = threading.Lock()

    def spend(self) -> None:
        """Count one more request. Errors: Skipped when a limit is reached."""
        with self._lock:
            self._require(1)
            self._sent += 1

    def require(self, requests: int) -> None:
        """Continue only if this number of requests can still be sent. Errors: Skipped."""
        with self._lock:
            self._require(requests)

    def require_seconds(self, seconds: float) -> None:
        """Wait only if a request can still be sent afterwards. Errors: Skipped."""
        with self._lock:
            self._require(1, seconds)

    @contextmanager
    def suspended(self) -> Iterator[None]:
        """Ignore the limits for requests that must be sent: those that restore what was changed."""
        self._is_suspended = True
        try:
            yield
        finally:
            self._is_suspended = False

    def _require(self, requests: int, wait_seconds: float = 0.0) -> None:
        if self._is_suspended:
            return
        require_uninterrupted()
        most, seconds = self._limits.max_requests, self._limits.max_seconds
        if most is not None and self._sent + requests > most:
            self.is_spent = True
            why = f"the {most} requests of --max-requests are used up"
            not_checked(_SUBJECT, why, Remedy.LIMITS, f"--max-requests above {most}")
        if seconds is not None and (self._is_over or self._clock() - self._started + wait_seconds >= seconds):
            # Once a wait does not fit, it does not fit for any later request either.
            self.is_spent = self._is_over = True
            why = f"the {seconds:g} seconds of --max-time are over"
            not_checked(_SUBJECT, why, Remedy.LIMITS, f"--max-time above {seconds:g}")
