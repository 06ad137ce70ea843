"""Ctrl-C, SIGTERM and a closed terminal end a command early: never as a verdict, and what was found by then is kept."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# A CI system that cancels a job sends SIGTERM; a terminal that is closed SIGHUP.
_ASK_TO_END = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Ending:
    """Ends the work wherever it is, and remembers it: a library that was called back from C may swallow what is raised."""

    def __init__(self, *, is_deaf_afterwards: bool) -> None:
        self.is_asked = False
        self._is_deaf_afterwards = is_deaf_afterwards

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        if self.is_asked and self._is_deaf_afterwards:
            return
        self.is_asked = True
        raise KeyboardInterrupt


@contextmanager
def heeding_signals() -> Iterator[None]:
    """A request to end is told as Ctrl-C is, so that servers are stopped and reports written. What was ignored stays so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    found = {number: signal.getsignal(number) for number in _ASK_TO_END}
    ending = _Ending(is_deaf_afterwards=False)
    for number in _ASK_TO_END:
        if found[number] in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, ending)
    try:
        yield
    finally:
        for number, handler in found.items():
            signal.signal(number, handler)
        # Python would end itself by the signal, whatever the exit code, if it passed through an `exec`. The next one clears that.
        exec("")


@contextmanager
def deaf_children() -> Iterator[None]:
    """Processes begun here don't hear what a terminal tells all of them before they `heed_once`: it would be a traceback."""
    found = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in found.items():
            signal.signal(number, handler)


def heed_once() -> None:
    """For a process that works for another: the first signal ends its work, further ones don't disturb what it tells of it."""
    ending = _Ending(is_deaf_afterwards=True)
    for number in _ASK_TO_END:
        signal.signal(number, ending)


def require_uninterrupted() -> None:
    """For what is done often. Errors: KeyboardInterrupt when somebody has asked to end, and the work went on all the same."""
    if threading.current_thread() is not threading.main_thread():
        return
    handlers = map(signal.getsignal, _ASK_TO_END)
    if any(isinstance(handler, _Ending) and handler.is_asked for handler in handlers):
        raise KeyboardInterrupt
