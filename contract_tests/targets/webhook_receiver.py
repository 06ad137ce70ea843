"""A receiver of webhooks on loopback: records requests and answers with the given statuses. Checks nothing."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from contract_tests.transport.deliveries import Delivery

_LARGEST_BODY_BYTES = 1024 * 1024
# Less than the timeout of the sender. Source: facts of the service: 10 seconds.
_LONGEST_WAIT_SECONDS = 5.0


@dataclass(slots=True)
class Receiver:
    """The recorded requests, and how to answer. `statuses` are the next answers, then 200. Redirects lead to `/redirected`."""

    base_url: str
    text: str = "ok"
    deliveries: list[Delivery] = field(default_factory=list)
    statuses: deque[int] = field(default_factory=deque)
    has_timed_out: bool = False
    """Whether a request waited for longer than the limit in the last `no_response`."""
    _silent_path: str = ""
    _resumed: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> int:
        """Record a request. Returns the status to answer with."""
        with self._lock:
            status = self.statuses.popleft() if self.statuses else 200
            self.deliveries.append(Delivery(method, path, headers, body, time.time(), status))
            return status

    @contextmanager
    def no_response(self, path: str) -> Iterator[None]:
        """While this context is open, requests to the path are not answered, for at most a few seconds each."""
        self._silent_path, self.has_timed_out = path, False
        self._resumed.clear()
        try:
            yield
        finally:
            self._resumed.set()

    def wait(self, path: str) -> None:
        """Wait while `no_response` is open for this path."""
        if path == self._silent_path and not self._resumed.wait(_LONGEST_WAIT_SECONDS):
            self.has_timed_out = True


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A receiver on a free port of loopback."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.receiver = Receiver(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    receiver: Receiver


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), _LARGEST_BODY_BYTES)
        headers = {name.lower(): value for name, value in self.headers.items()}
        status = self.server.receiver.take("POST", self.path, headers, self.rfile.read(length))
        self.server.receiver.wait(self.path)
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", f"{self.server.receiver.base_url}/redirected")
        body = b"" if status == 204 else self.server.receiver.text.encode()
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.server.receiver.take("GET", self.path, {}, b"")
        self.send_error(405)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""
