"""Faults of webhooks: whether and when a new event is sent, once or twice. Deliveries show what was really sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from mock_server.domain.faults import EventFault, WebhookFault
from mock_server.domain.jobs import Job
from mock_server.domain.webhooks import WebhookEvent
from mock_server.services.context import Services
from mock_server.store.state import Transaction


def with_faults(
    services: Services, transaction: Transaction, event: WebhookEvent, job: Job, *, order_id: str | None
) -> Iterator[WebhookEvent | Job]:
    """A new event and its deliveries: as they are, or as a fault that strikes changes them.

    A lost event counts as skipped and has no delivery. A reordered one waits for the next event of its endpoint, which is
    then sent first, or for the end of its delay.
    """
    held = transaction.faults.held.get(event.endpoint_id)
    fault = _striking(transaction, event, order_id)
    if fault is None:
        yield from (event, job)
    else:
        yield replace(event, fault=fault.kind, skipped=fault.kind is WebhookFault.LOST)
        yield from _deliveries(services, fault, job, can_wait=held is None)
    if fault is not None and fault.kind is WebhookFault.REORDERED and held is None:
        transaction.faults = transaction.faults.holding(event.endpoint_id, _later(job, fault.delay))
    elif held is not None and (fault is None or fault.kind is not WebhookFault.LOST):
        transaction.faults = transaction.faults.releasing(event.endpoint_id)
        if transaction.withdraw(held):
            yield replace(held, id=services.ids.new_id(), created_at=job.created_at, due_at=job.due_at)


def _deliveries(services: Services, fault: EventFault, job: Job, *, can_wait: bool) -> tuple[Job, ...]:
    match fault.kind:
        case WebhookFault.LOST:
            return ()
        case WebhookFault.DOUBLED:
            return job, replace(job, id=services.ids.new_id())
        case WebhookFault.REORDERED if not can_wait:
            return (job,)
        case WebhookFault.REORDERED | WebhookFault.LATE:
            return (_later(job, fault.delay),)


def _striking(transaction: Transaction, event: WebhookEvent, order_id: str | None) -> EventFault | None:
    matching = transaction.faults.of_event(event.type, order_id)
    strike = transaction.struck_by(matching) if matching else None
    return strike.rule.fault if strike is not None and isinstance(strike.rule.fault, EventFault) else None


def _later(job: Job, delay: timedelta) -> Job:
    return job if job.due_at is None else replace(job, due_at=job.due_at + delay)
