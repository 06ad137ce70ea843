"""The pending jobs of a world: by queue, in due order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from heapq import heappop, heappush
from itertools import count
from threading import Lock

from mock_server.domain.jobs import Job

_NEVER = datetime.max.replace(tzinfo=UTC)

_Entry = tuple[datetime, datetime, int, Job]


class Schedule:
    """Every call is atomic for other threads. Stepped work comes after everything that has a due time.

    A queue is a heap. A removed job stays in it until it would come first, because finding its place takes a step for each other one.
    """

    def __init__(self, jobs: Iterable[Job] = ()) -> None:
        self._lock = Lock()
        self._numbers = count()
        self._queues: dict[str, list[_Entry]] = {}
        self._ids: set[str] = set()
        self._by_subject: dict[str, dict[str, Job]] = {}
        for job in jobs:
            self.add(job)

    def __contains__(self, job: Job) -> bool:
        return job.id in self._ids

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, job: Job) -> None:
        with self._lock:
            entry = (job.due_at or _NEVER, job.created_at, next(self._numbers), job)
            heappush(self._queues.setdefault(job.queue, []), entry)
            self._ids.add(job.id)
            self._by_subject.setdefault(job.subject_id, {})[job.id] = job

    def remove(self, job: Job) -> None:
        """Remove a job; does nothing if it is not there."""
        with self._lock:
            if job.id not in self._ids:
                return
            self._ids.remove(job.id)
            self._drop_removed(job.queue)
            about = self._by_subject[job.subject_id]
            del about[job.id]
            if not about:
                del self._by_subject[job.subject_id]

    def _drop_removed(self, name: str) -> None:
        queue = self._queues[name]
        while queue and queue[0][-1].id not in self._ids:
            heappop(queue)
        if not queue:
            del self._queues[name]

    def first(self, until: datetime | None, queue: str | None = None) -> Job | None:
        """The first job, in one queue or in all. `until` None: also future jobs and stepped work."""
        with self._lock:
            queues = self._queues.values() if queue is None else [self._queues[queue]] if queue in self._queues else []
            entry = min((waiting[0] for waiting in queues), default=None)
        return None if entry is None or (until is not None and entry[0] > until) else entry[3]

    def waiting(self) -> tuple[Job, ...]:
        """All jobs in the order in which they would run; those of equal times as they were added."""
        with self._lock:
            entries = sorted(entry for queue in self._queues.values() for entry in queue if entry[3].id in self._ids)
        return tuple(entry[3] for entry in entries)

    def next_due_by_queue(self) -> dict[str, datetime]:
        """When the next job of each queue is due; stepped work has no due time."""
        with self._lock:
            return {queue: waiting[0][0] for queue, waiting in self._queues.items() if waiting[0][3].due_at is not None}

    def due_at(self, queue: str) -> datetime | None:
        """When the next job of a queue is due; None without one, and for stepped work."""
        with self._lock:
            waiting = self._queues.get(queue)
            return waiting[0][3].due_at if waiting else None

    def about(self, subject_id: str) -> tuple[Job, ...]:
        """The jobs of one order or of one event."""
        with self._lock:
            return tuple(self._by_subject.get(subject_id, {}).values())
