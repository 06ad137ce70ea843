"""Run jobs: those that are due, or all of them, in due order; a job that fails is dropped, and the others go on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from mock_server.domain.cancellation import Cancelled
from mock_server.domain.jobs import Job, JobKind
from mock_server.services.context import Services
from mock_server.services.deliveries import deliver_event, give_up_delivery
from mock_server.services.invoices import generate_invoice
from mock_server.services.payments import report_payment
from mock_server.services.receipts import render_receipt
from mock_server.store.state import World, WorldState

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


def run_due(services: Services, world: World, *, queue: str | None = None) -> list[JobRun]:
    """Run what is due now by the world's clock, in one queue or in all; returns the jobs that ran.

    The run also ends when the world is reset or removed, or its server stops.
    """
    state = world.state
    return list(_runs(services, world, state, partial(state.jobs.first, state.clock.now(), queue)))


def settle(services: Services, world: World) -> list[JobRun]:
    """Run everything that is scheduled, stepped work and retries included, as if it were due.

    The clock does not move, so nothing expires.
    """
    state = world.state
    return list(_runs(services, world, state, partial(state.jobs.first, None)))


def run_queue(services: Services, world: World, queue: str, *, is_enough: Callable[[], bool]) -> None:
    """Run the jobs of one queue, also those that become due meanwhile, until the clock is held or none is due.

    `is_enough` is asked after each job.
    """
    state = world.state

    def first() -> Job | None:
        now = state.clock.running_now()
        return None if now is None else state.jobs.first(now, queue)

    for _ in _runs(services, world, state, first):
        if is_enough():
            break


def _runs(services: Services, world: World, state: WorldState, first: Callable[[], Job | None]) -> Iterator[JobRun]:
    """Run the first job again and again, until there is none or the world's state ends."""
    while not state.cancellation.is_cancelled and (job := first()) is not None:
        with world.queue(job.queue):
            # Another thread may have run it while this one waited for the queue.
            if job not in state.jobs:
                continue
            try:
                problem = run_job(services, world, job)
            except Cancelled:
                return
        yield JobRun(job, problem)


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
