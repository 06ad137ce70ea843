"""The threads that run due jobs in worlds whose clock runs with the machine's."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from threading import Event, Thread

from mock_server.domain.jobs import INVOICE_QUEUE, PAYMENT_QUEUE, RECEIPT_QUEUE, Job
from mock_server.services.context import Services
from mock_server.services.jobs import run_queue
from mock_server.services.places import Places, Queue
from mock_server.services.reused_threads import ReusedThreads
from mock_server.store.state import World

_LOG = logging.getLogger(__name__)
_LONGEST_WAIT_SECONDS = 3600.0
_PAUSE_SECONDS = 1.0
_TURN_SECONDS = 1.0
"""After this time a queue gives its thread to the one that waits longest; a running attempt ends first."""
_STOP_SECONDS = 1.0
_QUICK_QUEUES = frozenset({INVOICE_QUEUE, RECEIPT_QUEUE, PAYMENT_QUEUE})


class JobWorker:
    """Runs each queue that is due in its own thread; one more thread sleeps until the next job of any world is due.

    A job that is due at once starts without that thread, if no queue waits for a place. A queue's own thread finds what
    is added while it runs. So a new job costs the same however many wait, and in however many worlds.
    Invoices, receipts and payments have threads of their own, so that they never wait for a receiver of webhooks.
    """

    def __init__(self) -> None:
        self._services: Services | None = None
        self._woken = Event()
        self._stopping = False
        self._thread: Thread | None = None
        self._changed: set[World] = set()
        """Worlds in which a queue may be due, or due earlier than was known."""
        self._looks_at: dict[World, float] = {}
        """When the next job of a world is due, by `time.monotonic`, for those that have one."""
        self._waiting: dict[Queue, None] = {}
        """Queues that are due and have no place yet, the longest-waiting first."""
        self._threads = ReusedThreads("jobs of a queue")
        self._quick = Places(of_a_world=len(_QUICK_QUEUES), shared=4, most=4)
        # Waiting for a receiver needs a thread and little else.
        self._webhooks = Places(of_a_world=16, shared=64, most=256)

    def wake(self, world: World, jobs: Iterable[Job]) -> None:
        """Look for due jobs of a world that has got these new ones; without any, its clock was changed."""
        # Of each queue the job that is due first.
        new = {job.queue: job for job in sorted(jobs, key=_due, reverse=True)}
        if not new or not all(self._is_looked_after(world, job) for job in new.values()):
            self._look_again(world)

    def start(self, services: Services) -> None:
        self._services = services
        self._thread = Thread(target=self._run, args=(services,), name="jobs", daemon=True)
        self._thread.start()

    def stop(self, services: Services) -> None:
        """Cancel every running job, including those on request threads, and start no more. Takes a second at most."""
        self._stopping = True
        for world in services.worlds.all():
            world.end_work()
        self._woken.set()
        if self._thread is not None:
            self._thread.join(_STOP_SECONDS)
        for places in (self._quick, self._webhooks):
            places.wait_until_free(_STOP_SECONDS / 2)

    def _is_looked_after(self, world: World, job: Job) -> bool:
        """Whether a new job runs in its time without the thread that plans."""
        delay = world.clock.wall_delay_until(job.due_at) if job.due_at else None
        if delay is None or self._places(job.queue).has((world, job.queue)):
            return True
        if delay > 0:
            return self._looks_at.get(world, float("inf")) <= time.monotonic() + delay
        return not self._waiting and self._runs_in_idle_thread((world, job.queue))

    def _runs_in_idle_thread(self, queue: Queue) -> bool:
        if self._services is None or self._stopping or not self._places(queue[1]).take(queue):
            return False
        if self._threads.run_in_idle(partial(self._run_queue, self._services, queue)):
            return True
        self._places(queue[1]).give_back(queue)
        return False

    def _look_again(self, world: World) -> None:
        self._changed.add(world)
        self._woken.set()

    def _run(self, services: Services) -> None:
        while not self._stopping:
            try:
                wait = self._plan()
                self._start_queues(services)
            except Exception:  # any error: the loop that all worlds depend on has to continue
                _LOG.exception("the jobs could not be planned; trying again in %g s", _PAUSE_SECONDS)
                self._changed.update(services.worlds.all())
                wait = _PAUSE_SECONDS
            self._woken.wait(wait)
            self._woken.clear()

    def _plan(self) -> float:
        """Record which queues are due, in the worlds that changed or have waited for it; returns seconds until the next one is."""
        now = time.monotonic()
        while self._changed:
            self._look_at(self._changed.pop(), now)
        for world in [world for world, moment in self._looks_at.items() if moment <= now or world.has_ended]:
            self._look_at(world, now)
        return max(0.0, min(self._looks_at.values(), default=now + _LONGEST_WAIT_SECONDS) - now)

    def _look_at(self, world: World, now: float) -> None:
        # Forgotten before the jobs are read: whoever adds one from here on finds no plan, and reports it.
        self._looks_at.pop(world, None)
        delays = []
        for name in world.state.jobs.next_due_by_queue():
            delay = _delay((world, name))
            if delay is None or self._places(name).has((world, name)):
                continue
            if delay > 0:
                delays.append(delay)
            else:
                self._waiting[world, name] = None
        if delays:
            self._looks_at[world] = now + min(delays)

    def _places(self, queue: str) -> Places:
        return self._quick if queue in _QUICK_QUEUES else self._webhooks

    def _start_queues(self, services: Services) -> None:
        for queue in tuple(self._waiting):
            delay = _delay(queue)
            if delay is None or delay > 0:
                del self._waiting[queue]
            elif self._places(queue[1]).take(queue):
                self._start_queue(services, queue)
                del self._waiting[queue]

    def _start_queue(self, services: Services, queue: Queue) -> None:
        try:
            self._threads.run(partial(self._run_queue, services, queue))
        except RuntimeError:
            self._places(queue[1]).give_back(queue)
            raise

    def _run_queue(self, services: Services, queue: Queue) -> None:
        world, name = queue
        ends_at = time.monotonic() + _TURN_SECONDS
        try:
            run_queue(services, world, name, is_enough=lambda: time.monotonic() >= ends_at)
        except Exception:  # any error: the thread runs other queues after this one
            _LOG.exception("the jobs of %s in world %s could not be run", name, world.id)
        finally:
            self._places(name).give_back(queue)
            # Jobs that were added while the queue ended were not reported to anybody else.
            if self._waiting or world.state.jobs.due_at(name) is not None:
                self._look_again(world)


def _due(job: Job) -> datetime:
    return job.due_at or job.created_at


def _delay(queue: Queue) -> float | None:
    """Machine seconds until the queue is due; None if it has nothing that runs by itself."""
    world, name = queue
    moment = world.state.jobs.due_at(name)
    return None if moment is None or world.has_ended else world.clock.wall_delay_until(moment)
