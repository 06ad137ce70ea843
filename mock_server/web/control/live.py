"""Follow a journal as server-sent events, for as long as the client and the world stay."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

from mock_server.documents.journal_queries import Wanted
from mock_server.services.journal import differences
from mock_server.store.journal import Journal, Numbered
from mock_server.views.basics import compact
from mock_server.web.rsgi import Exchange, Scope, Stream, WholeAnswer
from polar_contract.json_types import JsonObject

# How often a stream looks for new entries. Requests do not tell their streams, so they need not know of them.
_SECONDS_BETWEEN = 0.2
# How many entries are written at once; the rest waits for the next look, and others get their turn.
_MOST_AT_ONCE = 50
# A comment, which clients skip: proxies close connections on which nothing comes.
_STILL_THERE = b": still there\n\n"
_ROUNDS_OF_SILENCE = 75

Write = Callable[[Sequence[Numbered]], Sequence[JsonObject]]


class LiveJournal:
    """Sends an event for each entry that matches. `write`: entries as the control API shows them. `is_over`: no more will come."""

    def __init__(
        self, journal: Journal, wanted: Wanted, write: Write, is_over: Callable[[], bool] = lambda: False
    ) -> None:
        self._journal = journal
        self._wanted = wanted
        self._write = write
        self._is_over = is_over

    async def send(self, _scope: Scope, exchange: Exchange, answer: WholeAnswer) -> None:
        status, headers, _ = answer
        stream = exchange.response_stream(status, [header for header in headers if header[0] != "Content-Length"])
        gone = asyncio.ensure_future(exchange.client_disconnect())
        try:
            # Sending to a client that has hung up is an error.
            with suppress(RuntimeError):
                await self._follow(stream, gone)
        finally:
            gone.cancel()

    async def _follow(self, stream: Stream, gone: asyncio.Future[None]) -> None:
        last, silent = self._wanted.after, 0
        await stream.send_bytes(_STILL_THERE)
        while not (gone.done() or self._is_over()):
            found = self._journal.after(last)[:_MOST_AT_ONCE]
            if found:
                last, silent = found[-1][0], 0
                # In a thread: long bodies take the time of a hundred requests, and the loop answers those meanwhile.
                events = await asyncio.get_running_loop().run_in_executor(None, self._events, found)
                if events:
                    await stream.send_bytes(events)
            else:
                silent += 1
            if silent == _ROUNDS_OF_SILENCE:
                await stream.send_bytes(_STILL_THERE)
                silent = 0
            await asyncio.wait((gone,), timeout=_SECONDS_BETWEEN)

    def _events(self, found: Sequence[Numbered]) -> bytes:
        matching = [one for one in found if not differences(one[1], self._wanted)]
        return b"".join(
            b"id: %d\nevent: request\ndata: %b\n\n" % (number, compact(entry))
            for (number, _), entry in zip(matching, self._write(matching), strict=True)
        )
