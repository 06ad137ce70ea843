"""The `polar-mock wait` command: wait until a mock answers, for scripts that start one in the background."""

from __future__ import annotations

import http.client
import json
import sys
import time
from urllib.parse import urlsplit

import click

_DEFAULT_URL = "http://127.0.0.1:8000"
_HEALTH = "/_mock/health"
_PAUSE_SECONDS = 0.05
_LONGEST_SECONDS = 86_400.0


@click.command()
@click.argument("url", default=_DEFAULT_URL)
@click.option("--timeout", default=30.0, show_default=True, metavar="SECONDS", help="Maximum time to wait.")
def wait(url: str, timeout: float) -> None:
    """Wait until the mock at URL answers (default http://127.0.0.1:8000).

    \b
    Examples:
      polar-mock serve & polar-mock wait
      polar-mock wait http://127.0.0.1:9000 --timeout 60

    \b
    Exit codes:
      0  the mock answers
      1  it did not answer in time; the message gives the reason
      2  the URL or an option is wrong
    """
    address = _address(url)
    if not 0 <= timeout <= _LONGEST_SECONDS:
        raise click.BadParameter(
            f"{timeout:g} is not between 0 and {_LONGEST_SECONDS:g} seconds", param_hint="--timeout"
        )
    problem = _wait(*address, timeout)
    if problem is not None:
        click.echo(f"no mock answered at {url} within {timeout:g} seconds: {problem}", err=True)
        sys.exit(1)


def _address(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or parts.scheme != "http":
        raise click.BadParameter(f"{url!r}; it has to be a base URL such as {_DEFAULT_URL}", param_hint="URL")
    return host, port or 80


def _wait(host: str, port: int, seconds: float) -> str | None:
    """None once the mock answers; otherwise the problem of the last attempt."""
    deadline = time.monotonic() + seconds
    while True:
        problem = _problem_of_health(host, port, max(0.5, min(5.0, deadline - time.monotonic())))
        if problem is None or time.monotonic() >= deadline:
            return problem
        time.sleep(_PAUSE_SECONDS)


def _problem_of_health(host: str, port: int, timeout_seconds: float) -> str | None:
    connection = http.client.HTTPConnection(host, port, timeout=timeout_seconds)
    try:
        connection.request("GET", _HEALTH)
        answer = connection.getresponse()
        content = answer.read()
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        return str(error) or type(error).__name__
    finally:
        connection.close()
    return (
        None
        if answer.status == 200 and _is_well(content)
        else f"GET {_HEALTH} gave {answer.status}; is it a polar-mock?"
    )


def _is_well(content: bytes) -> bool:
    try:
        health = json.loads(content)
    except ValueError:
        return False
    return isinstance(health, dict) and health.get("status") == "ok"
