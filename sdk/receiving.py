"""A receiver of webhooks on loopback that records its requests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class Receiver:
    url: str
    got: list[dict[str, object]] = field(default_factory=list)
    """Path, headers and body of each request, in the order of arrival."""

    def got_at(self, path: str) -> list[dict[str, object]]:
        """Headers and body of the requests to `url` and this path."""
        return [{"headers": sent["headers"], "body": sent["body"]} for sent in self.got if sent["path"] == path]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that listens while the block runs."""
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        receiver = Receiver(f"http://127.0.0.1:{server.server_port}")
        server.RequestHandlerClass = _handler(receiver)
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield receiver
        server.shutdown()
        thread.join()


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name that http.server requires
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            receiver.got.append(
                {
                    "path": self.path,
                    "headers": {name.lower(): value for name, value in self.headers.items()},
                    "body": body,
                }
            )
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    return Handler
