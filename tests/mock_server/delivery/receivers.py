"""Receivers of webhooks: one that answers from a list without a network, and a real one on loopback."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from mock_server.delivery.addresses import WebhookAddress
from mock_server.delivery.sending import Receipt
from mock_server.domain.cancellation import Cancellation

FINE = Receipt(200, "thanks")


def answering(status: int) -> Receipt:
    return Receipt(status, f"answered {status}")


@dataclass
class ScriptedReceiver:
    """A sender for tests: gives the listed answers in turn, then repeats the last one, and records what it was sent."""

    answers: list[Receipt] = field(default_factory=lambda: [FINE])
    sent: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def __call__(
        self, address: WebhookAddress, headers: Mapping[str, str], body: bytes, cancellation: Cancellation
    ) -> Receipt:
        self.sent.append((str(address), dict(headers), body))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for _, headers, _ in self.sent]


@dataclass
class HttpReceiver:
    """What a real receiver got, and what it answers: statuses in turn, then 200; 0 resets the connection."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    text: bytes = b"ok"


@contextmanager
def listening(port: int = 0) -> Iterator[HttpReceiver]:
    """A receiver on a free port, or on the port of an earlier receiver."""
    receiver = HttpReceiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = receiver.statuses.pop(0) if receiver.statuses else 200
            if status == 0:
                self.connection.close()
                return
            receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(status)
            self.send_header("Location", f"{receiver.url}/elsewhere")
            self.send_header("Content-Length", str(len(receiver.text)))
            self.end_headers()
            self.wfile.write(receiver.text)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield receiver
        server.shutdown()
        thread.join()
