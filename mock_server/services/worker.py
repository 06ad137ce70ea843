"""The threads that run due jobs in worlds whose clock runs with the machine's."""

from __future__ import annotations

import logging
import time
from threading import Event, Thread

from mock_server.domain.jobs import INVOICE_QUEUE, PAYMENT_QUEUE, RECEIPT_QUEUE
from mock_server.services.context import Services
from mock_server.services.jobs import run_due
from mock_server.services.places import Places, Queue
from mock_server.store.state import World

_LOG = logging.getLogger(__name__)
_LONGEST_WAIT_SECONDS = 3600.0
_PAUSE_SECONDS = 1.0
_TURN_SECONDS = 1.0
"""After this time a queue gives its thread to the one that waits longest; a running attempt ends first."""
_STOP_SECONDS = 1.0
_QUICK_QUEUES = frozenset({INVOICE_QUEUE, RECEIPT_QUEUE, PAYMENT_QUEUE})


class JobWorker:
    """Sleeps until the next job of any queue is due, or until a new job is reported; each queue runs in its own thread.

    Invoices, receipts and payments have threads of their own, so that they never wait for a receiver of webhooks.
    """

    def __init__(self) -> None:
        self._woken = Event()
        self._stopping = False
        self._thread: Thread | None = None
        self._waiting: list[Queue] = []
        """Queues that are due and have no thread yet, the longest-waiting first."""
        self._quick = Places(of_a_world=len(_QUICK_QUEUES), shared=4, most=4)
        # Waiting for a receiver needs a thread and little else.
        self._webhooks = Places(of_a_world=16, shared=64, most=256)

    def wake(self) -> None:
        self._woken.set()

    def start(self, services: Services) -> None:
        self._thread = Thread(target=self._run, args=(services,), name="jobs", daemon=True)
        self._thread.start()

    def stop(self, services: Services) -> None:
        """Cancel every running job, including those on request threads, and start no more. Takes a second at most."""
        self._stopping = True
        for world in services.worlds.all():
            world.end_work()
        self.wake()
        if self._thread is not None:
            self._thread.join(_STOP_SECONDS)
        for places in (self._quick, self._webhooks):
            places.wait_until_free(_STOP_SECONDS / 2)

    def _run(self, services: Services) -> None:
        while not self._stopping:
            try:
                wait = self._plan(services)
                self._start_queues(services)
            except Exception:  # any error: the loop that all worlds depend on has to continue
                _LOG.exception("the jobs could not be planned; trying again in %g s", _PAUSE_SECONDS)
                wait = _PAUSE_SECONDS
            self._woken.wait(wait)
            self._woken.clear()

    def _plan(self, services: Services) -> float:
        """Record which queues are due; returns machine seconds until the next one is."""
        wait = _LONGEST_WAIT_SECONDS
        due: dict[Queue, None] = {}
        for world in services.worlds.all():
            for name, moment in world.state.jobs.next_due_by_queue().items():
                delay = world.clock.wall_delay_until(moment)
                queue = (world, name)
                if delay is None or self._places(name).has(queue):
                    continue
                if delay > 0:
                    wait = min(wait, delay)
                else:
                    due[queue] = None
        still = [queue for queue in self._waiting if queue in due]
        self._waiting = list(dict.fromkeys([*still, *due]))
        return wait

    def _places(self, queue: str) -> Places:
        return self._quick if queue in _QUICK_QUEUES else self._webhooks

    def _start_queues(self, services: Services) -> None:
        for world, name in self._waiting:
            if self._places(name).take((world, name)):
                self._start_queue(services, world, name)

    def _start_queue(self, services: Services, world: World, queue: str) -> None:
        thread = Thread(target=self._run_queue, args=(services, world, queue), name=f"jobs of {queue}", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            self._places(queue).give_back((world, queue))
            raise

    def _run_queue(self, services: Services, world: World, queue: str) -> None:
        ends_at = time.monotonic() + _TURN_SECONDS
        try:
            run_due(services, world, queue=queue, is_enough=lambda: time.monotonic() >= ends_at)
        finally:
            self._places(queue).give_back((world, queue))
            self.wake()
