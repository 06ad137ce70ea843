"""One server for a run, whichever of its processes needs it first, and none after the run, however that ends.

A run has a folder with a named pipe. The run's first process, the controller of pytest-xdist if there is one, holds the pipe
open; the server's standard input is the other end, and `--exit-with-stdin` ends it when the holder closes it or is gone.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import site
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pytest_polar.control import Control

# Isolated: folders of the user that are named as the mock's packages are, and PYTHONPATH, do not matter. -I leaves out the user's
# own site-packages too, where this package may be installed; -E and -P are the rest of what it does.
ISOLATED = (sys.executable, "-EP" if __file__.startswith(site.getusersitepackages()) else "-I")
_PIPE, _URL, _LOCK, _ERRORS, _FAILED = "alive", "url", "lock", "errors.txt", "failed.txt"
_START_SECONDS = 60.0
_STOP_SECONDS = 10.0
_PAUSE_SECONDS = 0.01


class MockDidNotStart(Exception):
    """The message is what the server said."""


@dataclass(frozen=True, slots=True)
class Server:
    """The mock that serves this run. `url` is its base URL, without a slash at the end."""

    url: str

    @property
    def control(self) -> Control:
        """Calls of the control API: `control("GET", "/worlds")`."""
        return Control(f"{self.url}/_mock")


@dataclass(slots=True)
class Run:
    """A run's folder, in the process that holds its pipe."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="pytest-polar-")))
    _holds: int = -1

    def __post_init__(self) -> None:
        os.mkfifo(self.folder / _PIPE)
        # For both directions, which waits for no reader.
        self._holds = os.open(self.folder / _PIPE, os.O_RDWR)

    def close(self) -> None:
        """End the server, if there is one, and wait until it has ended."""
        os.close(self._holds)
        deadline = time.monotonic() + _STOP_SECONDS
        while (self.folder / _URL).exists() and time.monotonic() < deadline:
            time.sleep(_PAUSE_SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)


def server_of(folder: Path) -> Server:
    """The run's server; started if this is the first process that asks. Errors: MockDidNotStart, for every process that asks."""
    with _locked(folder / _LOCK):
        url, failed = folder / _URL, folder / _FAILED
        if failed.exists():
            raise MockDidNotStart(failed.read_text())
        if not url.exists():
            problem = _start(folder)
            if problem is not None:
                failed.write_text(problem)
                raise MockDidNotStart(problem)
        return Server(url.read_text().strip())


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One process at a time; the lock of a process that is gone is free."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _start(folder: Path) -> str | None:
    """Start the server and wait until it serves; otherwise the reason why it does not."""
    command = [
        *ISOLATED,
        "-m",
        "mock_server",
        "serve",
        "--port",
        "0",
        "--exit-with-stdin",
        "--ready-file",
        str(folder / _URL),
    ]
    # Without waiting for a writer; the server then waits when it reads.
    pipe = os.open(folder / _PIPE, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(pipe, True)
    with (folder / _ERRORS).open("w") as errors:
        try:
            # Ctrl-C at the terminal reaches pytest alone, which ends the server when its tests have ended.
            process = subprocess.Popen(
                command, stdin=pipe, stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True
            )
        finally:
            os.close(pipe)
    deadline = time.monotonic() + _START_SECONDS
    while not (folder / _URL).exists():
        if process.poll() is not None:
            return _reason((folder / _ERRORS).read_text().strip(), process.returncode)
        if time.monotonic() > deadline:
            process.kill()
            process.wait()
            return f"the mock did not serve within {_START_SECONDS:.0f} seconds"
        time.sleep(_PAUSE_SECONDS)
    # It may outlive the process that started it, and is not waited for: the pipe ends it.
    process.returncode = 0
    return None


def _reason(said: str, code: int) -> str:
    if "No module named mock_server" in said:
        return f"{said}; install polar-contract-harness into this environment, because PYTHONPATH is not looked at"
    return said or f"it ended with exit code {code}"
