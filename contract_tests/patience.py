"""A session that does not wait for ever: a server that drips, or never stops, is one that does not answer."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import cast

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

# Many times the longest list of orders that a page may hold, and any invoice.
MOST_BYTES = 32 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024


class TooMuch(requests.RequestException):
    """The answer had not ended after as many bytes as anybody needs."""


class PatientSession(requests.Session):
    """Has so many seconds of patience for a whole answer. It follows no redirect and reads no proxy or netrc settings."""

    def __init__(self, timeout_seconds: float, *, connections: int = 10) -> None:
        super().__init__()
        self.trust_env = False
        self._patience_seconds = timeout_seconds
        for scheme in ("http://", "https://"):
            self.mount(scheme, _WatchedAdapter(pool_maxsize=connections))

    def send(self, request: requests.PreparedRequest, **kwargs: object) -> requests.Response:
        """The answer with its whole body. Errors: requests.RequestException; a Timeout however the time was spent."""
        verify = cast("bool | str", kwargs.get("verify", True))
        with _Watch(self._patience_seconds) as watch:
            try:
                response = super().send(
                    request, allow_redirects=False, stream=True, timeout=self._patience_seconds, verify=verify
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


class _Watch:
    """Hangs up when patience ends. A socket's own timeout begins anew with every byte that comes."""

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self.socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._hang_up)
        self._timer.daemon = True

    def __enter__(self) -> _Watch:
        _here.watch = self
        self._timer.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._timer.cancel()
        _here.watch = None

    def _hang_up(self) -> None:
        self.is_over = True
        if self.socket is not None:
            # It may be closed by now. Not the method of a TLS socket, which another thread is reading from.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self.socket, socket.SHUT_RDWR)


class _Here(threading.local):
    watch: _Watch | None = None


_here = _Here()


def _hold(connection: HTTPConnection) -> None:
    if _here.watch is not None:
        _here.watch.socket = connection.sock


class _Connection(HTTPConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # urllib3's own, which it says itself
        _hold(self)
        return super().getresponse()


class _TlsConnection(HTTPSConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # urllib3's own, which it says itself
        _hold(self)
        return super().getresponse()


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class _WatchedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: object, **kwargs: object) -> None:
        super().init_poolmanager(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}


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
