"""The thread that runs jobs when their time comes, in worlds whose clock runs with the machine's."""

from __future__ import annotations

import logging
from threading import Event, Thread

from mock_server.services.context import Services
from mock_server.services.jobs import next_due, run_due

_LOG = logging.getLogger(__name__)
_LONGEST_WAIT_SECONDS = 3600.0


class JobWorker:
    """Sleeps until the next job of any world is due, or until it is told that there is a new one."""

    def __init__(self) -> None:
        self._woken = Event()
        self._stopping = False
        self._thread: Thread | None = None

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
            self._woken.wait(seconds_until_next_job(services))
            self._woken.clear()
            self._run_due(services)

    def _run_due(self, services: Services) -> None:
        for world in services.worlds.all():
            try:
                run_due(services, world)
            except Exception:  # a broken job must not end the thread that every world waits for
                _LOG.exception("a job of world %s failed", world.id)


def seconds_until_next_job(services: Services) -> float:
    """Machine seconds until the earliest job of any world that is not held; an hour when there is none."""
    waits = [_LONGEST_WAIT_SECONDS]
    for world in services.worlds.all():
        due = next_due(world)
        delay = world.clock.wall_delay_until(due) if due is not None else None
        if delay is not None:
            waits.append(max(0.0, delay))
    return min(waits)
