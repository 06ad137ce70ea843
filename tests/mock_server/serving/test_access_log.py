"""The lines of the access log: their forms, that they show no secrets, and that a reader who does not read delays nobody."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from mock_server.serving import access_log
from mock_server.serving.access_log import AccessLog, LogFormat
from tests.mock_server.serving.serving_here import serving_here
from tests.mock_server.serving.wire import connected, request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

AT = datetime(2026, 5, 1, 10, 30, tzinfo=UTC)
SECONDS = 60.0


def answering(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    start_response("200 OK", [("Content-Length", "5")])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [b"hello"]


def lines_of(requests: list[bytes], format_: LogFormat) -> list[str]:
    """The lines of a server that got these requests on one connection, one after the other."""
    lines: list[str] = []
    log = AccessLog(lines.append, format_, now=lambda: AT, elapsed=lambda: 7.0)
    with serving_here(answering, access_log=log) as port, connected(port) as client:
        for one in requests:
            client.send(one)
            client.answer(has_body=not one.startswith(b"HEAD"))
    return lines


@pytest.mark.parametrize(
    ("sent", "line"),
    [
        (request("GET", "/v1/orders/"), '"GET /v1/orders/ HTTP/1.1" 200 5 "-" "-"'),
        (
            request("HEAD", "/x", 'User-Agent: cu"rl', "Referer: http://a/"),
            '"HEAD /x HTTP/1.1" 200 - "http://a/" "cu\\"rl"',
        ),
        (
            request("GET", "/acme/portal?customer_session_token=polar_cst_abcdefgh&x=1"),
            '"GET /acme/portal?customer_session_token=polar_cst_…&x=1 HTTP/1.1" 200 5 "-" "-"',
        ),
        (
            request("GET", "/", "User-Agent: my polar_oat_abcdefgh", "Referer: http://a/?token=abcdefgh"),
            '"GET / HTTP/1.1" 200 5 "http://a/?token=…" "my polar_oat_…"',
        ),
        (request("GET", f"/{'x' * 1_999}yz"), f'"GET /{"x" * 1_999}… HTTP/1.1" 200 5 "-" "-"'),
        (request("GET", "/a%0Ab%22"), '"GET /a\\x0ab\\" HTTP/1.1" 200 5 "-" "-"'),
    ],
)
def test_when_a_request_is_answered_then_its_line_has_the_form_of_apache(sent: bytes, line: str) -> None:
    assert lines_of([sent], LogFormat.COMBINED) == [f"127.0.0.1 - - [01/May/2026:10:30:00 +0000] {line}\n"]


def test_when_json_is_wanted_then_each_line_is_an_object() -> None:
    lines = lines_of([request("GET", "/a?token=abcdef", "User-Agent: x"), request("GET", "/b")], LogFormat.JSON)

    first, second = map(json.loads, lines)
    assert first == {
        "at": "2026-05-01T10:30:00Z",
        "client": "127.0.0.1",
        "method": "GET",
        "target": "/a?token=…",
        "status": 200,
        "sent_bytes": 5,
        "milliseconds": 0.0,
        "user_agent": "x",
    }
    assert second["target"] == "/b"


@pytest.fixture
def stuck() -> Iterator[threading.Event]:
    """Set at the end, so that no thread waits for ever."""
    event = threading.Event()
    yield event
    event.set()


def test_when_nobody_reads_the_lines_then_requests_are_answered_and_the_lines_left_out_are_counted(
    stuck: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_log, "_MOST_WAITING", 2)
    lines: list[str] = []
    written = threading.Event()

    def write(line: str) -> None:
        stuck.wait(SECONDS)
        lines.append(line)
        if line.startswith("#"):
            written.set()

    log = AccessLog(write, now=lambda: AT)
    with serving_here(answering, access_log=log) as port, connected(port) as client:
        for _ in range(10):
            assert client.ask(request("GET", "/")).status == 200
        stuck.set()
        assert written.wait(SECONDS)

    left_out = [line for line in lines if line.startswith("#")]
    assert left_out
    assert sum(int(line.split()[1]) for line in left_out) + len(lines) - len(left_out) == 10


def test_when_the_reader_is_gone_then_requests_are_answered() -> None:
    def write(_: str) -> None:
        raise BrokenPipeError

    with serving_here(answering, access_log=AccessLog(write)) as port, connected(port) as client:
        assert [client.ask(request("GET", "/")).status for _ in range(3)] == [200, 200, 200]
