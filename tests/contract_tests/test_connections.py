"""A connection is used for the next request as long as no server could be closing it, and then given up."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from types import SimpleNamespace

import pytest
import requests

from contract_tests.connections import KeptConnections

_STATUS = "X-Wanted-Status"


class _Service(socketserver.ThreadingTCPServer):
    """Answers with the wanted status, and counts the connections that were made to it."""

    daemon_threads = True
    connections = 0

    def process_request(self, request: object, client_address: object) -> None:
        self.connections += 1
        super().process_request(request, client_address)  # type: ignore[arg-type]  # handed on as they came


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(int(self.headers[_STATUS]))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Tests print nothing."""


@pytest.fixture
def service() -> Iterator[_Service]:
    with _Service(("127.0.0.1", 0), _Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


class GivenAConnectionThatWasUsed:
    @pytest.mark.parametrize(
        ("body", "status", "idle_seconds", "connections"),
        [
            (b"{}", 200, 0, 1),
            (b"{}", 204, 1.9, 1),
            (b"{}", 400, 0, 1),
            (b"{}", 422, 0, 1),
            (b"{}", 401, 0, 2),
            (b"{}", 413, 0, 2),
            (b"{}", 500, 0, 2),
            (None, 401, 0, 1),
            (None, 500, 1.9, 1),
            (None, 200, 2.1, 2),
            (b"{}", 422, 2.1, 2),
        ],
    )
    def test_then_the_next_request_takes_it_unless_the_server_may_hang_up(
        self, service: _Service, body: bytes | None, status: int, idle_seconds: float, connections: int
    ) -> None:
        now = SimpleNamespace(seconds=1000.0)
        url = f"http://127.0.0.1:{service.server_address[1]}/"
        with requests.Session() as session:
            session.mount("http://", KeptConnections(lambda _: None, lambda: now.seconds, most=1))
            first = session.post(url, data=body, headers={_STATUS: str(status)})
            now.seconds += idle_seconds
            second = session.post(url, headers={_STATUS: "200"})

        assert (first.status_code, second.status_code) == (status, 200)
        assert service.connections == connections

    def test_then_whoever_waits_for_an_answer_knows_its_socket(self, service: _Service) -> None:
        held: list[int] = []
        url = f"http://127.0.0.1:{service.server_address[1]}/"
        with requests.Session() as session:
            session.mount("http://", KeptConnections(lambda answering: held.append(answering.fileno()), float, most=1))
            session.post(url, headers={_STATUS: "200"})
            session.post(url, headers={_STATUS: "200"})

        assert len(held) == 2
        assert held[0] == held[1] > 0
