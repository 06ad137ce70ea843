"""A small HTTP proxy in front of a good mock: it records all requests and lets a layer change the answers."""

from __future__ import annotations

import http.client
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `headers` by lower-case name."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def token(self) -> str | None:
        """The bearer token."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token or None if scheme else None

    def is_on(self, method: str, ending: str) -> bool:
        """Whether it has this method and a path that ends so."""
        return self.method == method and self.path.partition("?")[0].endswith(ending)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. The last `cut_bytes` bytes count for Content-Length but are not sent, and the connection is closed.

    With `hangs_up` the connection is closed when the next request arrives, without a `Connection: close` header before.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    cut_bytes: int = 0
    hangs_up: bool = False

    def but(self, **changes: object) -> Answer:
        """The answer with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # callers name real fields


class HangUp(Exception):
    """Raised by a layer: the connection is closed without an answer."""


_LARGEST_BODY_BYTES = 1024 * 1024

Forward = Callable[[Request], Answer]
Layer = Callable[[Request, Forward], Answer]


@dataclass(slots=True)
class Proxy:
    """The proxy's base URL, and the requests that it has received."""

    base_url: str
    seen: list[Request] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)
    """Errors of the layer itself; the mock's unchanged answer was sent instead."""


@contextmanager
def proxy(upstream: str, layer: Layer, *, tls: ssl.SSLContext | None = None) -> Iterator[Proxy]:
    """A server on a free loopback port that answers through the layer."""
    server = _Server(("127.0.0.1", 0), _Handler)
    if tls is not None:
        # The handshake runs in the connection's own thread, so that a silent client blocks no other client.
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    made = Proxy(f"{'http' if tls is None else 'https'}://127.0.0.1:{server.server_port}")
    server.answer = _answering(upstream, layer, made)  # type: ignore[attr-defined]  # read by the handler
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _answering(upstream: str, layer: Layer, made: Proxy) -> Forward:
    def forward(request: Request) -> Answer:
        return send(upstream, request)

    def answer(request: Request) -> Answer:
        made.seen.append(request)
        try:
            return layer(request, forward)
        except HangUp:
            raise
        except Exception as mistake:  # a failing layer must not look like a defect that was found
            made.mistakes.append(f"{type(mistake).__name__}: {mistake} at {request.method} {request.path}")
            return forward(request)

    return answer


def send(upstream: str, request: Request) -> Answer:
    connection = http.client.HTTPConnection(str(urlsplit(upstream).netloc), timeout=20)
    try:
        connection.putrequest(request.method, request.path, skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers.items():
            connection.putheader(name, value)
        # A server refuses a too large body by its Content-Length header alone and closes the connection before reading it.
        connection.endheaders(request.body if 0 < len(request.body) <= _LARGEST_BODY_BYTES else None)
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, headers, response.read())
    finally:
        connection.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # One of the scenarios sends a hundred requests at once.
    request_queue_size = 256


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""

    def handle_any(self) -> None:
        """Answer through the layer."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, body)
        try:
            answer = self.server.answer(request)  # type: ignore[attr-defined]  # set by proxy()
        except HangUp:
            self.close_connection = True
            return
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            if name not in ("content-length", "connection", "transfer-encoding"):
                self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body[: len(answer.body) - answer.cut_bytes])
        if answer.cut_bytes:
            self.close_connection = True
        if answer.hangs_up:
            self._hang_up()

    def _hang_up(self) -> None:
        self.wfile.flush()
        self.close_connection = True
        with suppress(OSError):
            self.connection.recv(1)

    def __getattr__(self, name: str) -> Callable[[], None]:
        # Every method is forwarded, so that the mock decides how to answer it.
        if name.startswith("do_"):
            return self.handle_any
        raise AttributeError(name)
