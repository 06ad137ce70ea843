"""Read a request's body before the application is called: complete, in time, and within the application's limit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

CONTROL_BODY_LIMIT_BYTES = 16 * 1024 * 1024
"""World documents are larger than what the API takes."""


class RequestHeaders(Protocol):
    """Header lines; names in lower case. Lines whose value is not ASCII have a name and no item."""

    def items(self) -> list[tuple[str, str]]: ...
    def keys(self) -> list[str]: ...
    def get(self, key: str, default: str | None = None) -> str | None: ...
    def __contains__(self, key: str) -> bool: ...
    def __len__(self) -> int: ...


class IncomingBody(Protocol):
    """A body that is still to be received: all at once, or piece by piece. Errors of the first: RuntimeError if the rest is missing."""

    def __call__(self) -> Awaitable[bytes]: ...
    def __aiter__(self) -> AsyncIterator[bytes]: ...


class BodyState(Enum):
    """How reading ended. Only after WHOLE can the connection take another request."""

    WHOLE = auto()
    TOO_LARGE = auto()
    """The read bytes, if any, exceed the limit by one byte; or the announced length exceeded it."""
    TOO_LATE = auto()
    UNFINISHED = auto()
    """The client closed the connection, or its chunks are not valid HTTP."""
    STOPPED = auto()
    """The server stops and waits for no more bodies."""


@dataclass(frozen=True, slots=True)
class Body:
    state: BodyState
    content: bytes = b""


_NONE = Body(BodyState.WHOLE)


class BodyReader:
    """Reads bodies, each with one deadline for all of it; a slow client delays no other client."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._ends: dict[asyncio.Task[object], float] = {}
        """When each read has to be over, the earliest first, because all have the same time."""
        self._timer: asyncio.TimerHandle | None = None
        """One for all reads: one for each took a fifth of a request with a body."""
        self._is_stopped = False

    async def read(self, headers: RequestHeaders, incoming: IncomingBody, most_bytes: int) -> Body:
        """Read the body, unless its announced length is too large."""
        announced = headers.get("content-length")
        if announced is None:
            if "transfer-encoding" not in headers:
                return _NONE
            return await self._in_time(
                lambda: _read_chunks(incoming, most_bytes, may_have_trailers="trailer" in headers)
            )
        if not announced.isdecimal() or int(announced) > most_bytes:
            return Body(BodyState.TOO_LARGE)
        return await self._in_time(lambda: _read_announced(incoming)) if int(announced) else _NONE

    def stop(self) -> None:
        """Stop waiting for bodies."""
        self._is_stopped = True
        self._end([*self._ends])

    async def _in_time(self, read: Callable[[], Awaitable[Body]]) -> Body:
        if self._is_stopped:
            return Body(BodyState.STOPPED)
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        self._ends[task] = loop.time() + self.seconds
        if self._timer is None:
            self._timer = loop.call_later(self.seconds, self._end_late)
        try:
            return await read()
        except asyncio.CancelledError:
            if task in self._ends:
                raise
            task.uncancel()
            return Body(BodyState.STOPPED if self._is_stopped else BodyState.TOO_LATE)
        finally:
            self._ends.pop(task, None)

    def _end_late(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        self._end([task for task, ends_at in self._ends.items() if ends_at <= now])
        following = next(iter(self._ends.values()), None)
        self._timer = None if following is None else loop.call_at(following, self._end_late)

    def _end(self, tasks: list[asyncio.Task[object]]) -> None:
        """End these reads: a task that is cancelled and has no time any more was ended here."""
        for task in tasks:
            del self._ends[task]
            task.cancel()


def limit_for(path: str, api_bytes: int) -> int:
    """The maximum number of bytes in a body sent to this path; `api_bytes`: to one of the API."""
    return CONTROL_BODY_LIMIT_BYTES if path.startswith("/_mock") else api_bytes


async def _read_announced(incoming: IncomingBody) -> Body:
    try:
        return Body(BodyState.WHOLE, await incoming())
    except RuntimeError:
        return Body(BodyState.UNFINISHED)


async def _read_chunks(incoming: IncomingBody, most_bytes: int, *, may_have_trailers: bool) -> Body:
    """Read chunks until their end, or one byte more than is allowed.

    The server gives an empty piece at the end, and another one before it for trailers and for an error, without saying which.
    """
    content = bytearray()
    empty = 0
    async for piece in incoming:
        content += piece
        empty += not piece
        if len(content) > most_bytes:
            return Body(BodyState.TOO_LARGE, bytes(content[: most_bytes + 1]))
    if empty > 1 and not may_have_trailers:
        return Body(BodyState.UNFINISHED)
    return Body(BodyState.WHOLE, bytes(content))
