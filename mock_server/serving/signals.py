"""Requests to stop the server: heard from the program's first line on, whatever it is doing, and never twice for nothing.

The signals are blocked in every thread, and one small thread waits for them: a signal that comes early stays pending until that
thread exists, and none needs the main thread to be anywhere in particular. This module imports little, because the
time until `block_stop_signals` was called is the time in which a signal does what Python does with it.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

_LONGEST_STOP_SECONDS = 1.5
"""Whatever still runs after so long is left alone and the process ends."""


def block_stop_signals() -> frozenset[signal.Signals]:
    """Keep the signals that ask to stop for `StopRequests`, in this thread and in all that it starts.

    SIGINT counts even where a shell that starts programs in its background had it ignored. SIGHUP counts unless it is
    ignored, as under nohup.
    """
    asked = {signal.SIGINT, signal.SIGTERM}
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        asked.add(signal.SIGHUP)
    signal.pthread_sigmask(signal.SIG_BLOCK, asked)
    for number in asked:
        # What is ignored need not stay pending. Source: POSIX, signal concepts.
        signal.signal(number, signal.SIG_DFL)
    return frozenset(asked)


class StopRequests:
    """The first request stops the server in order, within a bounded time; the second ends the process at once."""

    def __init__(self, signals: frozenset[signal.Signals]) -> None:
        self._signals = signals
        self._stop: Callable[[], None] | None = None
        self._at_exit: list[Callable[[], None]] = []

    def heed(self) -> None:
        """Begin to wait for the signals that were blocked."""
        # Not before the signals are blocked: the fewer modules until then, the better.
        from threading import Thread

        Thread(target=self._wait, name="signals", daemon=True).start()

    def stop_with(self, stop: Callable[[], None]) -> None:
        """What the first request calls, in a thread of its own; until this is known it ends the process at once."""
        self._stop = stop

    def at_exit(self, cleanup: Callable[[], None]) -> None:
        """What is done before the process ends, however it comes to its end here. It has to be quick and raise nothing."""
        self._at_exit.append(cleanup)

    def exit(self) -> None:
        """End the process; threads that still work are not waited for."""
        for cleanup in self._at_exit:
            cleanup()
        os._exit(0)

    def _wait(self) -> None:
        from threading import Thread, Timer

        signal.sigwait(self._signals)
        stop = self._stop
        if stop is not None:
            guard = Timer(_LONGEST_STOP_SECONDS, self.exit)
            guard.daemon = True
            guard.start()
            # Whatever it waits for, the second request is heard.
            Thread(target=stop, name="stop", daemon=True).start()
            signal.sigwait(self._signals)
        self.exit()


def stop_when_input_ends(descriptor: int = 0) -> None:
    """Ask this process to stop once standard input has ended: whoever started it holds the other end, and is gone."""
    from threading import Thread

    def wait() -> None:
        try:
            while os.read(descriptor, 4096):
                pass
        except OSError:
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=wait, name="standard input", daemon=True).start()
