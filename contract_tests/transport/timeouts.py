"""An HTTP session with a deadline for the whole response, also for a server that sends slowly or without end."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections import deque
from datetime import timedelta
from typing import Any

import requests
from requests.structures import CaseInsensitiveDict

from contract_tests.config.network import DIRECT, Route
from contract_tests.transport.pool import KeptConnections

# Many times the size of the longest page of orders, and of any invoice.
MOST_BYTES = 32 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024


class TooMuch(requests.RequestException):
    """The response is longer than `MOST_BYTES`."""


class _Prepared(requests.PreparedRequest):
    """A prepared request; without cookies of its own it costs no cookie jar, which would take a tenth of its time."""

    def prepare_cookies(self, cookies: Any) -> None:
        if cookies:
            super().prepare_cookies(cookies)


class DeadlineSession(requests.Session):
    """Waits at most `timeout_seconds` for a complete response. Follows no redirects; takes proxy and authorities only from its route.

    It keeps no cookies and calls no hooks. Thousands of requests of a run pass here, so what requests would merge and look up again for
    each of them is left out.
    """

    def __init__(self, timeout_seconds: float, *, connections: int = 10, route: Route = DIRECT) -> None:
        super().__init__()
        self.trust_env = False
        self.verify: bool | str = route.ca_bundle or True
        if route.proxy is not None:
            self.proxies = {"http": route.proxy, "https": route.proxy}
        self._timeout_seconds = timeout_seconds
        self._timer = _DeadlineTimer(timeout_seconds)
        for scheme in ("http://", "https://"):
            self.mount(scheme, KeptConnections(_hold, time.monotonic, most=connections))

    def close(self) -> None:
        """Close the connections and stop the deadline timer."""
        self._timer.close()
        super().close()

    def prepare_request(self, request: requests.Request) -> requests.PreparedRequest:
        """The request with this session's headers; None takes one away. Errors: requests.RequestException."""
        headers: CaseInsensitiveDict[Any] = CaseInsensitiveDict(self.headers)
        headers.update(request.headers)
        prepared = _Prepared()
        prepared.prepare(
            method=request.method,
            url=request.url,
            headers={name: value for name, value in headers.items() if value is not None},
            files=request.files,
            data=request.data,
            params=request.params,
            auth=request.auth,
            cookies=request.cookies,
            json=request.json,
        )
        return prepared

    def merge_environment_settings(self, *_: object, **__: object) -> Any:
        """Nothing: `send` takes everything from the session's route."""
        return {}

    def send(self, request: requests.PreparedRequest, **kwargs: object) -> requests.Response:
        """The response with its whole body. Errors: requests.RequestException; a Timeout whenever the deadline has passed."""
        with self._timer.start() as deadline:
            try:
                whole = _read_wholly(self._begun(request))
            except requests.RequestException as problem:
                if not deadline.is_over:
                    raise
                raise _too_late(request) from problem
            if deadline.is_over:
                # For a response without a declared length, the closed connection looks like its regular end.
                raise _too_late(request)
            return whole

    def _begun(self, request: requests.PreparedRequest) -> requests.Response:
        started = time.monotonic()
        response = self.get_adapter(str(request.url)).send(
            request, stream=True, timeout=self._timeout_seconds, verify=self.verify, proxies=self.proxies
        )
        response.elapsed = timedelta(seconds=time.monotonic() - started)
        return response


class _Deadline:
    """The deadline of one request; closes the connection when it passes. A socket's own timeout restarts with every byte received."""

    def __init__(self, ends_at: float) -> None:
        self.ends_at = ends_at
        self.is_done = False
        self.is_over = False
        self.socket: socket.socket | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> _Deadline:
        _here.deadline = self
        return self

    def __exit__(self, *problem: object) -> None:
        with self._lock:
            self.is_done = True
        _here.deadline = None

    def hang_up(self) -> None:
        """Shut the connection down, unless the response has arrived: then another request may already use the connection."""
        with self._lock:
            if self.is_done:
                return
            self.is_over = True
            if self.socket is not None:
                # It may be closed already. Not the TLS socket's own method, because another thread is reading from that socket.
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(self.socket, socket.SHUT_RDWR)


class _DeadlineTimer:
    """Enforces all deadlines of a session in one thread, which starts with the first deadline and ends when none is left.

    All have the same timeout, so the oldest deadline is always the next to pass.
    """

    def __init__(self, timeout_seconds: float) -> None:
        self._timeout_seconds = timeout_seconds
        self._deadlines: deque[_Deadline] = deque()
        self._lock = threading.Lock()
        self._is_closed = threading.Event()
        self._is_awake = False

    def start(self) -> _Deadline:
        """A deadline that starts now."""
        with self._lock:
            deadline = _Deadline(time.monotonic() + self._timeout_seconds)
            self._deadlines.append(deadline)
            if not self._is_awake:
                self._is_awake = True
                threading.Thread(target=self._enforce, daemon=True).start()
        return deadline

    def close(self) -> None:
        """Enforce no deadline any more."""
        self._is_closed.set()

    def _enforce(self) -> None:
        while (next_one := self._oldest()) is not None and not self._is_closed.wait(
            next_one.ends_at - time.monotonic()
        ):
            next_one.hang_up()

    def _oldest(self) -> _Deadline | None:
        with self._lock:
            while self._deadlines and (self._deadlines[0].is_done or self._deadlines[0].is_over):
                self._deadlines.popleft()
            self._is_awake = bool(self._deadlines)
            return self._deadlines[0] if self._deadlines else None


class _Here(threading.local):
    deadline: _Deadline | None = None


_here = _Here()


def _hold(answering: socket.socket) -> None:
    """Note the socket from which this thread waits for a response."""
    if _here.deadline is not None:
        _here.deadline.socket = answering


def _too_late(request: requests.PreparedRequest) -> requests.ReadTimeout:
    return requests.ReadTimeout("the response was not complete in time", request=request)


def _read_wholly(response: requests.Response) -> requests.Response:
    chunks, size = [], 0
    with response:
        for chunk in response.iter_content(_CHUNK_BYTES):
            size += len(chunk)
            if size > MOST_BYTES:
                raise TooMuch(f"response exceeds {MOST_BYTES} bytes", request=response.request)
            chunks.append(chunk)
    # The attribute in which requests keeps a body that it has read itself.
    response._content = b"".join(chunks)
    return response
