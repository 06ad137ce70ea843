"""A session that does not wait for ever: a server that drips, or never stops, is one that does not answer."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections import deque
from dataclasses import dataclass, field

import requests

from contract_tests.connections import KeptConnections

# Many times the longest list of orders that a page may hold, and any invoice.
MOST_BYTES = 32 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Route:
    """How a session reaches a host: its proxy, which may hold a password, and a file or folder of the only authorities trusted.

    None is no proxy, and the usual authorities.
    """

    proxy: str | None = field(default=None, repr=False)
    ca_bundle: str | None = None


DIRECT = Route()


class TooMuch(requests.RequestException):
    """The answer had not ended after as many bytes as anybody needs."""


class DeadlineSession(requests.Session):
    """Has so many seconds of patience for a whole answer. It follows no redirect and reads no settings but its route."""

    def __init__(self, timeout_seconds: float, *, connections: int = 10, route: Route = DIRECT) -> None:
        super().__init__()
        self.trust_env = False
        self.verify = route.ca_bundle or True
        if route.proxy is not None:
            self.proxies = {"http": route.proxy, "https": route.proxy}
        self._patience_seconds = timeout_seconds
        self._watchman = _DeadlineTimer(timeout_seconds)
        for scheme in ("http://", "https://"):
            self.mount(scheme, KeptConnections(_hold, time.monotonic, most=connections))

    def close(self) -> None:
        """Let go of connections, and of whoever looks after them."""
        self._watchman.close()
        super().close()

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: even an unfollowed redirect would be prepared, and a `Location` that is no text would end the run."""

    def send(self, request: requests.PreparedRequest, **kwargs: object) -> requests.Response:
        """The answer with its whole body. Errors: requests.RequestException; a Timeout however the time was spent."""
        with self._watchman.watch() as watch:
            try:
                response = super().send(
                    request,
                    allow_redirects=False,
                    stream=True,
                    timeout=self._patience_seconds,
                    verify=self.verify,
                    proxies=self.proxies,
                )
                whole = _read_wholly(response)
            except requests.RequestException as problem:
                if not watch.is_over:
                    raise
                raise _too_late(request) from problem
            if watch.is_over:
                # Hanging up looks like the end of an answer that does not say how long it is.
                raise _too_late(request)
            return whole


class _Deadline:
    """One request's patience: hangs up when it ends. A socket's own timeout begins anew with every byte that comes."""

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.is_done = False
        self.is_over = False
        self.socket: socket.socket | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> _Deadline:
        _here.watch = self
        return self

    def __exit__(self, *problem: object) -> None:
        with self._lock:
            self.is_done = True
        _here.watch = None

    def hang_up(self) -> None:
        """Nothing once the answer is there: somebody else's may come over the same connection by then."""
        with self._lock:
            if self.is_done:
                return
            self.is_over = True
            if self.socket is not None:
                # It may be closed by now. Not the method of a TLS socket, which another thread is reading from.
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(self.socket, socket.SHUT_RDWR)


class _DeadlineTimer:
    """Looks after all watches of a session in one thread, which comes with the first and goes when there is none.

    All have the same patience, so the oldest is always the next to end.
    """

    def __init__(self, patience_seconds: float) -> None:
        self._patience_seconds = patience_seconds
        self._watches: deque[_Deadline] = deque()
        self._lock = threading.Lock()
        self._is_closed = threading.Event()
        self._is_awake = False

    def watch(self) -> _Deadline:
        """A watch that has begun."""
        with self._lock:
            watch = _Deadline(time.monotonic() + self._patience_seconds)
            self._watches.append(watch)
            if not self._is_awake:
                self._is_awake = True
                threading.Thread(target=self._look_after_them, daemon=True).start()
        return watch

    def close(self) -> None:
        """Nothing is looked after any more."""
        self._is_closed.set()

    def _look_after_them(self) -> None:
        while (watch := self._oldest()) is not None and not self._is_closed.wait(watch.deadline - time.monotonic()):
            watch.hang_up()

    def _oldest(self) -> _Deadline | None:
        with self._lock:
            while self._watches and (self._watches[0].is_done or self._watches[0].is_over):
                self._watches.popleft()
            self._is_awake = bool(self._watches)
            return self._watches[0] if self._watches else None


class _Here(threading.local):
    watch: _Deadline | None = None


_here = _Here()


def _hold(answering: socket.socket) -> None:
    """What this thread waits for comes from there."""
    if _here.watch is not None:
        _here.watch.socket = answering


def _too_late(request: requests.PreparedRequest) -> requests.ReadTimeout:
    return requests.ReadTimeout("the answer did not end in time", request=request)


def _read_wholly(response: requests.Response) -> requests.Response:
    chunks, size = [], 0
    with response:
        for chunk in response.iter_content(_CHUNK_BYTES):
            size += len(chunk)
            if size > MOST_BYTES:
                raise TooMuch(f"more than {MOST_BYTES} bytes", request=response.request)
            chunks.append(chunk)
    # Where requests keeps what it has read itself.
    response._content = b"".join(chunks)
    return response
