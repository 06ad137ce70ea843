"""Ctrl-C, SIGTERM and a closed terminal end a command early: never as a verdict, and what was found by then is kept."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# A CI system that cancels a job sends SIGTERM; a terminal that is closed SIGHUP.
_ASKS_TO_END = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def heeding_signals() -> Iterator[None]:
    """A request to end is told as Ctrl-C is, so that servers are stopped and reports written. What was ignored stays so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    found = {number: signal.getsignal(number) for number in _ASKS_TO_END}
    for number in _ASKS_TO_END:
        if found[number] is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in found.items():
            signal.signal(number, handler)


@contextmanager
def deaf_children() -> Iterator[None]:
    """Processes begun here don't hear Ctrl-C before they `heed_once`: it would be a traceback while they start."""
    found = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, found)


def heed_once() -> None:
    """For a process that works for another: the first signal ends its work, further ones don't disturb what it tells of it."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        for one in (signal.SIGINT, *_ASKS_TO_END):
            signal.signal(one, signal.SIG_IGN)
        raise KeyboardInterrupt

    for one in (signal.SIGINT, *_ASKS_TO_END):
        signal.signal(one, stop)
