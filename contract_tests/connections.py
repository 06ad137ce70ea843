"""Connections that are kept for the next request, unless the server may be closing them at this moment.

A request that meets the end of a kept connection is lost without an answer, and nobody broke anything: not every server reads a body
that it refuses, nor says how long it keeps a connection. To send such a request again would hide a server that drops requests.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

# Less than the usual servers keep one; those of Python and Node do for five.
_KEPT_SECONDS = 2.0
# Answers to a body that was read: 2xx, and what it was refused for itself.
_HAVE_READ = frozenset({*range(200, 300), 400, 422})

Hold = Callable[[socket.socket], None]


class KeptConnections(HTTPAdapter):
    """`hold` is given the socket of each request, in the thread that waits for the answer; `clock` counts seconds."""

    def __init__(self, hold: Hold, clock: Callable[[], float], *, most: int) -> None:
        self._hold = hold
        self._clock = clock
        super().__init__(pool_maxsize=most)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            scheme: partial(pool, hold=self._hold, clock=self._clock)
            for scheme, pool in (("http", _Pool), ("https", _TlsPool))
        }


class _Connection(HTTPConnection):
    def __init__(self, *args: Any, hold: Hold, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._hold = hold
        self._sent_body = False
        self.is_half_read = False
        """Whether the server may have answered without having read the whole request, after which many close."""
        self.idle_since = 0.0

    def request(self, method: str, url: str, body: Any = None, *args: Any, **kwargs: Any) -> None:
        self._sent_body = body is not None
        super().request(method, url, body, *args, **kwargs)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # urllib3's own, which it says itself
        self._hold(cast("socket.socket", self.sock))
        response = super().getresponse()
        self.is_half_read = self._sent_body and response.status not in _HAVE_READ
        return response


class _TlsConnection(_Connection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    _kind: type[_Connection] = _Connection

    def __init__(self, *args: Any, hold: Hold, clock: Callable[[], float], **kwargs: Any) -> None:
        self.ConnectionCls = partial(self._kind, hold=hold)  # type: ignore[assignment]  # called, and nothing else
        self._clock = clock
        super().__init__(*args, **kwargs)

    def _get_conn(self, timeout: float | None = None) -> Any:
        connection: Any = super()._get_conn(timeout)
        is_old = self._clock() - connection.idle_since > _KEPT_SECONDS
        if is_old or connection.is_half_read:
            connection.close()
        return connection

    def _put_conn(self, conn: Any) -> None:
        if conn is not None:
            conn.idle_since = self._clock()
        super()._put_conn(conn)


class _TlsPool(_Pool, HTTPSConnectionPool):
    _kind = _TlsConnection
