"""Running jobs: those that are due, or all of them, in due order."""

from __future__ import annotations

from datetime import UTC, datetime

from mock_server.domain.jobs import Job
from mock_server.services.context import Services
from mock_server.services.invoices import generate_invoice
from mock_server.store.state import World

_NEVER = datetime.max.replace(tzinfo=UTC)


def run_due(services: Services, world: World) -> list[Job]:
    """Run what is due by the world's clock; returns what ran."""
    return _run(services, world, until=world.clock.now())


def settle(services: Services, world: World) -> list[Job]:
    """Run everything that is scheduled, stepped work included, as if its time had come; the clock does not move."""
    return _run(services, world, until=_NEVER)


def next_due(world: World) -> datetime | None:
    """When the next job is due, or None when nothing has a time."""
    return min((job.due_at for job in tuple(world.tables.jobs.values()) if job.due_at), default=None)


def _run(services: Services, world: World, *, until: datetime) -> list[Job]:
    ran: list[Job] = []
    with world.lock:
        while (job := _first(world, until)) is not None:
            generate_invoice(services, world, job)
            ran.append(job)
    return ran


def _first(world: World, until: datetime) -> Job | None:
    ready = [job for job in world.tables.jobs.values() if (job.due_at or _NEVER) <= until]
    return min(ready, key=lambda job: (job.due_at or _NEVER, job.created_at), default=None)
