"""Delivering webhook events: one attempt at a time, retried after failures, and what comes of an endpoint that only fails."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from mock_server.delivery.retries import FAILED_EVENTS_BEFORE_DISABLING, MOST_ATTEMPTS, retry_delay
from mock_server.delivery.sending import Receipt
from mock_server.delivery.signing import signed_headers
from mock_server.domain.jobs import Job
from mock_server.domain.webhooks import WebhookDelivery, WebhookEndpoint, WebhookEvent
from mock_server.services.context import Services
from mock_server.store.state import Tables, Transaction, World


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One attempt and what it brought. `is_final`: nothing more will be tried by itself."""

    job: Job
    event: WebhookEvent
    headers: dict[str, str]
    receipt: Receipt
    at: datetime
    is_refused_here: bool


def deliver_event(services: Services, world: World, job: Job) -> None:
    """Send an event once and keep what came back; the world stays open while the receiver takes its time.

    Effects: a delivery row, the event's outcome, and after a failure the next attempt's job, up to ten attempts.
    Source:  polar's webhooks, April 2026.
    """
    event = world.tables.events.get(job.subject_id)
    endpoint = world.tables.endpoints.get(event.endpoint_id) if event else None
    if event is None or endpoint is None:
        return _drop(world, job)
    if not endpoint.enabled or endpoint.deleted:
        return _skip(world, job, event)
    attempt = _send(services, world, job, event=event, endpoint=endpoint)
    with world.changing() as transaction:
        # A world that was reset meanwhile does not know the job any more.
        if job.id in world.tables.jobs:
            transaction.finish(job)
            _record(services, world, transaction, attempt)
    services.job_scheduled()
    return None


def _send(services: Services, world: World, job: Job, *, event: WebhookEvent, endpoint: WebhookEndpoint) -> _Attempt:
    body = event.payload.encode("utf-8", "replace")
    headers = signed_headers(endpoint.secret, event_id=event.id, sent_at=services.wall(), body=body)
    refusal = services.webhook_hosts.refusal(endpoint.url)
    receipt = Receipt(None, refusal) if refusal else services.send(endpoint.url, headers, body)
    # After the clock was advanced, what became due counts as done in its time.
    at = min(world.clock.now(), job.due_at) if job.due_at else world.clock.now()
    return _Attempt(job, event, headers, receipt, at, refusal is not None)


def _record(services: Services, world: World, transaction: Transaction, attempt: _Attempt) -> None:
    event, receipt = attempt.event, attempt.receipt
    transaction.put(
        WebhookDelivery(
            id=services.ids.new_id(),
            created_at=attempt.at,
            event_id=event.id,
            endpoint_id=event.endpoint_id,
            succeeded=receipt.succeeded,
            http_code=receipt.http_code,
            response=receipt.text,
            request_headers=tuple(attempt.headers.items()),
        )
    )
    attempts = 1 + sum(delivery.event_id == event.id for delivery in world.tables.deliveries.values())
    is_over = receipt.succeeded or attempt.is_refused_here or attempts >= MOST_ATTEMPTS
    outcome = replace(
        event,
        last_http_code=receipt.http_code,
        succeeded=receipt.succeeded if is_over else event.succeeded,
        modified_at=attempt.at,
    )
    transaction.put(outcome)
    if not is_over:
        transaction.put(_next_attempt(services, attempt, attempts))
    elif not receipt.succeeded and not attempt.is_refused_here:
        _disable_if_only_failing(world.tables, transaction, outcome, at=attempt.at)


def _next_attempt(services: Services, attempt: _Attempt, attempts: int) -> Job:
    due_at = attempt.at + retry_delay(attempt.event.id, attempts)
    return replace(attempt.job, id=services.ids.new_id(), created_at=attempt.at, due_at=due_at)


def _disable_if_only_failing(tables: Tables, transaction: Transaction, failed: WebhookEvent, *, at: datetime) -> None:
    """Ten failed events in a row end an endpoint; what still waits for it is skipped."""
    events = [event for event in tables.events.values() if event.endpoint_id == failed.endpoint_id]
    completed = [event for event in events if event.succeeded is not None and event.id != failed.id]
    latest = [*completed, failed][-FAILED_EVENTS_BEFORE_DISABLING:]
    if len(latest) < FAILED_EVENTS_BEFORE_DISABLING or any(event.succeeded for event in latest):
        return
    endpoint = tables.endpoints[failed.endpoint_id]
    transaction.put(replace(endpoint, enabled=False, modified_at=at))
    waiting = [event for event in events if event.succeeded is None and event.id != failed.id]
    transaction.put(*(replace(event, skipped=True, modified_at=at) for event in waiting))
    for job in _jobs_of(tables, waiting):
        transaction.finish(job)


def _jobs_of(tables: Tables, events: Iterable[WebhookEvent]) -> list[Job]:
    ids = {event.id for event in events}
    return [job for job in tables.jobs.values() if job.subject_id in ids]


def _skip(world: World, job: Job, event: WebhookEvent) -> None:
    with world.changing() as transaction:
        transaction.finish(job)
        transaction.put(replace(event, skipped=True, modified_at=world.clock.now()))


def _drop(world: World, job: Job) -> None:
    with world.changing() as transaction:
        transaction.finish(job)
