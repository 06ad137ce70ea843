"""Starting the mock from tests and from the judge: a server of its own process on a free port of loopback.

Its standard input is a pipe that whoever started it holds: it ends with its starter, even with one that was killed.
"""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

_START_SECONDS = 60.0
_STOP_SECONDS = 10.0
_GREETING = b"polar-mock serves "


class MockDidNotStart(Exception):
    """The mock's process ended, or did not answer in time; the text is what it said."""


@dataclass(frozen=True, slots=True)
class RunningMock:
    base_url: str
    pid: int


@contextmanager
def running_mock(*, revision: str | None = None, options: Sequence[str] = ()) -> Iterator[RunningMock]:
    """A mock that serves while the block runs. Errors: MockDidNotStart, with the server's own words."""
    command = [sys.executable, "-m", "mock_server", "serve", "--port", "0", "--exit-with-stdin", *options]
    if revision is not None:
        command += ["--revision", revision]
    # Errors into a file: nobody reads a pipe while the mock serves, and a full one would stop it.
    with tempfile.TemporaryFile() as errors:
        # Ctrl-C at the terminal is for whoever started it, who then ends it in order.
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, start_new_session=True
        )
        try:
            yield RunningMock(_base_url(process, errors), process.pid)
        finally:
            _stop(process)


def free_port() -> int:
    """A port that is free now; nothing holds it until somebody binds it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _base_url(process: subprocess.Popen[bytes], errors: IO[bytes]) -> str:
    """From the first line that it prints, once it serves. Errors: MockDidNotStart."""
    assert process.stdout is not None
    deadline = time.monotonic() + _START_SECONDS
    said = b""
    while b"\n" not in said:
        ready, _, _ = select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))
        piece = os.read(process.stdout.fileno(), 65_536) if ready else b""
        if not piece:
            raise MockDidNotStart(_words(process, errors, was_silent=not ready))
        said += piece
    return said.partition(b"\n")[0].removeprefix(_GREETING).decode()


def _words(process: subprocess.Popen[bytes], errors: IO[bytes], *, was_silent: bool) -> str:
    if was_silent:
        return f"the mock did not serve within {_START_SECONDS:.0f} seconds"
    code = process.wait(_STOP_SECONDS)
    errors.seek(0)
    return errors.read().decode("utf-8", "replace").strip() or f"the mock ended with exit code {code}"


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
