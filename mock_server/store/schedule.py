"""The pending jobs of a world: by queue, in due order."""

from __future__ import annotations

from bisect import bisect_left, insort
from datetime import UTC, datetime
from itertools import count
from threading import Lock

from mock_server.domain.jobs import Job

_NEVER = datetime.max.replace(tzinfo=UTC)

_Entry = tuple[datetime, datetime, int, Job]


class Schedule:
    """Every call is atomic for other threads. Stepped work comes after everything that has a due time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._numbers = count()
        self._queues: dict[str, list[_Entry]] = {}
        self._by_id: dict[str, _Entry] = {}
        self._by_subject: dict[str, dict[str, Job]] = {}

    def __contains__(self, job: Job) -> bool:
        return job.id in self._by_id

    def __len__(self) -> int:
        return len(self._by_id)

    def add(self, job: Job) -> None:
        with self._lock:
            entry = (job.due_at or _NEVER, job.created_at, next(self._numbers), job)
            insort(self._queues.setdefault(job.queue, []), entry)
            self._by_id[job.id] = entry
            self._by_subject.setdefault(job.subject_id, {})[job.id] = job

    def remove(self, job: Job) -> None:
        """Remove a job; does nothing if it is not there."""
        with self._lock:
            entry = self._by_id.pop(job.id, None)
            if entry is None:
                return
            self._drop_from_queue(job.queue, entry)
            about = self._by_subject[job.subject_id]
            del about[job.id]
            if not about:
                del self._by_subject[job.subject_id]

    def _drop_from_queue(self, name: str, entry: _Entry) -> None:
        queue = self._queues[name]
        del queue[bisect_left(queue, entry)]
        if not queue:
            del self._queues[name]

    def first(self, until: datetime | None, queue: str | None = None) -> Job | None:
        """The first job, in one queue or in all. `until` None: also future jobs and stepped work."""
        with self._lock:
            queues = self._queues.values() if queue is None else [self._queues[queue]] if queue in self._queues else []
            entry = min((waiting[0] for waiting in queues), default=None)
        return None if entry is None or (until is not None and entry[0] > until) else entry[3]

    def next_due_by_queue(self) -> dict[str, datetime]:
        """When the next job of each queue is due; stepped work has no due time."""
        with self._lock:
            return {queue: waiting[0][0] for queue, waiting in self._queues.items() if waiting[0][3].due_at is not None}

    def about(self, subject_id: str) -> tuple[Job, ...]:
        """The jobs of one order or of one event."""
        with self._lock:
            return tuple(self._by_subject.get(subject_id, {}).values())
