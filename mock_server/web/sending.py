"""Send a response as a fault wants it: late, cut, slow, without an end, or not at all. A waiting response holds no thread."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from mock_server.domain.faults import Connection
from mock_server.web.resetting import reset_connection
from mock_server.web.rsgi import Exchange, Scope, WholeAnswer

_NO_BODY = (204, 304)
_PIECE_SECONDS = 0.25
_SPACE_SECONDS = 1.0
_WRITING_SECONDS = 0.1
"""How long the library gets to write what was cut, before it finds out that the rest is missing."""
_RESET_SECONDS = 10.0

HungUp = asyncio.Future[None]


@dataclass(frozen=True, slots=True)
class FaultySending:
    """`seconds`: how late it begins. `body_seconds`: how long a slow body takes."""

    seconds: float
    connection: Connection | None
    body_seconds: float

    async def send(self, scope: Scope, exchange: Exchange, answer: WholeAnswer) -> None:
        """Ends early if the client hangs up."""
        hung_up: HungUp = asyncio.ensure_future(exchange.client_disconnect())
        try:
            if self.seconds and await _hangs_up_within(self.seconds, hung_up):
                return
            # A piece for a client that has hung up is an error.
            with suppress(RuntimeError):
                await self._send(scope, exchange, answer, hung_up)
        finally:
            hung_up.cancel()

    async def _send(self, scope: Scope, exchange: Exchange, answer: WholeAnswer, hung_up: HungUp) -> None:
        has_body = bool(answer[2]) and answer[0] not in _NO_BODY
        match self.connection:
            case Connection.CUT if has_body:
                await _send_cut(exchange, answer, hung_up)
            case Connection.CUT | Connection.RESET:
                await _reset(scope, hung_up)
            case Connection.SLOW if has_body:
                await _send_slowly(exchange, answer, hung_up, self.body_seconds)
            case Connection.ENDLESS:
                await _send_endlessly(exchange, answer, hung_up, has_body=has_body)
            case _:
                exchange.response_bytes(*answer)


async def _hangs_up_within(seconds: float, hung_up: HungUp) -> bool:
    await asyncio.wait((hung_up,), timeout=seconds)
    return hung_up.done()


async def _reset(scope: Scope, hung_up: HungUp) -> None:
    """The search for the socket runs in a thread, because it looks at every connection."""
    loop = asyncio.get_running_loop()
    if await loop.run_in_executor(None, reset_connection, scope.client, scope.server):
        # The library answers 500 for an application that ends without a response while the connection stands.
        await _hangs_up_within(_RESET_SECONDS, hung_up)


async def _send_cut(exchange: Exchange, answer: WholeAnswer, hung_up: HungUp) -> None:
    """Announce the whole length, and end after half of it: the library then closes the connection."""
    status, headers, body = answer
    stream = exchange.response_stream(status, headers)
    await stream.send_bytes(body[: len(body) // 2])
    await _hangs_up_within(_WRITING_SECONDS, hung_up)


async def _send_slowly(exchange: Exchange, answer: WholeAnswer, hung_up: HungUp, seconds: float) -> None:
    status, headers, body = answer
    pieces = min(len(body), max(2, round(seconds / _PIECE_SECONDS)))
    stream = exchange.response_stream(status, headers)
    for number in range(pieces):
        if number and await _hangs_up_within(seconds / (pieces - 1), hung_up):
            return
        await stream.send_bytes(body[len(body) * number // pieces : len(body) * (number + 1) // pieces])


async def _send_endlessly(exchange: Exchange, answer: WholeAnswer, hung_up: HungUp, *, has_body: bool) -> None:
    """The whole body, and then a blank each second, which time limits for a single read never notice."""
    status, headers, body = answer
    if not has_body:
        await hung_up
        return
    endless = [header for header in headers if header[0].lower() != "content-length"]
    stream = exchange.response_stream(status, endless)
    await stream.send_bytes(body)
    while not await _hangs_up_within(_SPACE_SECONDS, hung_up):
        await stream.send_bytes(b" ")
