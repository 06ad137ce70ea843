"""The connection of one attempt: every wait on it ends at the attempt's deadline, or when another thread cuts it."""

from __future__ import annotations

import io
import socket
import ssl
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from threading import Event, Lock
from typing import TypeVar

Answer = TypeVar("Answer")
Clock = Callable[[], float]
# Setting a socket's timeout is a system call; so much later than its deadline a wait may end.
_TOLERANCE_SECONDS = 0.01


class Deadline:
    """One deadline for everything that is done within it."""

    def __init__(self, seconds: float, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._ends_at = clock() + seconds

    def left(self) -> float:
        """Seconds left. Errors: TimeoutError when none are left."""
        left = self._ends_at - self._clock()
        if left <= 0:
            raise TimeoutError("the time is over")
        return left


class Wire:
    """A socket as `http.client` uses one (`sendall`, `makefile`, `close`), with one deadline for its whole lifetime.

    A plain socket's timeout restarts with every byte received. After `cut`, every call raises OSError.
    """

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._lock = Lock()
        self._socket: socket.socket | None = None
        self._timeout = 0.0
        """The socket's own timeout: that of each single wait."""
        self._is_cut = False
        self._woken = Event()
        self._reader: io.BufferedReader | None = None

    def wait_for(self, answer: Future[Answer]) -> Answer:
        """Resolve the host in another thread. Errors: TimeoutError, ConnectionAbortedError, and those of the lookup."""
        if not answer.done():
            answer.add_done_callback(lambda _: self._woken.set())
            self._woken.wait(self._deadline.left())
        self._require_whole()
        return answer.result(0)

    def connect(self, ip_addresses: tuple[str, ...], port: int) -> None:
        """Connect to the first address that accepts. Errors: OSError, that of the last address."""
        problem = OSError("the name of the host has no address")
        for ip_address in ip_addresses:
            try:
                return self._connect(ip_address, port)
            except OSError as error:
                problem = error
                self._deadline.left()
        raise problem

    def _connect(self, ip_address: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in ip_address else socket.AF_INET
        connecting = socket.socket(family, socket.SOCK_STREAM)
        self._hold(connecting)
        self._limit(connecting, self._deadline.left())
        connecting.connect((ip_address, port))
        connecting.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def secure(self, context: ssl.SSLContext, host: str) -> None:
        plain = self._ready()
        secured = context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
        self._hold(secured)
        self._limit(secured, self._deadline.left())
        secured.do_handshake()

    def _hold(self, opened: socket.socket) -> None:
        """Use this socket from now on for `cut` and `close`; the previous one is closed."""
        with self._lock:
            before, self._socket = self._socket, opened
            if before is not None:
                before.close()
        self._require_whole()

    def cut(self) -> None:
        """End every wait on this connection, in any thread. Returns at once."""
        with self._lock:
            self._is_cut = True
            if self._socket is not None:
                with suppress(OSError):
                    # The close method of a TLS socket would remove its TLS state while another thread reads.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
        self._woken.set()

    def sendall(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[self._ready().send(rest) :]

    def receive_into(self, buffer: memoryview) -> int:
        return self._ready().recv_into(buffer)

    def _ready(self) -> socket.socket:
        self._require_whole()
        assert self._socket is not None
        left = self._deadline.left()
        if self._timeout - left > _TOLERANCE_SECONDS:
            self._limit(self._socket, left)
        return self._socket

    def _limit(self, opened: socket.socket, seconds: float) -> None:
        self._timeout = seconds
        opened.settimeout(seconds)

    def _require_whole(self) -> None:
        if self._is_cut:
            raise ConnectionAbortedError("the attempt was cut short")

    def makefile(self, _mode: str) -> io.BufferedReader:
        """The one reader of this connection: a following response continues with bytes that were read ahead."""
        if self._reader is None:
            self._reader = _Reader(_Incoming(self))
        return self._reader

    def close(self) -> None:
        with self._lock:
            if self._socket is not None:
                self._socket.close()


class _Reader(io.BufferedReader):
    def close(self) -> None:
        """Do nothing: a response closes its reader at its end, and the next response goes on reading."""


class _Incoming(io.RawIOBase):
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # BufferedReader passes nothing else
        return self._wire.receive_into(buffer)
