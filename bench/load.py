"""Generate load: a fixed number of requests over keep-alive connections, checking each answer's status. No pipelining.

Raw sockets rather than a client library: the client shares the machine with the server and has to be cheap.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle, islice
from typing import cast

CONNECTIONS = 16
_TIMEOUT_SECONDS = 30.0
_HEADERS_END = b"\r\n\r\n"


class UnexpectedAnswer(Exception):
    """An answer with another status than the load expects, or none."""


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    token: str
    """Empty: no token is sent."""
    status: int
    """The only status that counts as an answer."""
    body: bytes = b""

    def on_the_wire(self) -> bytes:
        type_ = "Content-Type: application/json\r\n" if self.body else ""
        length = f"Content-Length: {len(self.body)}\r\n" if self.method != "GET" else ""
        token = f"Authorization: Bearer {self.token}\r\n" if self.token else ""
        head = (
            f"{self.method} {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{token}"
            f"Accept: application/json\r\n{type_}{length}\r\n"
        )
        return head.encode() + self.body


@dataclass(frozen=True, slots=True)
class Sent:
    """A load's answers: `seconds` for all of them, and how long each took, from the shortest to the longest."""

    seconds: float
    waits: list[float]

    @property
    def per_second(self) -> float:
        return len(self.waits) / self.seconds

    def wait_at(self, part: float) -> float:
        """The longest wait of this part of the requests, in seconds."""
        return self.waits[min(len(self.waits) - 1, int(part * len(self.waits)))]


def send_load(port: int, *requests: Request, count: int, connections: int = CONNECTIONS) -> Sent:
    """Send `count` requests, these in turn, and read their answers. Errors: UnexpectedAnswer."""
    turns = islice(cycle([(request.on_the_wire(), request.status) for request in requests]), count)
    waits: list[float] = []
    with ExitStack() as stack:
        selector = stack.enter_context(selectors.DefaultSelector())
        sockets = [stack.enter_context(_connect(port)) for _ in range(min(connections, count))]
        begun = time.perf_counter()
        for opened, (wire, status) in zip(sockets, turns, strict=False):
            selector.register(opened, selectors.EVENT_READ, (status, time.perf_counter()))
            opened.sendall(wire)
        _keep_sending(selector, turns, waits)
        return Sent(time.perf_counter() - begun, sorted(waits))


def _keep_sending(selector: selectors.BaseSelector, turns: Iterator[tuple[bytes, int]], waits: list[float]) -> None:
    """On every connection the next request follows the answer to the previous one, until none is left to send."""
    while selector.get_map():
        ready = selector.select(_TIMEOUT_SECONDS)
        if not ready:
            raise UnexpectedAnswer(f"no answer in {_TIMEOUT_SECONDS:.0f} s")
        for key, _ in ready:
            opened = cast(socket.socket, key.fileobj)
            expected, sent_at = cast("tuple[int, float]", key.data)
            _read_answer(opened, expected)
            waits.append(time.perf_counter() - sent_at)
            wire, status = next(turns, (b"", 0))
            if wire:
                selector.modify(opened, selectors.EVENT_READ, (status, time.perf_counter()))
                opened.sendall(wire)
            else:
                selector.unregister(opened)


def fetch_body(port: int, request: Request) -> bytes:
    """One request and its answer's body. Errors: UnexpectedAnswer."""
    with _connect(port) as opened:
        opened.sendall(request.on_the_wire())
        return _read_answer(opened, request.status)


def _connect(port: int) -> socket.socket:
    opened = socket.create_connection(("127.0.0.1", port), timeout=_TIMEOUT_SECONDS)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return opened


def _read_answer(opened: socket.socket, status: int) -> bytes:
    """One whole answer with a Content-Length. Errors: UnexpectedAnswer."""
    data = opened.recv(65_536)
    while (end := data.find(_HEADERS_END)) < 0:
        data += _more(opened)
    head = data[:end].lower()
    at = head.find(b"content-length:")
    if not data.startswith(b"HTTP/1.1 %d " % status) or at < 0:
        raise UnexpectedAnswer(f"expected status {status} and a length, got {data[:400]!r}")
    start = end + len(_HEADERS_END)
    length = int(head[at + 15 :].split(b"\r\n", 1)[0])
    while len(data) < start + length:
        data += _more(opened)
    return data[start:]


def _more(opened: socket.socket) -> bytes:
    chunk = opened.recv(65_536)
    if not chunk:
        raise UnexpectedAnswer("the server closed the connection before its answer was whole")
    return chunk
