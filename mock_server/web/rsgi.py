"""Connect the HTTP server's protocol (RSGI) to the application: one request in, its WSGI call, one response out.

API requests are handled on the event loop itself, which takes less time than a hand-over to a thread. Calls that may take
long (control calls, documents) run in threads, and the loop answers other requests in the meantime.
"""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Protocol

from mock_server.domain.cancellation import Cancellation
from mock_server.web import problems
from mock_server.web.exchange import Answer
from mock_server.web.request_bodies import Body, BodyReader, BodyState, IncomingBody, RequestHeaders, limit_for

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

HANGING_UP = "mock_server.hanging_up"
"""The key in an environ of the cancellation of a call that runs in a thread."""
SENDING = "mock_server.sending"
"""The key in an environ of a `Sending`, which the application puts there for a response that is not sent whole and at once."""
_CLOSE = ("Connection", "close")
_NO_BODY = Body(BodyState.WHOLE)
# Clients invent header names: the table of known names has a size limit.
_MOST_KNOWN_NAMES = 256
HEADER_BYTES = "mock_server.header_bytes"
"""The key in an environ of how long the values of its headers are."""
ResponseHeaders = list[tuple[str, str]]
WholeAnswer = tuple[int, ResponseHeaders, bytes]


class Scope(Protocol):
    """The server's description of a request; `path` is percent-decoded, wrong UTF-8 in it replaced."""

    client: str
    """The client's address and port: `127.0.0.1:50123`, `[::1]:50123`."""
    server: str
    """The server's end of the connection, in the same form."""
    http_version: str
    method: str
    path: str
    query_string: str

    @property
    def headers(self) -> RequestHeaders: ...


class Exchange(IncomingBody, Protocol):
    """A request's body, and the receiver of its response."""

    def client_disconnect(self) -> Awaitable[None]:
        """Is over once the client has closed its connection."""

    def response_bytes(self, status: int, headers: ResponseHeaders, body: bytes) -> None: ...

    def response_stream(self, status: int, headers: ResponseHeaders) -> Stream:
        """Send the status and the headers now, and the body in pieces; it ends when the caller's coroutine does."""


class Stream(Protocol):
    """The body of a response that is sent in pieces."""

    def send_bytes(self, piece: bytes) -> Awaitable[None]:
        """Send a piece. Errors: RuntimeError when the client has hung up."""


class Sending(Protocol):
    """Sends one response in its own way: late, in pieces, without an end, or not at all."""

    async def send(self, scope: Scope, exchange: Exchange, answer: WholeAnswer) -> None: ...


class Environs:
    """WSGI environments, with the values that the same server's WSGI side gives. Repeated parts are built once."""

    def __init__(self, server_name: str, server_port: int) -> None:
        self._base: WSGIEnvironment = {
            "SCRIPT_NAME": "",
            "SERVER_NAME": server_name,
            "SERVER_PORT": str(server_port),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.errors": sys.stderr,
            "wsgi.input_terminated": True,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        self._keys = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}

    def environ(self, scope: Scope, path: str, headers: RequestHeaders, body: bytes) -> WSGIEnvironment:
        """Repeated headers are joined by commas; of content types only the first counts."""
        environ = self._base.copy()
        environ["REQUEST_METHOD"] = scope.method
        environ["PATH_INFO"] = _as_wsgi(path)
        environ["QUERY_STRING"] = _as_wsgi(scope.query_string)
        environ["SERVER_PROTOCOL"] = f"HTTP/{scope.http_version}"
        environ["wsgi.input"] = io.BytesIO(body)
        self._add_headers(environ, headers)
        environ.setdefault("HTTP_HOST", "")
        return environ

    def _add_headers(self, environ: WSGIEnvironment, headers: RequestHeaders) -> None:
        lines = headers.items()
        repeated = size = 0
        for name, value in lines:
            size += len(value)
            key = self._keys.get(name) or self._key(name)
            if key not in environ:
                environ[key] = value
                continue
            repeated += 1
            if name != "content-type":
                environ[key] = f"{environ[key]},{value}"
        environ[HEADER_BYTES] = size
        if len(lines) - repeated < len(headers):
            # Lines whose value is not ASCII have no item.
            for name in headers.keys():  # noqa: SIM118  no mapping: its iterator is a list's too
                environ.setdefault(self._keys.get(name) or self._key(name), "")

    def _key(self, name: str) -> str:
        key = "HTTP_" + name.upper().replace("-", "_")
        if len(self._keys) < _MOST_KNOWN_NAMES:
            self._keys[name] = key
        return key


