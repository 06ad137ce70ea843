"""The access log: one line for each response, written by a thread of its own, so that a slow reader delays no request."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from enum import StrEnum
from queue import Full, Queue
from threading import Thread
from typing import NamedTuple

from mock_server.domain.clocks import Now, wall_now
from mock_server.views.redaction import Redactor
from mock_server.web.rsgi import Exchange, ResponseHeaders, Scope, Stream

# Of a longer address or header only the beginning is printed.
_MOST_CHARACTERS = 2_000
_LONGEST_SECRET = 1_000
"""One that is cut in two would not be recognized."""
# Lines that wait for a reader who does not read; later ones are left out and counted.
_MOST_WAITING = 10_000


class LogFormat(StrEnum):
    COMBINED = "combined"
    """The form of Apache and nginx, which log readers know."""
    JSON = "json"


class Served(NamedTuple):
    """One request and its response."""

    at: datetime
    client: str
    method: str
    target: str
    http_version: str
    status: int
    """0: the connection ended without a response."""
    sent_bytes: int
    seconds: float
    referrer: str
    user_agent: str


class AccessLog:
    """`write` takes one line with its end, and is called in the log's own thread."""

    def __init__(
        self,
        write: Callable[[str], object],
        format_: LogFormat = LogFormat.COMBINED,
        *,
        now: Now = wall_now,
        elapsed: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._write = write
        self._line = _json_line if format_ is LogFormat.JSON else _combined_line
        self._now = now
        self._elapsed = elapsed
        self._waiting: Queue[Served | None] = Queue(_MOST_WAITING)
        self._clear = Redactor().clear
        self._left_out = 0
        self._thread = Thread(target=self._run, name="access log", daemon=True)
        self._thread.start()

    async def served(
        self, scope: Scope, exchange: Exchange, answer: Callable[[Scope, Exchange], Awaitable[None]]
    ) -> None:
        """Let `answer` send the response, and log it."""
        at, start, noted = self._now(), self._elapsed(), _NotedExchange(exchange)
        try:
            await answer(scope, noted)
        finally:
            query = f"?{scope.query_string}" if scope.query_string else ""
            headers = scope.headers
            self._put(
                Served(
                    at,
                    scope.client.rpartition(":")[0],
                    scope.method,
                    self._shown(f"{scope.path}{query}"),
                    scope.http_version,
                    noted.status,
                    noted.sent_bytes,
                    self._elapsed() - start,
                    self._shown(headers.get("referer") or "-"),
                    self._shown(headers.get("user-agent") or "-"),
                )
            )

    def _shown(self, text: str) -> str:
        cleared = self._clear(text[: _MOST_CHARACTERS + _LONGEST_SECRET])
        return cleared if len(text) <= _MOST_CHARACTERS else f"{cleared[:_MOST_CHARACTERS]}…"

    def stop(self, seconds: float) -> None:
        """Write what waits, for at most so long."""
        try:
            self._waiting.put(None, timeout=seconds)
        except Full:
            return
        self._thread.join(seconds)

    def _put(self, served: Served) -> None:
        try:
            self._waiting.put_nowait(served)
        except Full:
            self._left_out += 1

    def _run(self) -> None:
        while (served := self._waiting.get()) is not None:
            try:
                self._write(self._line(served))
                if self._left_out and self._waiting.empty():
                    left_out, self._left_out = self._left_out, 0
                    self._write(f"# {left_out} lines were left out, because nobody read them in time\n")
            except OSError:  # the reader is gone; the server serves anyway
                return


class _NotedExchange:
    """An exchange that notes the status and how many bytes of the body were sent."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self.status = 0
        self.sent_bytes = 0

    def __call__(self) -> Awaitable[bytes]:
        return self._exchange()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._exchange.__aiter__()

    def client_disconnect(self) -> Awaitable[None]:
        return self._exchange.client_disconnect()

    def response_bytes(self, status: int, headers: ResponseHeaders, body: bytes) -> None:
        self.status, self.sent_bytes = status, len(body)
        self._exchange.response_bytes(status, headers, body)

    def response_stream(self, status: int, headers: ResponseHeaders) -> Stream:
        self.status = status
        return _NotedStream(self, self._exchange.response_stream(status, headers))


class _NotedStream:
    def __init__(self, exchange: _NotedExchange, stream: Stream) -> None:
        self._exchange = exchange
        self._stream = stream

    def send_bytes(self, piece: bytes) -> Awaitable[None]:
        self._exchange.sent_bytes += len(piece)
        return self._stream.send_bytes(piece)


def _combined_line(served: Served) -> str:
    at = served.at.strftime("%d/%b/%Y:%H:%M:%S %z")
    request = _quoted(f"{served.method} {served.target} HTTP/{served.http_version}")
    sent = served.sent_bytes or "-"
    return (
        f"{served.client} - - [{at}] {request} {served.status or '-'} {sent} "
        f"{_quoted(served.referrer)} {_quoted(served.user_agent)}\n"
    )


def _quoted(text: str) -> str:
    """In quotes; what could end the quotes or the line is escaped as Apache escapes it."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    shown = "".join(
        c if c.isprintable() else "".join(f"\\x{byte:02x}" for byte in c.encode("utf-8", "replace")) for c in plain
    )
    return f'"{shown}"'


def _json_line(served: Served) -> str:
    line = {
        "at": served.at.isoformat().replace("+00:00", "Z"),
        "client": served.client,
        "method": served.method,
        "target": served.target,
        "status": served.status or None,
        "sent_bytes": served.sent_bytes,
        "milliseconds": round(served.seconds * 1000, 3),
        "user_agent": served.user_agent,
    }
    return json.dumps(line, separators=(",", ":")) + "\n"
