"""A command that runs beside the server: started once the server serves, with every signal passed on to it."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from threading import Lock, Thread

_PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2)
# Python ignores these two; a command starts with their usual effect.
_IGNORED_BY_PYTHON = (signal.SIGPIPE, signal.SIGXFSZ)
_SIGNALLED = 128
"""A process that a signal ended has this exit code and the signal's number in a shell."""


class CommandSignals:
    """Blocks the signals in every thread; one small thread passes each on to the command, or ends the process before there is one.

    What the parent process ignores, such as SIGHUP under nohup, stays ignored in the command too.
    """

    def __init__(self) -> None:
        self._signals = frozenset(n for n in _PASSED_ON if signal.getsignal(n) is not signal.SIG_IGN)
        self._lock = Lock()
        self._pid: int | None = None
        signal.pthread_sigmask(signal.SIG_BLOCK, self._signals)

    def heed(self) -> None:
        """Start to wait for the signals. Threads that are started before or after it have them blocked."""
        Thread(target=self._pass_on_all, name="signals", daemon=True).start()

    def run(self, program: str, command: tuple[str, ...], environment: Mapping[str, str]) -> int:
        """Run a program to its end, on this process's input and output. Returns its exit code. Errors: OSError if it can't be started."""
        with self._lock:
            pid = self._pid = os.posix_spawn(
                program, command, environment, setsigmask=(), setsigdef=(*_IGNORED_BY_PYTHON, *self._signals)
            )
        # WNOWAIT leaves its number in use until nothing can be sent to it any more.
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        with self._lock:
            self._pid = None
            _, status = os.waitpid(pid, 0)
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else _SIGNALLED - code

    def _pass_on_all(self) -> None:
        while True:
            number, is_for_all = _next_signal(self._signals)
            with self._lock:
                if self._pid is None:
                    os._exit(_SIGNALLED + number)
                if not is_for_all:
                    with suppress(ProcessLookupError):
                        os.kill(self._pid, number)


def _next_signal(signals: frozenset[signal.Signals]) -> tuple[int, bool]:
    """Wait for a signal: its number, and whether the terminal sent it, which sends it to the command as well."""
    if hasattr(signal, "sigwaitinfo"):
        found = signal.sigwaitinfo(signals)
        # Positive: from the kernel, which sends a terminal's signal to every process of the foreground. Source: POSIX, signal codes.
        return found.si_signo, found.si_code > 0
    number = signal.sigwait(signals)
    return number, number in (signal.SIGINT, signal.SIGQUIT) and os.isatty(0)
