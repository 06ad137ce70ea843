"""Receivers of webhooks that never finish: each answers in raw bytes, at any speed."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

TIMEOUT_SECONDS = 30.0
_DRIP_SECONDS = 0.02


@dataclass
class Hostile:
    """A receiver that is listening; `over` ends it."""

    port: int
    over: Event = field(default_factory=Event)
    asked: Event = field(default_factory=Event)
    """Set once a request has begun to arrive."""
    hung_up: Event = field(default_factory=Event)
    """Set once a sender disconnected before the receiver was done."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


Behaviour = Callable[[socket.socket, Hostile], None]


def drips(first: bytes, piece: bytes) -> Behaviour:
    """Answers with `first`, then with `piece` again and again."""

    def behave(connection: socket.socket, receiver: Hostile) -> None:
        connection.recv(65_536)
        receiver.asked.set()
        connection.sendall(first)
        while not receiver.over.wait(_DRIP_SECONDS):
            connection.sendall(piece)

    return behave


def says(answer: bytes) -> Behaviour:
    """Sends a complete answer, and keeps the connection open."""

    def behave(connection: socket.socket, receiver: Hostile) -> None:
        connection.recv(65_536)
        connection.sendall(answer)
        receiver.over.wait(TIMEOUT_SECONDS)

    return behave


def never_responds(connection: socket.socket, receiver: Hostile) -> None:
    """Reads what it is sent, and never responds."""
    while connection.recv(65_536):
        receiver.asked.set()
    raise ConnectionResetError


def never_reads(connection: socket.socket, receiver: Hostile) -> None:
    receiver.asked.set()
    receiver.over.wait(TIMEOUT_SECONDS)


ENDLESS: dict[str, Behaviour] = {
    "no response": never_responds,
    "a status": drips(b"HTTP/1.1 200", b" "),
    "headers": drips(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
    "100s": drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "103s": drips(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"),
    "a body": drips(b"HTTP/1.1 200 OK\r\nContent-Length: 8000\r\n\r\n", b"x"),
    "a body to the end of the connection": drips(b"HTTP/1.0 200 OK\r\n\r\n", b"x"),
    "chunks": drips(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
}


@contextmanager
def receiving(behave: Behaviour) -> Iterator[Hostile]:
    """A receiver on a free port that treats every connection in the same way, each in a thread of its own."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=128)) as listener:
        receiver = Hostile(listener.getsockname()[1])
        Thread(target=_accept, args=(listener, behave, receiver), daemon=True).start()
        try:
            yield receiver
        finally:
            receiver.over.set()
            listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, behave: Behaviour, receiver: Hostile) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            Thread(target=_serve, args=(connection, behave, receiver), daemon=True).start()


def _serve(connection: socket.socket, behave: Behaviour, receiver: Hostile) -> None:
    with closing(connection):
        try:
            behave(connection, receiver)
        except OSError:
            receiver.hung_up.set()


@contextmanager
def full_backlog() -> Iterator[int]:
    """A port that accepts no connection: every client waits."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=0)) as listener:
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        try:
            yield listener.getsockname()[1]
        finally:
            for one in waiting:
                one.close()
