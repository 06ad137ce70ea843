"""The `polar-mock wait` command: wait until a mock answers, for scripts that start one in the background."""

from __future__ import annotations

import http.client
import json
import os
import sys
import time
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import click

_DEFAULT_URL = "http://127.0.0.1:8000"
_HEALTH = "/_mock/health"
_PAUSE_SECONDS = 0.05
_LONGEST_SECONDS = 86_400.0
_LONGEST_READY_FILE_BYTES = 2_000


@click.command()
@click.argument("url", required=False)
@click.option(
    "--ready-file",
    default=None,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Wait for the mock whose base URL is in this file, once the file is there; print the URL.",
)
@click.option(
    "--pid",
    default=None,
    metavar="PID",
    type=click.IntRange(1, 2**31 - 1),
    help="Process of the mock; if it ends, waiting ends at once.",
)
@click.option("--timeout", default=30.0, show_default=True, metavar="SECONDS", help="Maximum time to wait.")
def wait(url: str | None, ready_file: Path | None, pid: int | None, timeout: float) -> None:
    """Wait until the mock at URL answers (default http://127.0.0.1:8000), or the one of a ready file.

    \b
    Examples:
      polar-mock serve & polar-mock wait
      polar-mock wait http://127.0.0.1:9000 --timeout 60

    \b
      polar-mock serve --port 0 --ready-file base-url.txt &
      url="$(polar-mock wait --ready-file base-url.txt --pid $!)" || exit 1

    \b
    Exit codes:
      0  the mock answers
      1  it did not answer in time, or its process has ended; the message gives the reason
      2  the URL or an option is wrong
    """
    if url is not None and ready_file is not None:
        raise click.UsageError(f"URL is {url!r} and --ready-file is {str(ready_file)!r}; give one of them")
    if not 0 <= timeout <= _LONGEST_SECONDS:
        raise click.BadParameter(
            f"{timeout:g} is not between 0 and {_LONGEST_SECONDS:g} seconds", param_hint="--timeout"
        )
    try:
        found = _wait(_fixed(url or _DEFAULT_URL) if ready_file is None else ready_file, pid, timeout)
    except _NoMock as no:
        where = url or _DEFAULT_URL if ready_file is None else f"the URL in {ready_file}"
        click.echo(f"no mock answered at {where} within {timeout:g} seconds: {no}", err=True)
        sys.exit(1)
    except _ProcessEnded:
        click.echo(f"the process {pid} has ended, and no mock serves; what it printed says why", err=True)
        sys.exit(1)
    if ready_file is not None:
        click.echo(found)


class _NoMock(Exception):
    """The message is the problem of the last attempt."""


class _ProcessEnded(Exception):
    """That of the mock."""


class _NotAUrl(Exception):
    """The text is no base URL."""


class _Target(NamedTuple):
    url: str
    host: str
    port: int


def _target(url: str) -> _Target:
    """Errors: _NotAUrl."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _NotAUrl from None
    if not host or parts.scheme != "http":
        raise _NotAUrl
    return _Target(url, host, port or 80)


def _fixed(url: str) -> _Target:
    try:
        return _target(url)
    except _NotAUrl:
        message = f"{url!r}; it has to be a base URL such as {_DEFAULT_URL}"
        raise click.BadParameter(message, param_hint="URL") from None


def _named_in(ready_file: Path) -> _Target:
    """Errors: _NoMock."""
    try:
        with ready_file.open("rb") as file:
            text = file.read(_LONGEST_READY_FILE_BYTES).decode("utf-8", "replace").strip()
    except FileNotFoundError:
        raise _NoMock("there is no such file; `polar-mock serve --ready-file` writes it") from None
    except (OSError, ValueError) as error:
        raise _NoMock(f"the file can't be read: {getattr(error, 'strerror', None) or error}") from None
    try:
        return _target(text)
    except _NotAUrl:
        raise _NoMock(f"the file has {text[:80]!r}, which is no base URL") from None


def _wait(wanted: _Target | Path, pid: int | None, seconds: float) -> str:
    """The URL of the mock that answers; a file is read for each attempt, as an earlier mock may have left it.

    Errors: _NoMock, _ProcessEnded.
    """
    deadline = time.monotonic() + seconds
    while True:
        is_running = pid is None or _is_running(pid)
        try:
            target = _named_in(wanted) if isinstance(wanted, Path) else wanted
            _require_health(target, max(0.5, min(5.0, deadline - time.monotonic())))
            if is_running:
                return target.url
        except _NoMock:
            if is_running and time.monotonic() >= deadline:
                raise
        if not is_running:
            raise _ProcessEnded
        time.sleep(_PAUSE_SECONDS)


def _is_running(pid: int) -> bool:
    """Whether there is such a process. One that has ended stays in the table until its parent asks for it, which some shells do late."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        # Only Linux has it. The state is the first word after the name, which stands in parentheses.
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0] not in {"Z", "X"}
    except (OSError, IndexError):
        return True


def _require_health(target: _Target, timeout_seconds: float) -> None:
    """Errors: _NoMock."""
    connection = http.client.HTTPConnection(target.host, target.port, timeout=timeout_seconds)
    try:
        connection.request("GET", _HEALTH)
        answer = connection.getresponse()
        content = answer.read()
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise _NoMock(str(error) or type(error).__name__) from None
    finally:
        connection.close()
    if answer.status != 200 or not _is_well(content):
        raise _NoMock(f"GET {_HEALTH} gave {answer.status}; is it a polar-mock?")


def _is_well(content: bytes) -> bool:
    try:
        health = json.loads(content)
    except ValueError:
        return False
    return isinstance(health, dict) and health.get("status") == "ok"
