"""The threads that run jobs when their time comes, in worlds whose clock runs with the machine's."""

from __future__ import annotations

import logging
from threading import Event, Lock, Thread

from mock_server.services.context import Services
from mock_server.services.jobs import next_due_by_lane, run_due
from mock_server.store.state import World

_LOG = logging.getLogger(__name__)
_LONGEST_WAIT_SECONDS = 3600.0
_MOST_LANES_AT_ONCE = 16

_Lane = tuple[str, str]


class JobWorker:
    """Sleeps until the next job of any lane is due, or until it is told of a new one; each lane runs in its own thread."""

    def __init__(self) -> None:
        self._woken = Event()
        self._stopping = False
        self._thread: Thread | None = None
        self._busy: set[_Lane] = set()
        self._lock = Lock()

    def wake(self) -> None:
        self._woken.set()

    def start(self, services: Services) -> None:
        self._thread = Thread(target=self._run, args=(services,), name="jobs", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping = True
        self.wake()
        if self._thread is not None:
            self._thread.join()

    def _run(self, services: Services) -> None:
        while not self._stopping:
            wait, due = self._plan(services)
            for world, lane in due:
                self._start_lane(services, world, lane)
            if not due:
                self._woken.wait(wait)
            self._woken.clear()

    def _plan(self, services: Services) -> tuple[float, list[tuple[World, str]]]:
        """Machine seconds until the earliest job of a lane that is free, and the lanes whose time has come."""
        wait = _LONGEST_WAIT_SECONDS
        due: list[tuple[World, str]] = []
        with self._lock:
            busy = set(self._busy)
        for world in services.worlds.all():
            for lane, moment in next_due_by_lane(world).items():
                delay = world.clock.wall_delay_until(moment)
                if delay is None or (world.id, lane) in busy:
                    continue
                wait = min(wait, max(0.0, delay))
                if delay <= 0 and len(busy) + len(due) < _MOST_LANES_AT_ONCE:
                    due.append((world, lane))
        return (wait if wait > 0 or due else _LONGEST_WAIT_SECONDS), due

    def _start_lane(self, services: Services, world: World, lane: str) -> None:
        with self._lock:
            self._busy.add((world.id, lane))
        Thread(target=self._run_lane, args=(services, world, lane), name=f"jobs of {lane}", daemon=True).start()

    def _run_lane(self, services: Services, world: World, lane: str) -> None:
        try:
            run_due(services, world, lane=lane)
        except Exception:  # a broken job must not end the work that every world waits for
            _LOG.exception("a job of world %s failed", world.id)
        finally:
            with self._lock:
                self._busy.discard((world.id, lane))
            self.wake()
