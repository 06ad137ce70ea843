"""Handles Ctrl-C, SIGTERM and a closed terminal: the command ends early without a verdict and keeps its results so far."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# A CI system that cancels a job sends SIGTERM; a closed terminal sends SIGHUP.
_ASK_TO_END = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Ending:
    """A signal handler that raises, and remembers the signal: a library called back from C may swallow the exception."""

    def __init__(self, *, ignores_further: bool) -> None:
        self.is_asked = False
        self._ignores_further = ignores_further

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        if self.is_asked and self._ignores_further:
            return
        self.is_asked = True
        raise KeyboardInterrupt


@contextmanager
def heeding_signals() -> Iterator[None]:
    """Treat each of these signals like Ctrl-C, so that servers stop and reports are written. Ignored signals stay ignored."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    found = {number: signal.getsignal(number) for number in _ASK_TO_END}
    ending = _Ending(ignores_further=False)
    for number in _ASK_TO_END:
        if found[number] in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, ending)
    try:
        yield
    finally:
        for number, handler in found.items():
            signal.signal(number, handler)
        # If the exception passed through an `exec`, Python would end by the signal, whatever the exit code. Another `exec` clears that.
        exec("")


@contextmanager
def deaf_children() -> Iterator[None]:
    """Processes started here ignore terminal signals until they call `heed_once`; otherwise they would print a traceback."""
    found = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in found.items():
            signal.signal(number, handler)


def heed_once() -> None:
    """For a worker process: the first signal ends its work; later ones do not disturb its report to the parent."""
    ending = _Ending(ignores_further=True)
    for number in _ASK_TO_END:
        signal.signal(number, ending)


def require_uninterrupted() -> None:
    """Called often during a run. Errors: KeyboardInterrupt when a signal arrived but its exception was swallowed."""
    if threading.current_thread() is not threading.main_thread():
        return
    handlers = map(signal.getsignal, _ASK_TO_END)
    if any(isinstance(handler, _Ending) and handler.is_asked for handler in handlers):
        raise KeyboardInterrupt
