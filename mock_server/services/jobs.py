"""Run jobs: those that are due, or all of them, in due order; a job that fails is dropped, and the others go on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from mock_server.domain.cancellation import Cancelled
from mock_server.domain.jobs import Job, JobKind
from mock_server.services.context import Services
from mock_server.services.deliveries import deliver_event, give_up_delivery
from mock_server.services.invoices import generate_invoice
from mock_server.services.payments import report_payment
from mock_server.services.receipts import render_receipt
from mock_server.store.state import World

_LOG = logging.getLogger(__name__)
_MOST_CHARACTERS = 300

Runner = Callable[[Services, World, Job], None]
RUNNERS: Mapping[JobKind, Runner] = {
    JobKind.GENERATE_INVOICE: generate_invoice,
    JobKind.DELIVER_EVENT: deliver_event,
    JobKind.REPORT_PAYMENT: report_payment,
    JobKind.RENDER_RECEIPT: render_receipt,
}


class JobRun(NamedTuple):
    """A job that ran. `problem`: the message of its failure; None if it succeeded."""

    job: Job
    problem: str | None


def run_due(
    services: Services, world: World, *, queue: str | None = None, is_enough: Callable[[], bool] = lambda: False
) -> list[JobRun]:
    """Run what is due by the world's clock, in one queue or in all; returns the jobs that ran.

    `is_enough` is asked after each job. The run also ends when the world is reset or removed, or its server stops.
    """
    return _run(services, world, until=world.clock.now(), queue=queue, is_enough=is_enough)


def settle(services: Services, world: World) -> list[JobRun]:
    """Run everything that is scheduled, stepped work and retries included, as if it were due.

    The clock does not move, so nothing expires.
    """
    return _run(services, world, until=None, queue=None, is_enough=lambda: False)


def _run(
    services: Services, world: World, *, until: datetime | None, queue: str | None, is_enough: Callable[[], bool]
) -> list[JobRun]:
    state = world.state
    ran: list[JobRun] = []
    while not state.cancellation.is_cancelled and (job := state.jobs.first(until, queue)) is not None:
        with world.queue(job.queue):
            # Another thread may have run it while this one waited for the queue.
            if job not in state.jobs:
                continue
            try:
                ran.append(JobRun(job, run_job(services, world, job)))
            except Cancelled:
                break
        if is_enough():
            break
    return ran


def run_job(services: Services, world: World, job: Job, runners: Mapping[JobKind, Runner] = RUNNERS) -> str | None:
    """Run one job. Whatever it raises, it is not scheduled afterwards; its failure is logged and returned once."""
    try:
        runners[job.kind](services, world, job)
    except Cancelled:
        raise
    except BaseException as error:  # otherwise a failing job would come first for ever
        problem = _message(error)
        _LOG.error("%s of %s in world %s failed and is dropped: %s", job.kind, job.subject_id, world.id, problem)
        _give_up(services, world, job, problem)
        if not isinstance(error, Exception):
            raise
        return problem
    return None


def _give_up(services: Services, world: World, job: Job, problem: str) -> None:
    if job.kind is JobKind.DELIVER_EVENT:
        with suppress(Exception):  # recording may fail too; the job ends anyway
            give_up_delivery(services, world, job, problem)
    with world.changing() as transaction:
        transaction.finish(job)


def _message(error: BaseException) -> str:
    """The error on one line, without terminal control characters."""
    text = f"{type(error).__name__}: {error}"
    return text.encode("unicode_escape").decode("ascii")[:_MOST_CHARACTERS]