def _as_wsgi(text: str) -> str:
    """WSGI represents bytes as Latin-1 texts. Source: PEP 3333."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("latin-1")


class Front:
    """The application as the server calls it. `threads_for`: the threads for a path, None for the loop itself.

    `api_body_bytes`: the size limit of bodies that are sent to the API; it grows with the revisions that are served.
    """

    def __init__(
        self,
        app: WSGIApplication,
        *,
        environs: Environs,
        bodies: BodyReader,
        threads_for: Callable[[str], Executor | None],
        api_body_bytes: Callable[[], int],
    ) -> None:
        self._app = app
        self._environs = environs
        self._bodies = bodies
        self._threads_for = threads_for
        self._api_body_bytes = api_body_bytes

    async def answer(self, scope: Scope, exchange: Exchange) -> None:
        # Each of the two is made anew when it is asked for.
        headers, path = scope.headers, scope.path
        body = _NO_BODY
        # Most requests have none, and asking the reader costs each of them a coroutine.
        if headers.get("content-length", "0") != "0" or "transfer-encoding" in headers:
            body = await self._bodies.read(headers, exchange, limit_for(path, self._api_body_bytes()))
            refusal = _refusal(body.state, self._bodies.seconds)
            if refusal is not None:
                exchange.response_bytes(refusal.status, [*refusal.headers, _CLOSE], refusal.body)
                return
        environ = self._environs.environ(scope, path, headers, body.content)
        threads = self._threads_for(path)
        if threads is None:
            status, answered, content = call_wsgi(self._app, environ)
        else:
            status, answered, content = await self._call_in_thread(threads, environ, exchange)
        if body.state is BodyState.TOO_LARGE:
            answered.append(_CLOSE)
        sending: Sending | None = environ.get(SENDING)
        if sending is None:
            exchange.response_bytes(status, answered, content)
        else:
            await sending.send(scope, exchange, (status, answered, content))

    async def _call_in_thread(self, threads: Executor, environ: WSGIEnvironment, exchange: Exchange) -> WholeAnswer:
        """The application finds in `environ` a cancellation, which tells it that the client has hung up."""
        environ[HANGING_UP] = hanging_up = Cancellation()
        watching = asyncio.ensure_future(_cancel_after(exchange.client_disconnect(), hanging_up))
        try:
            return await asyncio.get_running_loop().run_in_executor(threads, call_wsgi, self._app, environ)
        finally:
            watching.cancel()


async def _cancel_after(hung_up: Awaitable[None], cancellation: Cancellation) -> None:
    await hung_up
    cancellation.cancel()


def _refusal(state: BodyState, seconds: float) -> Answer | None:
    """The response to a request whose body is missing; None if the application has to give it."""
    match state:
        case BodyState.TOO_LATE:
            return problems.body_too_late(seconds)
        case BodyState.UNFINISHED:
            return problems.BODY_UNREADABLE
        case BodyState.STOPPED:
            return problems.SERVER_STOPS
        case _:
            return None


def call_wsgi(app: WSGIApplication, environ: WSGIEnvironment) -> WholeAnswer:
    """The whole response of a WSGI application."""
    status, headers = "", ResponseHeaders()

    def start_response(
        status_line: str, fields: list[tuple[str, str]], _error: object = None
    ) -> Callable[[bytes], object]:
        nonlocal status, headers
        status, headers = status_line, fields
        return _refuse_to_write

    parts = app(environ, start_response)
    try:
        content = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    return int(status[:3]), headers, content


def _refuse_to_write(_: bytes) -> object:
    raise NotImplementedError("WSGI's `write`, which no application of this project uses")
