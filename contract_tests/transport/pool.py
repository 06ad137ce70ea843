"""Keeps connections alive for requests that may be sent again.

A server may close a connection at any time after a response. A request sent at that moment gets no response, and this is no
violation. A request that only reads is sent again over a new connection. For a request that changes something, it is unknown
whether the server processed it, so these never use a kept connection:
docs/decisions/0028-changes-travel-on-new-connections.md
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from functools import partial
from http.client import HTTPResponse as PlainResponse
from http.client import RemoteDisconnected
from typing import Any, cast

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.wait import wait_for_read

# Less than common servers keep a connection; those of Python and Node keep it for five seconds.
_KEPT_SECONDS = 2.0
# Source: RFC 9110, 9.2.1, safe methods.
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

Hold = Callable[[socket.socket], None]


class _NothingCame(RemoteDisconnected):
    """The connection ended before the first byte of a response."""


class _Lost(RemoteDisconnected):
    """The same, on a connection that had served another request before."""


class _Adapter(HTTPAdapter):
    """Calls `hold` with the socket of each request, in the thread that waits for the response."""

    def __init__(self, pools: dict[str, Callable[..., Any]], *, most: int) -> None:
        self._pools = pools
        self._latest: tuple[str, Any] = ("", None)
        super().__init__(pool_maxsize=most)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager

    def get_connection_with_tls_context(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        """The connections to the request's server. A session has one route to it, so they are looked up once."""
        origin, (known, pool) = "/".join(str(request.url).split("/", 3)[:3]), self._latest
        if origin != known:
            pool = super().get_connection_with_tls_context(request, *args, **kwargs)
            self._latest = (origin, pool)
        return pool

    def close(self) -> None:
        self._latest = ("", None)
        super().close()


class KeptConnections(_Adapter):
    """Sends safe requests over kept connections and all others over new ones. `clock` counts seconds; `hold` as above."""

    def __init__(self, hold: Hold, clock: Callable[[], float], *, most: int) -> None:
        super().__init__(_by_scheme(_Pool, _TlsPool, hold=hold, clock=clock), most=most)
        self._fresh = _Adapter(_by_scheme(_FreshPool, _FreshTlsPool, hold=hold, clock=clock), most=most)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """The response, over a new connection if the request must not be sent twice. Errors: those of `requests`."""
        if request.method in _SAFE:
            try:
                return super().send(request, *args, **kwargs)
            except requests.ConnectionError as problem:
                if not _is_lost(problem):
                    raise
        return self._fresh.send(request, *args, **kwargs)

    def close(self) -> None:
        self._fresh.close()
        super().close()


def _is_lost(problem: BaseException | None) -> bool:
    while problem is not None and not isinstance(problem, _Lost):
        problem = problem.__context__
    return problem is not None


class _Answer(PlainResponse):
    """A response that distinguishes "no byte received" from "a response began"."""

    def begin(self) -> None:
        if not self._is_begun():
            raise _NothingCame("the connection ended before an answer began")
        super().begin()

    def _is_begun(self) -> bool:
        try:
            return bool(self.fp.peek(1))
        except (ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError):
            return False


class _Connection(HTTPConnection):
    response_class = _Answer

    def __init__(self, *args: Any, hold: Hold, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._hold = hold
        self._has_served = False
        self._sent_body = False
        self.is_spent = False
        """Whether no further request may use it: the server may not have read the whole body, or may close after its own failure."""
        self.idle_since = 0.0

    def _new_conn(self) -> socket.socket:
        made = super()._new_conn()
        self._has_served = self.is_spent = False
        # Connecting already waits for the proxy.
        self._hold(made)
        return made

    def _tunnel(self) -> None:
        super()._tunnel()
        # urllib3 accepts a truncated CONNECT response. Before the client starts TLS, readable data can only mean the connection's end.
        if wait_for_read(cast("socket.socket", self.sock), timeout=0):
            raise ConnectionResetError("the proxy ended the connection")

    def request(self, method: str, url: str, body: Any = None, *args: Any, **kwargs: Any) -> None:
        self._sent_body = body is not None
        super().request(method, url, body, *args, **kwargs)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # urllib3 overrides it, too
        self._hold(cast("socket.socket", self.sock))
        try:
            response = super().getresponse()
        except _NothingCame as problem:
            if self._has_served:
                raise _Lost(str(problem)) from problem
            raise
        self._has_served = True
        # Source: uvicorn, which closes the connection after an application failure without announcing it.
        self.is_spent = self._sent_body or response.status >= 500
        return response


class _TlsConnection(_Connection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    _kind: type[_Connection] = _Connection

    def __init__(self, *args: Any, hold: Hold, clock: Callable[[], float], **kwargs: Any) -> None:
        self.ConnectionCls = partial(self._kind, hold=hold)  # type: ignore[assignment]  # it is only called
        self._clock = clock
        super().__init__(*args, **kwargs)

    def _get_conn(self, timeout: float | None = None) -> Any:
        connection: Any = super()._get_conn(timeout)
        if self._clock() - connection.idle_since > _KEPT_SECONDS:
            connection.close()
        return connection

    def _put_conn(self, conn: Any) -> None:
        if conn is not None:
            conn.idle_since = self._clock()
            if conn.is_spent:
                conn.close()
        super()._put_conn(conn)


class _TlsPool(_Pool, HTTPSConnectionPool):
    _kind = _TlsConnection


class _FreshPool(_Pool):
    """A new connection for every request."""

    def _put_conn(self, conn: Any) -> None:
        if conn is not None:
            conn.close()
        super()._put_conn(conn)


class _FreshTlsPool(_FreshPool, _TlsPool):
    pass


def _by_scheme(plain: type[_Pool], tls: type[_TlsPool], *, hold: Hold, clock: Callable[[], float]) -> dict[str, Any]:
    return {scheme: partial(pool, hold=hold, clock=clock) for scheme, pool in (("http", plain), ("https", tls))}
