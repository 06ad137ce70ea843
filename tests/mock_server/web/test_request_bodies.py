"""The time limit of bodies: each has its own, and one timer watches all of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from unittest.mock import patch

from mock_server.web.request_bodies import Body, BodyReader, BodyState

_MANY = 50


class Headers(dict[str, str]):
    """As the server gives them."""

    def items(self) -> list[tuple[str, str]]:  # type: ignore[override]
        return [*super().items()]

    def keys(self) -> list[str]:  # type: ignore[override]
        return [*super().keys()]

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
        return super().get(key, default)


_TWO_BYTES = Headers({"content-length": "2"})


class Incoming:
    """A body of which the rest comes when it is sent."""

    def __init__(self) -> None:
        self._rest = asyncio.get_running_loop().create_future()

    def send(self) -> None:
        self._rest.set_result(b"{}")

    def __call__(self) -> Awaitable[bytes]:
        return self._rest

    def __aiter__(self) -> AsyncIterator[bytes]:
        raise NotImplementedError


def test_when_many_bodies_are_read_then_one_timer_watches_them() -> None:
    async def read_all() -> list[Body]:
        reader = BodyReader(seconds=60)
        loop = asyncio.get_running_loop()
        with patch.object(loop, "call_later", wraps=loop.call_later) as timer:
            bodies = []
            for _ in range(_MANY):
                incoming = Incoming()
                incoming.send()
                bodies.append(await reader.read(_TWO_BYTES, incoming, 10))
            assert timer.call_count == 1
        return bodies

    assert asyncio.run(read_all()) == [Body(BodyState.WHOLE, b"{}")] * _MANY


def test_when_one_of_two_bodies_is_late_then_it_alone_ends() -> None:
    async def read_both() -> tuple[Body, Body]:
        reader = BodyReader(seconds=0.05)
        late, punctual = Incoming(), Incoming()
        first = asyncio.ensure_future(reader.read(_TWO_BYTES, late, 10))
        await asyncio.sleep(0)
        reader.seconds = 60
        second = asyncio.ensure_future(reader.read(_TWO_BYTES, punctual, 10))
        ended = await first
        punctual.send()
        return ended, await second

    assert asyncio.run(read_both()) == (Body(BodyState.TOO_LATE), Body(BodyState.WHOLE, b"{}"))


def test_when_another_late_body_follows_then_it_ends_too() -> None:
    async def read_two() -> list[Body]:
        reader = BodyReader(seconds=0.02)
        return [await reader.read(_TWO_BYTES, Incoming(), 10) for _ in range(2)]

    assert asyncio.run(read_two()) == [Body(BodyState.TOO_LATE)] * 2


def test_when_the_server_stops_then_every_read_ends_and_none_begins() -> None:
    async def stop() -> list[Body]:
        reader = BodyReader(seconds=60)
        reading = [asyncio.ensure_future(reader.read(_TWO_BYTES, Incoming(), 10)) for _ in range(2)]
        await asyncio.sleep(0)
        reader.stop()
        return [*await asyncio.gather(*reading), await reader.read(_TWO_BYTES, Incoming(), 10)]

    assert asyncio.run(stop()) == [Body(BodyState.STOPPED)] * 3


def test_when_a_reading_task_is_cancelled_by_others_then_it_is_cancelled() -> None:
    async def cancel() -> bool:
        reader = BodyReader(seconds=60)
        reading = asyncio.ensure_future(reader.read(_TWO_BYTES, Incoming(), 10))
        await asyncio.sleep(0)
        reading.cancel()
        await asyncio.wait((reading,))
        return reading.cancelled()

    assert asyncio.run(cancel())
