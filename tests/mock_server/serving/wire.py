"""Raw HTTP: connections that send any bytes, and read one complete answer however it arrives."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

TIMEOUT_SECONDS = 60.0


class ConnectionEnded(Exception):
    """The server closed the connection before an answer was complete; the message is what had arrived."""


@dataclass(slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Client:
    connection: socket.socket
    buffered: bytes = field(default=b"")

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def answer(self, *, has_body: bool = True) -> Answer:
        """The next whole answer. Errors: ConnectionEnded, TimeoutError."""
        while b"\r\n\r\n" not in self.buffered:
            self._more()
        head, _, self.buffered = self.buffered.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", "0")) if has_body else 0
        while len(self.buffered) < length:
            self._more()
        body, self.buffered = self.buffered[:length], self.buffered[length:]
        return Answer(int(first.split()[1]), headers, body)

    def ask(self, data: bytes) -> Answer:
        self.send(data)
        return self.answer()

    def is_hung_up_on(self) -> bool:
        """Waits for the end of the connection. Errors: TimeoutError when it stays open."""
        try:
            while self.connection.recv(65_536):
                pass
        except ConnectionResetError:
            pass
        return True

    def _more(self) -> None:
        piece = self.connection.recv(65_536)
        if not piece:
            raise ConnectionEnded(self.buffered.decode("latin-1"))
        self.buffered += piece


@contextmanager
def connected(port: int) -> Iterator[Client]:
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS) as connection:
        yield Client(connection)


def request(method: str, target: str, *headers: str, body: str = "") -> bytes:
    """A request as bytes on the wire; texts are Latin-1, so that any byte can be sent."""
    lines = "".join(f"{header}\r\n" for header in headers)
    return f"{method} {target} HTTP/1.1\r\nHost: mock\r\n{lines}\r\n{body}".encode("latin-1")
