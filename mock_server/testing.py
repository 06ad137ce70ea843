"""Starting the mock from tests and from the judge: a server of its own process on a free port of loopback."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TextIO

_START_SECONDS = 30.0
_POLL_SECONDS = 0.02
_STOP_SECONDS = 10.0


class MockDidNotStart(Exception):
    """The mock's process ended, or did not answer in time; the text is what it said."""


@dataclass(frozen=True, slots=True)
class RunningMock:
    base_url: str
    pid: int


@contextmanager
def running_mock(*, revision: str | None = None) -> Iterator[RunningMock]:
    """A mock that serves while the block runs. Errors: MockDidNotStart, with the server's own words."""
    port = free_port()
    command = [sys.executable, "-m", "mock_server", "serve", "--port", str(port)]
    if revision is not None:
        command += ["--revision", revision]
    # Into a file: nobody reads a pipe while the mock serves, and a full one would stop it.
    with tempfile.TemporaryFile("w+") as errors:
        # Ctrl-C at the terminal is for whoever started it, who then ends it in order.
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors, text=True, start_new_session=True)
        try:
            _start(process, port, errors)
            yield RunningMock(f"http://127.0.0.1:{port}", process.pid)
        finally:
            _stop(process)


def free_port() -> int:
    """A port that is free now; nothing holds it until the server binds it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _start(process: subprocess.Popen[str], port: int, errors: TextIO) -> None:
    try:
        _wait_until_healthy(process, port, errors)
    except BaseException:
        # It holds nothing yet, and whoever is interrupted should not wait for it.
        process.kill()
        raise


def _wait_until_healthy(process: subprocess.Popen[str], port: int, errors: TextIO) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            errors.seek(0)
            raise MockDidNotStart(errors.read().strip() or f"the mock ended with exit code {process.returncode}")
        if _is_healthy(port):
            return
        time.sleep(_POLL_SECONDS)
    raise MockDidNotStart(f"the mock did not answer on port {port} within {_START_SECONDS:.0f} seconds")


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/_mock/health")
        answer = json.loads(connection.getresponse().read())
        return isinstance(answer, dict) and answer.get("status") == "ok"
    except (OSError, ValueError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    # The server is a process of its own below it, which outlives a start that was cut short.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
