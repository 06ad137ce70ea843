"""Stop signals: handled from the program's first line on, in every state of the program.

The signals are blocked in every thread, and one small thread waits for them: an early signal stays pending until that
thread exists, and the main thread may be anywhere. This module imports little, because until
`block_stop_signals` is called, a signal has Python's default effect.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

_LONGEST_STOP_SECONDS = 1.5
"""After this time the process ends, even if something still runs."""


def block_stop_signals() -> frozenset[signal.Signals]:
    """Block the stop signals for `StopRequests`, in this thread and in all that it starts.

    SIGINT counts even if a shell that starts programs in the background set it to be ignored. SIGHUP counts unless it is
    ignored, as under nohup.
    """
    asked = {signal.SIGINT, signal.SIGTERM}
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        asked.add(signal.SIGHUP)
    signal.pthread_sigmask(signal.SIG_BLOCK, asked)
    for number in asked:
        # An ignored signal need not stay pending. Source: POSIX, signal concepts.
        signal.signal(number, signal.SIG_DFL)
    return frozenset(asked)


class StopRequests:
    """The first request stops the server in order, within a limited time; the second ends the process at once."""

    def __init__(self, signals: frozenset[signal.Signals]) -> None:
        self._signals = signals
        self._stop: Callable[[], None] | None = None
        self._at_exit: list[Callable[[], None]] = []

    def heed(self) -> None:
        """Start waiting for the blocked signals."""
        # Imported late: the fewer modules before the signals are blocked, the better.
        from threading import Thread

        Thread(target=self._wait, name="signals", daemon=True).start()

    def stop_with(self, stop: Callable[[], None]) -> None:
        """Set what the first request calls, in its own thread; before that, a request ends the process at once."""
        self._stop = stop

    def at_exit(self, cleanup: Callable[[], None]) -> None:
        """Set the last action before the process ends here, by any path. It has to be quick and must not raise."""
        self._at_exit.append(cleanup)

    def exit(self) -> None:
        """End the process without waiting for threads that still work."""
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
            # Handle the second request no matter what the first one waits for.
            Thread(target=stop, name="stop", daemon=True).start()
            signal.sigwait(self._signals)
        self.exit()


def stop_when_input_ends(descriptor: int = 0) -> None:
    """Ask this process to stop when standard input ends: the parent process holds the other end, and is gone then."""
    from threading import Thread

    def wait() -> None:
        try:
            while os.read(descriptor, 4096):
                pass
        except OSError:
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=wait, name="standard input", daemon=True).start()
