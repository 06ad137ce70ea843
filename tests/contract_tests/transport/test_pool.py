"""A connection is reused only for requests that may be sent again, and is closed otherwise."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from types import SimpleNamespace

import pytest
import requests

from contract_tests.transport.pool import KeptConnections
from contract_tests.transport.timeouts import DeadlineSession

_STATUS = "X-Wanted-Status"
_WRITES = ["POST", "PATCH", "PUT", "DELETE", "QUERY"]


class _Service(socketserver.ThreadingTCPServer):
    """Answers with the given status, and counts its connections and requests.

    `ends_after` says, by the number of a request, whether its connection ends `before` the answer, or `after` it, when
    the next request is being sent. The server announces neither.
    """

    daemon_threads = True
    allow_reuse_address = True
    connections = 0
    before: frozenset[int] = frozenset()
    after: frozenset[int] = frozenset()
    seen: list[str]

    def process_request(self, request: object, client_address: object) -> None:
        self.connections += 1
        super().process_request(request, client_address)  # type: ignore[arg-type]  # handed on as they came


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    number = 0

    def _answer(self) -> None:
        server = self.server
        assert isinstance(server, _Service)
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.number += 1
        server.seen.append(self.command)
        if self.number in server.before:
            self.close_connection = True
            return
        status = int(self.headers.get(_STATUS, "200"))
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", "0")
        self.end_headers()
        if self.number in server.after:
            self.close_connection = True
            self.connection.recv(1, socket.MSG_PEEK)

    do_GET = do_HEAD = do_POST = do_PATCH = do_PUT = do_DELETE = do_QUERY = _answer

    def log_message(self, format: str, *arguments: object) -> None:
        """Print nothing."""


@contextmanager
def _serving(*, before: frozenset[int] = frozenset(), after: frozenset[int] = frozenset()) -> Iterator[_Service]:
    with _Service(("127.0.0.1", 0), _Handler) as server:
        server.before, server.after, server.seen = before, after, []
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def _url(service: _Service) -> str:
    return f"http://127.0.0.1:{service.server_address[1]}/"


class GivenAConnectionThatWasUsed:
    @pytest.mark.parametrize(
        ("method", "body", "status", "idle_seconds", "connections"),
        [
            ("GET", None, 200, 0, 1),
            ("GET", None, 204, 1.9, 1),
            ("GET", None, 401, 0, 1),
            ("HEAD", None, 404, 0, 1),
            ("GET", None, 200, 2.1, 2),
            ("GET", None, 500, 0, 2),
            ("GET", None, 503, 0, 2),
            # The server may not have read the body.
            ("GET", b"{}", 200, 0, 2),
            *((method, b"{}", 200, 0, 2) for method in _WRITES),
            ("POST", None, 401, 0, 2),
        ],
    )
    def test_then_the_next_request_takes_it_unless_the_server_may_hang_up(
        self, method: str, body: bytes | None, status: int, idle_seconds: float, connections: int
    ) -> None:
        now = SimpleNamespace(seconds=1000.0)
        with _serving() as service, requests.Session() as session:
            session.mount("http://", KeptConnections(lambda _: None, lambda: now.seconds, most=1))
            first = session.request(method, _url(service), data=body, headers={_STATUS: str(status)})
            now.seconds += idle_seconds
            second = session.get(_url(service))
            assert (first.status_code, second.status_code) == (status, 200)
            assert service.connections == connections

    @pytest.mark.parametrize("method", _WRITES)
    def test_then_a_request_that_changes_something_never_takes_it(self, method: str) -> None:
        with _serving(after=frozenset({1})) as service, DeadlineSession(10) as session:
            session.get(_url(service))
            assert session.request(method, _url(service)).status_code == 200
            assert service.seen == ["GET", method]

    def test_then_the_waiting_thread_knows_its_socket(self) -> None:
        held: list[int] = []
        with _serving() as service, requests.Session() as session:
            session.mount("http://", KeptConnections(lambda answering: held.append(answering.fileno()), float, most=1))
            session.get(_url(service))
            session.get(_url(service))
            assert service.connections == 1
        assert len(set(held)) == 1
        assert held[0] > 0


class GivenAServerThatClosesConnectionsWithoutNotice:
    @pytest.mark.parametrize("status", [200, 404, 500])
    def test_when_it_does_so_under_the_next_request_then_each_of_200_is_answered(self, status: int) -> None:
        asked = [("GET", "POST", "GET", "GET", "PATCH", "DELETE")[number % 6] for number in range(200)]
        with _serving(after=frozenset({1})) as service, DeadlineSession(10) as session:
            for method in asked:
                answer = session.request(method, _url(service), headers={_STATUS: str(status)})
                assert answer.status_code == status
            assert service.seen == asked

    def test_when_a_read_was_taken_from_a_kept_connection_then_it_is_sent_once_more(self) -> None:
        with _serving(before=frozenset({2})) as service, DeadlineSession(10) as session:
            assert [session.get(_url(service)).status_code for _ in range(2)] == [200, 200]
            assert service.seen == ["GET"] * 3

    def test_when_it_never_answers_then_a_read_is_tried_twice_at_most(self) -> None:
        with _serving() as service, DeadlineSession(10) as session:
            session.get(_url(service))
            service.before = frozenset({1, 2})
            with pytest.raises(requests.ConnectionError):
                session.get(_url(service))
            assert service.seen == ["GET"] * 3

    @pytest.mark.parametrize("method", ["GET", *_WRITES])
    def test_when_it_drops_a_request_of_a_new_connection_then_this_is_not_sent_again(self, method: str) -> None:
        with _serving(before=frozenset({1})) as service, DeadlineSession(10) as session:
            with pytest.raises(requests.ConnectionError):
                session.request(method, _url(service), data=b"{}")
            assert service.seen == [method]
