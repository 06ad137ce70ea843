"""Work before the server listens that takes seconds for a large world: tell a terminal about it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TextIO

_INTERVAL_SECONDS = 1.0
_CLEAR_LINE = "\r\x1b[K"


@contextmanager
def telling(what: str, *, stream: TextIO | None = None, interval_seconds: float = _INTERVAL_SECONDS) -> Iterator[None]:
    """Say what the block does and for how long, once a second; nothing if the stream (standard error) is no terminal."""
    stream = stream or sys.stderr
    if not stream.isatty():
        yield
        return
    over = Event()
    teller = Thread(target=_tell, args=(what, stream, over, interval_seconds), name="progress", daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


def _tell(what: str, stream: TextIO, over: Event, interval_seconds: float) -> None:
    times = 0
    while not over.wait(interval_seconds):
        times += 1
        stream.write(f"{_CLEAR_LINE}{what}, {times * interval_seconds:.0f} s")
        stream.flush()
    if times:
        stream.write(_CLEAR_LINE)
        stream.flush()
