"""Threads that run one call after the other: every call runs once, and an idle thread is used before a new one."""

from __future__ import annotations

from collections import Counter
from threading import Event, Thread, current_thread

import pytest

from mock_server.services.reused_threads import ReusedThreads
from tests.mock_server.delivery.test_worker import TIMEOUT_SECONDS, wait_until


def test_when_a_call_is_over_then_its_thread_runs_the_next_one() -> None:
    threads = ReusedThreads("calls", idle_seconds=TIMEOUT_SECONDS)
    used: list[Thread] = []
    threads.run(lambda: used.append(current_thread()))
    wait_until(lambda: threads.run_in_idle(lambda: used.append(current_thread())))
    wait_until(lambda: len(used) == 2)

    assert used[0] is used[1]


def test_when_its_thread_is_busy_then_a_call_runs_in_another() -> None:
    threads = ReusedThreads("calls", idle_seconds=TIMEOUT_SECONDS)
    over, ran = Event(), Event()
    threads.run(lambda: over.wait(TIMEOUT_SECONDS))
    assert threads.run_in_idle(ran.set) is False

    threads.run(ran.set)

    assert ran.wait(TIMEOUT_SECONDS)
    over.set()


def test_when_no_call_comes_then_a_thread_ends() -> None:
    threads = ReusedThreads("calls", idle_seconds=0.001)
    used: list[Thread] = []
    threads.run(lambda: used.append(current_thread()))
    wait_until(lambda: len(used) == 1)

    used[0].join(TIMEOUT_SECONDS)

    assert not used[0].is_alive()
    assert threads.run_in_idle(lambda: None) is False


@pytest.mark.parametrize("idle_seconds", [0.0, 0.0001, 10.0])
def test_when_several_threads_call_then_each_call_runs_once(idle_seconds: float) -> None:
    threads = ReusedThreads("calls", idle_seconds=idle_seconds)
    ran: list[int] = []

    def call_from(start: int) -> None:
        for number in range(start, start + 200):
            threads.run(lambda number=number: ran.append(number))  # type: ignore[misc]

    callers = [Thread(target=call_from, args=(start,)) for start in (0, 200, 400)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    wait_until(lambda: len(ran) >= 600)

    assert Counter(ran) == Counter(range(600))
