"""Running jobs: those that are due, or all of them, in due order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from mock_server.domain.jobs import Job, JobKind
from mock_server.services.context import Services
from mock_server.services.deliveries import deliver_event
from mock_server.services.invoices import generate_invoice
from mock_server.services.payments import report_payment
from mock_server.store.state import World

_NEVER = datetime.max.replace(tzinfo=UTC)


_RUNNERS: Mapping[JobKind, Callable[[Services, World, Job], None]] = {
    JobKind.GENERATE_INVOICE: generate_invoice,
    JobKind.DELIVER_EVENT: deliver_event,
    JobKind.REPORT_PAYMENT: report_payment,
}


def run_due(services: Services, world: World, *, lane: str | None = None) -> list[Job]:
    """Run what is due by the world's clock, in one lane or in all; returns what ran."""
    return _run(services, world, until=world.clock.now(), lane=lane)


def settle(services: Services, world: World) -> list[Job]:
    """Run everything that is scheduled, stepped work and retries included, as if its time had come.

    The clock does not move, so nothing expires.
    """
    return _run(services, world, until=_NEVER, lane=None)


def next_due_by_lane(world: World) -> dict[str, datetime]:
    """When the next job of each lane is due; stepped work has no time."""
    due: dict[str, datetime] = {}
    for job in tuple(world.tables.jobs.values()):
        if job.due_at is not None:
            due[job.lane] = min(job.due_at, due.get(job.lane, job.due_at))
    return due


def _run(services: Services, world: World, *, until: datetime, lane: str | None) -> list[Job]:
    ran: list[Job] = []
    while (job := _first(world, until, lane)) is not None:
        with world.lane(job.lane):
            # Somebody else may have run it while this one waited for the lane.
            if job.id in world.tables.jobs:
                _RUNNERS[job.kind](services, world, job)
                ran.append(job)
    return ran


def _first(world: World, until: datetime, lane: str | None) -> Job | None:
    ready = [
        job
        for job in tuple(world.tables.jobs.values())
        if (job.due_at or _NEVER) <= until and (lane is None or job.lane == lane)
    ]
    return min(ready, key=lambda job: (job.due_at or _NEVER, job.created_at), default=None)
