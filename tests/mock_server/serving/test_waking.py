"""The event loop of the server: woken once for many calls, and never left asleep."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from threading import Thread
from unittest.mock import patch

import pytest

from mock_server.serving.waking import WokenOnceLoop

_CALLS = 1_000


@pytest.fixture
def loop() -> Iterator[WokenOnceLoop]:
    loop = WokenOnceLoop()
    yield loop
    loop.close()


def test_when_calls_come_while_the_loop_is_busy_then_it_is_woken_once_and_runs_all(loop: WokenOnceLoop) -> None:
    came: list[int] = []

    async def hand_over() -> None:
        for number in range(_CALLS):
            loop.call_soon_threadsafe(came.append, number)

    with patch.object(asyncio.SelectorEventLoop, "_write_to_self", autospec=True) as write:
        loop.run_until_complete(hand_over())

    assert write.call_count == 1
    assert came == [*range(_CALLS)]


def test_when_another_thread_waits_for_each_call_then_the_loop_is_woken_for_each(loop: WokenOnceLoop) -> None:
    async def answer(number: int) -> int:
        return number

    def ask() -> None:
        # Each waits until the loop has run the one before, so it may be asleep again.
        answers.extend(asyncio.run_coroutine_threadsafe(answer(number), loop).result() for number in range(_CALLS))
        loop.call_soon_threadsafe(loop.stop)

    answers: list[int] = []
    asking = Thread(target=ask)
    asking.start()
    loop.run_forever()
    asking.join()

    assert answers == [*range(_CALLS)]


def test_when_many_threads_hand_over_then_no_call_is_missed(loop: WokenOnceLoop) -> None:
    came: list[int] = []
    threads = 8

    def take(number: int) -> None:
        came.append(number)
        if len(came) == threads * _CALLS:
            loop.stop()

    def hand_over() -> None:
        for number in range(_CALLS):
            loop.call_soon_threadsafe(take, number)

    handing_over = [Thread(target=hand_over) for _ in range(threads)]
    for thread in handing_over:
        thread.start()
    loop.run_forever()
    for thread in handing_over:
        thread.join()

    assert sorted(came) == sorted([*range(_CALLS)] * threads)
