"""Serve a WSGI application: one process, one event loop, the HTTP part in threads of the server library.

Reasons for this server and this structure: docs/decisions/0012-one-process-and-an-event-loop.md
"""

from __future__ import annotations

import asyncio
import resource
import socket
import sys
from collections.abc import Callable, Coroutine, Sequence
from threading import Thread
from typing import TYPE_CHECKING, Any

from granian import net
from granian.http import HTTP1Settings
from granian.server.embed import Server as Granian

from mock_server.serving.access_log import AccessLog
from mock_server.serving.listening import Listening
from mock_server.serving.waking import WokenOnceLoop
from mock_server.web.request_bodies import BodyReader
from mock_server.web.rsgi import Environs, Exchange, Front, Scope
from mock_server.web.threads import Threads

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_HOLDER: Any = net.SocketHolder  # type: ignore[attr-defined]  # takes a descriptor, which its stubs leave out
# Also the idle limit of a connection; only the connection itself waits.
_HEADERS_SECONDS = 30.0
_GRACE_SECONDS = 0.8
"""How long responses under way may take after a stop request."""
_LOG_SECONDS = 0.3
"""How long the reader of the access log may take for the lines that wait at the end."""
_MOST_CONNECTIONS = 16_384
_OTHER_DESCRIPTORS = 128


class _Target:
    """What the library calls; `started` is called once it accepts connections."""

    def __init__(self, front: Front, started: Callable[[], None], access_log: AccessLog | None) -> None:
        self._front = front
        self._started = started
        self._access_log = access_log

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        # The library's worker begins right after this call, in the same step of the loop.
        loop.call_soon(self._started)

    def __rsgi__(self, scope: Scope, exchange: Exchange) -> Coroutine[Any, Any, None]:
        if self._access_log is not None:
            return self._access_log.served(scope, exchange, self._front.answer)
        # Not a coroutine of its own, which each request would pay for.
        return self._front.answer(scope, exchange)


class _Server(Granian):
    """The library's server on a socket that already listens."""

    def __init__(self, target: _Target, listener: socket.socket, connections: int) -> None:
        super().__init__(
            target=target,
            interface="rsgi",  # type: ignore[arg-type]  # a str enum that accepts the text
            http="1",  # type: ignore[arg-type]
            websockets=False,
            log_enabled=False,
            backpressure=connections,
            http1_settings=HTTP1Settings(header_read_timeout=int(_HEADERS_SECONDS * 1000)),
        )
        self._listener = listener

    def _init_shared_socket(self) -> None:
        # The library would bind with SO_REUSEPORT: two mocks could share a port, and each would get some of the connections.
        backlog = (socket.SOMAXCONN,) if sys.platform == "linux" else ()
        self._shd: Any = _HOLDER(self._listener.detach(), False, *backlog)


class ServingEnded(Exception):
    """The server library ended by itself."""


class Serving:
    """An application on listening sockets. `stop` may be called from any thread, at any time."""

    def __init__(
        self,
        app: WSGIApplication,
        listening: Listening,
        *,
        body_seconds: float,
        api_body_bytes: Callable[[], int],
        access_log: AccessLog | None = None,
    ) -> None:
        self._listening = listening
        self._access_log = access_log
        self._threads = Threads()
        self._bodies = BodyReader(body_seconds)
        self._front = Front(
            app,
            environs=Environs(listening.host, listening.port),
            bodies=self._bodies,
            threads_for=self._threads.of,
            api_body_bytes=api_body_bytes,
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._is_stopped = False

    def run(self, ready: Callable[[], None], ended: Callable[[], None] = lambda: None) -> None:
        """Serve until `stop`. `ready` is called in its own thread once requests are answered. Errors: ServingEnded.

        `ended` is called once the answers in progress are sent. A process that exits there does not close the event
        loop, which would print a warning for each request that arrived but was not started.
        """
        with asyncio.Runner(loop_factory=WokenOnceLoop) as runner:
            runner.run(self._run(ready, ended))

    def stop(self) -> None:
        self._is_stopped = True
        if self._loop is not None and self._stopping is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)

    async def _run(self, ready: Callable[[], None], ended: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        if self._is_stopped:
            return
        sockets, connections = self._listening.sockets, _allow_connections()
        waiting = [asyncio.Event() for _ in sockets]
        servers = [
            _Server(_Target(self._front, started.set, self._access_log), listener, connections // len(sockets))
            for listener, started in zip(sockets, waiting, strict=True)
        ]
        serving = asyncio.gather(*(server.serve() for server in servers))
        announcing = asyncio.ensure_future(self._announce_when_ready(waiting, ready))
        stopping = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
        if not stopping.done():
            raise ServingEnded("the HTTP server ended by itself")
        announcing.cancel()
        await self._end(servers, serving)
        ended()

    async def _announce_when_ready(self, waiting: Sequence[asyncio.Event], ready: Callable[[], None]) -> None:
        for started in waiting:
            await started.wait()
        # Its output may have to wait for its reader; the server must not wait for that.
        Thread(target=ready, name="ready", daemon=True).start()

    async def _end(self, servers: Sequence[_Server], serving: asyncio.Future[Any]) -> None:
        """Accept no more connections; leave responses under way a moment to be sent."""
        self._bodies.stop()
        self._threads.stop()
        for server in servers:
            server.stop()  # type: ignore[no-untyped-call]
        await asyncio.wait((serving,), timeout=_GRACE_SECONDS)
        if self._access_log is not None:
            self._access_log.stop(_LOG_SECONDS)
        # From here on the library would log its own unfinished work, and nobody reads that.
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)


def _allow_connections() -> int:
    """The connection limit, below the process's open-file limit: a server that can't accept can't report it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_CONNECTIONS + _OTHER_DESCRIPTORS
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
        soft = allowed
    return max(16, min(_MOST_CONNECTIONS, allowed - _OTHER_DESCRIPTORS))
