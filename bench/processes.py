"""Servers as processes: start them, wait for them, stop them by their id, read a process tree's cost from `/proc` (Linux)."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_PROC = Path("/proc")
_START_SECONDS = 30.0
_STOP_SECONDS = 10.0
_POLL_SECONDS = 0.002


class ServerFailed(Exception):
    """A server ended, or did not listen in time; the message is its own output."""


@dataclass(frozen=True, slots=True)
class Server:
    name: str
    process: subprocess.Popen[bytes]
    port: int
    stderr_file: IO[bytes]
    """Its standard error: a file, because a full pipe that nobody reads blocks a server."""

    @property
    def pid(self) -> int:
        return self.process.pid

    def said(self) -> str:
        self.stderr_file.seek(0)
        return self.stderr_file.read().decode("utf-8", "replace").strip()

    def require_running(self) -> None:
        """Errors: ServerFailed, with the server's own output, if its process has ended."""
        if self.process.poll() is not None:
            raise ServerFailed(self.said() or f"{self.name} ended with exit code {self.process.returncode}")


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory of a whole process tree, in bytes; `proportional` divides pages that several processes map."""

    resident: int
    proportional: int


@contextmanager
def serving(name: str, module: Sequence[str], *, stdin: bytes = b"") -> Iterator[Server]:
    """A started server that listens. Errors: ServerFailed, with the server's own output."""
    with started(name, module, stdin=stdin) as server:
        wait_until_listening(server)
        yield server


@contextmanager
def started(name: str, module: Sequence[str], *, stdin: bytes = b"") -> Iterator[Server]:
    """`python -m MODULE... --port N`, just spawned, until the block ends."""
    with running(name, [sys.executable, "-m", *module], stdin=stdin) as server:
        yield server


@contextmanager
def running(name: str, command: Sequence[str], *, stdin: bytes = b"") -> Iterator[Server]:
    """`COMMAND... --port N` on a free loopback port, just spawned, until the block ends.

    It gets `stdin` as a line, and its standard input ends with this process, however this one ends.
    """
    port = _free_port()
    with tempfile.TemporaryFile() as stderr_file:
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=stderr_file,
            env=_environment(),
            start_new_session=True,
        )
        try:
            _give(process, stdin)
            yield Server(name, process, port, stderr_file)
        finally:
            _stop(process)


def _give(process: subprocess.Popen[bytes], line: bytes) -> None:
    if process.stdin is not None and line:
        with suppress(BrokenPipeError):
            process.stdin.write(line + b"\n")
            process.stdin.flush()


def _environment() -> dict[str, str]:
    """Our own environment, but Python may cache compiled modules, as it does by default."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def wait_until_listening(server: Server) -> None:
    """Wait until it listens. Errors: ServerFailed if the server ended, or took too long."""
    deadline = time.monotonic() + _START_SECONDS
    while not _is_listening(server.port):
        server.require_running()
        if time.monotonic() > deadline:
            raise ServerFailed(
                f"{server.name} does not listen on port {server.port} after {_START_SECONDS:.0f} seconds"
            )
        time.sleep(_POLL_SECONDS)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """SIGTERM and wait; SIGKILL only for a server that does not end by itself."""
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdin is not None:
        with suppress(BrokenPipeError):
            process.stdin.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _is_listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def cpu_seconds(pid: int) -> float:
    """User and system time so far of a process, its descendants, and its ended children."""
    ticks = 0
    for member in tree(pid):
        user, system, ended_user, ended_system = _stat_fields(member)[11:15]
        ticks += int(user) + int(system) + int(ended_user) + int(ended_system)
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> Memory:
    resident = proportional = 0
    for member in tree(pid):
        lines = (_PROC / str(member) / "smaps_rollup").read_text().splitlines()
        sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines[1:]}
        resident += sizes["Rss"]
        proportional += sizes["Pss"]
    return Memory(resident, proportional)


def tree(pid: int) -> list[int]:
    """A process and all its living descendants."""
    children: dict[int, list[int]] = {}
    for folder in _PROC.iterdir():
        if folder.name.isdecimal():
            try:
                parent = int(_stat_fields(int(folder.name))[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            children.setdefault(parent, []).append(int(folder.name))
    members = [pid]
    for member in members:
        members += children.get(member, [])
    return members


def _stat_fields(pid: int) -> list[str]:
    """The fields after the command's name, which alone may contain blanks and brackets: state, parent, ..."""
    return (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
