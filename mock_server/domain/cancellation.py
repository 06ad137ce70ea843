"""Ending work that is under way from another thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock


class Cancelled(Exception):
    """The work was ended from outside; what it would have brought is wanted by nobody any more."""


class Cancellation:
    """Says once and for all that work is to end, and ends what waits meanwhile."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._is_cancelled = False
        self._ends: dict[object, Callable[[], None]] = {}

    @property
    def is_cancelled(self) -> bool:
        return self._is_cancelled

    def cancel(self) -> None:
        with self._lock:
            self._is_cancelled = True
            ends = tuple(self._ends.values())
        for end in ends:
            end()

    @contextmanager
    def ending(self, end: Callable[[], None]) -> Iterator[None]:
        """While the block runs, `cancel` calls `end`, which has to return at once. Errors: Cancelled, when it is too late."""
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
