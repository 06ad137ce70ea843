"""Cancel running work from another thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock


class Cancelled(Exception):
    """The work was cancelled from outside; its result is discarded."""


class Cancellation:
    """A one-time signal that work has to end; it also ends the waits of that work."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._is_cancelled = False
        self._ends: dict[object, Callable[[], None]] = {}

    @property
    def is_cancelled(self) -> bool:
        return self._is_cancelled

    def require_going_on(self) -> None:
        """Errors: Cancelled, if it is."""
        if self._is_cancelled:
            raise Cancelled

    def cancel(self) -> None:
        with self._lock:
            self._is_cancelled = True
            ends = tuple(self._ends.values())
        for end in ends:
            end()

    @contextmanager
    def ending(self, end: Callable[[], None]) -> Iterator[None]:
        """While the block runs, `cancel` calls `end`, which has to return at once. Errors: Cancelled, if already cancelled."""
        key = object()
        with self._lock:
            if self._is_cancelled:
                raise Cancelled
            self._ends[key] = end
        try:
            yield
        finally:
            with self._lock:
                self._ends.pop(key, None)
