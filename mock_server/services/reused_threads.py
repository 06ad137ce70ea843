"""Daemon threads that run one call after the other, because a new thread for each call costs more than a short call."""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Lock, Thread

_IDLE_SECONDS = 1.0
"""How long a thread without a call waits for one before it ends."""

Call = Callable[[], object]


class ReusedThreads:
    """Has as many threads as calls run at once. A call may not raise."""

    def __init__(self, name: str, *, idle_seconds: float = _IDLE_SECONDS) -> None:
        self._name = name
        self._idle_seconds = idle_seconds
        self._lock = Lock()
        self._idle = 0
        """Threads that wait for a call and have none coming."""
        self._calls: SimpleQueue[Call] = SimpleQueue()

    def run(self, call: Call) -> None:
        """Run a call in an idle thread, or in a new one. Errors: RuntimeError, if none can be started."""
        if not self.run_in_idle(call):
            Thread(target=self._work, args=(call,), name=self._name, daemon=True).start()

    def run_in_idle(self, call: Call) -> bool:
        """Run a call if there is an idle thread; returns whether there is. Never waits."""
        with self._lock:
            if not self._idle:
                return False
            self._idle -= 1
        self._calls.put(call)
        return True

    def _work(self, first: Call) -> None:
        call: Call | None = first
        while call is not None:
            call()
            call = self._next()

    def _next(self) -> Call | None:
        """The next call; None if there was none for a while."""
        with self._lock:
            self._idle += 1
        try:
            return self._calls.get(timeout=self._idle_seconds)
        except Empty:
            with self._lock:
                if self._idle:
                    self._idle -= 1
                    return None
        # Every waiting thread has a call coming.
        return self._calls.get()
