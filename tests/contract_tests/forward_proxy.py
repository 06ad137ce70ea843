"""A company's proxy for tests: maps every host to one server on this machine, tunnels CONNECT, may require a password."""

from __future__ import annotations

import socket
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from mutants.proxy import Request, send


@dataclass(slots=True)
class ForwardProxy:
    """The proxy's address, and the requested hosts with their methods."""

    address: str
    asked: list[tuple[str, str]] = field(default_factory=list)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    made: ForwardProxy
    upstream: str
    credentials: str
    refusal: int | None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_CONNECT(self) -> None:
        server = self._server()
        server.made.asked.append(("CONNECT", self.path))
        if self._is_refused(server):
            return
        upstream = urlsplit(server.upstream)
        with socket.create_connection((str(upstream.hostname), upstream.port or 80)) as there:
            self.send_response(200)
            self.end_headers()
            _relay(self.connection, there)
        self.close_connection = True

    def do_GET(self) -> None:
        server = self._server()
        url = urlsplit(self.path)
        server.made.asked.append((self.command, url.netloc))
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self._is_refused(server):
            return
        headers = {name.lower(): value for name, value in self.headers.items() if not name.lower().startswith("proxy-")}
        path = url.path + (f"?{url.query}" if url.query else "")
        answer = send(server.upstream, Request(self.command, path, headers, body))
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if name not in ("content-length", "connection", "transfer-encoding"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_POST = do_PATCH = do_PUT = do_DELETE = do_GET

    def _server(self) -> _Server:
        assert isinstance(self.server, _Server)
        return self.server

    def _is_refused(self, server: _Server) -> bool:
        wanted = f"Basic {b64encode(server.credentials.encode()).decode()}"
        is_stranger = bool(server.credentials) and self.headers.get("Proxy-Authorization") != wanted
        status = 407 if is_stranger else server.refusal
        if status is None:
            return False
        self.send_response(status, "No \x1b[31mway")
        self.send_header("Content-Length", "0")
        self.end_headers()
        return True

    def log_message(self, format: str, *arguments: object) -> None:
        """Print nothing."""


def _relay(here: socket.socket, there: socket.socket) -> None:
    back = threading.Thread(target=_pump, args=(there, here), daemon=True)
    back.start()
    _pump(here, there)
    back.join(10)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
    for one in (source, sink):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


@contextmanager
def forward_proxy(upstream: str, *, credentials: str = "", refusal: int | None = None) -> Iterator[ForwardProxy]:
    """A proxy that connects every host to `upstream`; `credentials` as user:password; with `refusal` it always answers that status."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.made = ForwardProxy(f"127.0.0.1:{server.server_port}")
        server.upstream, server.credentials, server.refusal = upstream, credentials, refusal
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield server.made
        finally:
            server.shutdown()
