"""Start the mock from tests and from the contract tests: a server in its own process on a free loopback port.

Its standard input is a pipe held by the parent process, so the server ends with its parent, even if that is killed.
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
    """The mock's process ended, or did not answer in time; the message is the process's own output."""


@dataclass(frozen=True, slots=True)
class RunningMock:
    base_url: str
    pid: int


@contextmanager
def running_mock(*, revision: str | None = None, options: Sequence[str] = ()) -> Iterator[RunningMock]:
    """A mock that serves while the block runs. Errors: MockDidNotStart, with the server's own output."""
    # A folder named mock_server where the caller works is not this package; for a caller that heeds no PYTHONPATH, none there is.
    isolated = "-I" if sys.flags.isolated else "-P"
    command = [sys.executable, isolated, "-m", "mock_server", "serve", "--port", "0", "--exit-with-stdin", *options]
    if revision is not None:
        command += ["--revision", revision]
    # Errors go to a file: nobody reads a pipe while the mock serves, and a full pipe would block it.
    with tempfile.TemporaryFile() as errors:
        # Ctrl-C at the terminal must reach only the parent, which then ends the mock in order.
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, start_new_session=True
        )
        try:
            yield RunningMock(_base_url(process, errors), process.pid)
        finally:
            _stop(process)


def free_port() -> int:
    """A port that is free now; another process may still take it before it is bound."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _base_url(process: subprocess.Popen[bytes], errors: IO[bytes]) -> str:
    """The base URL from the first line that the server prints. Errors: MockDidNotStart."""
    assert process.stdout is not None
    deadline = time.monotonic() + _START_SECONDS
    said = b""
    while b"\n" not in said:
        ready, _, _ = select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))
        piece = os.read(process.stdout.fileno(), 65_536) if ready else b""
        if not piece:
            raise MockDidNotStart(_reason(process, errors, timed_out=not ready))
        said += piece
    return said.partition(b"\n")[0].removeprefix(_GREETING).decode()


def _reason(process: subprocess.Popen[bytes], errors: IO[bytes], *, timed_out: bool) -> str:
    if timed_out:
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
