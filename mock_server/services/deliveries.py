"""Deliver webhook events: one attempt at a time, retries after failures, and the end of an endpoint that only fails."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from mock_server.delivery.addresses import AddressBroken, read_webhook_address
from mock_server.delivery.retries import retry_delay
from mock_server.delivery.sending import Receipt
from mock_server.delivery.signing import signed_headers, signing_key
from mock_server.domain.clocks import WorldClock
from mock_server.domain.jobs import Job
from mock_server.domain.webhooks import WebhookDelivery, WebhookEndpoint, WebhookEvent
from mock_server.services.context import Services
from mock_server.store.state import Transaction, World, WorldState


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One attempt and its result. `is_refused_here`: the mock itself failed or refused to send, so there is no retry."""

    job: Job
    event: WebhookEvent
    headers: dict[str, str]
    receipt: Receipt
    at: datetime
    is_refused_here: bool = False


def deliver_event(services: Services, world: World, job: Job) -> None:
    """Send an event once and record the result; the world is not locked while the receiver answers.

    Effects: a delivery row, the event's outcome, and after a failure the next attempt's job, up to the last attempt.
    Errors:  Cancelled, if the world is reset or removed or its server stops; then nothing is recorded.
    Source:  polar's webhooks, April 2026.
    """
    state = world.state
    if job not in state.jobs:
        return None
    event = state.tables.events[job.subject_id]
    endpoint = state.tables.endpoints[event.endpoint_id]
    if not endpoint.enabled or endpoint.deleted:
        return _skip(world, job, event)
    attempt = _attempt(services, world, state, job, event=event, endpoint=endpoint)
    with world.changing() as transaction:
        # A world that was reset in the meantime does not know the job any more.
        if transaction.finish(job):
            _record(services, world, transaction, attempt)
    return None


def give_up_delivery(services: Services, world: World, job: Job, problem: str) -> None:
    """Record an attempt that failed in the mock itself; there is no retry, because it would fail again."""
    with world.changing() as transaction:
        event = world.tables.events.get(job.subject_id)
        if event is not None and transaction.finish(job):
            receipt = Receipt(None, f"Not sent: the attempt failed in the mock itself ({problem}).")
            attempt = _Attempt(job, event, {}, receipt, _time_of(world.clock, job), is_refused_here=True)
            _record(services, world, transaction, attempt)


def _attempt(
    services: Services,
    world: World,
    state: WorldState,
    job: Job,
    *,
    event: WebhookEvent,
    endpoint: WebhookEndpoint,
) -> _Attempt:
    body = event.payload.encode("utf-8", "replace")
    key = signing_key(endpoint.secret.text, is_standard=endpoint.secret.is_standard)
    headers = signed_headers(key, event_id=event.id, sent_at=services.wall(), body=body)
    version_header = world.behaviour.webhook.version_header
    if version_header is not None and event.api_version is not None:
        headers[version_header] = event.api_version
    try:
        address = read_webhook_address(endpoint.url)
        refusal = services.webhook_hosts.refusal(address.host)
    except AddressBroken as broken:
        refusal = f"Not sent: the endpoint's URL {broken}."
    if refusal is not None:
        return _Attempt(job, event, headers, Receipt(None, refusal), _time_of(state.clock, job), is_refused_here=True)
    receipt = services.send(address, headers, body, state.cancellation)
    return _Attempt(job, event, headers, receipt, _time_of(state.clock, job))


def _time_of(clock: WorldClock, job: Job) -> datetime:
    """The time of an attempt: after the clock was advanced, a job that became due counts as done at its due time."""
    return min(clock.now(), job.due_at) if job.due_at else clock.now()


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
    attempts = event.attempts + 1
    is_over = receipt.succeeded or attempt.is_refused_here or attempts >= world.behaviour.webhook.most_attempts
    outcome = replace(
        event,
        attempts=attempts,
        last_http_code=receipt.http_code,
        succeeded=receipt.succeeded if is_over else event.succeeded,
        modified_at=attempt.at,
    )
    transaction.put(outcome)
    if not is_over:
        transaction.put(_next_attempt(services, world, attempt, attempts))
    elif not receipt.succeeded and not attempt.is_refused_here:
        _disable_if_only_failing(world, transaction, outcome, at=attempt.at)


def _next_attempt(services: Services, world: World, attempt: _Attempt, attempts: int) -> Job:
    rules = world.behaviour.webhook
    due_at = attempt.at + retry_delay(
        attempt.event.id, attempts, base_seconds=rules.retry_base_seconds, cap_seconds=rules.retry_cap_seconds
    )
    return replace(attempt.job, id=services.ids.new_id(), created_at=attempt.at, due_at=due_at)


def _disable_if_only_failing(world: World, transaction: Transaction, failed: WebhookEvent, *, at: datetime) -> None:
    """Disable an endpoint after its last events all failed; its pending events are skipped."""
    tables, most_failed = world.tables, world.behaviour.webhook.failed_events_before_disabling
    others = (it for it in reversed(tables.events.values()) if it.endpoint_id == failed.endpoint_id)
    latest = list(islice((it for it in others if it.succeeded is not None and it.id != failed.id), most_failed - 1))
    if len(latest) < most_failed - 1 or any(event.succeeded for event in latest):
        return
    events = [event for event in tables.events.values() if event.endpoint_id == failed.endpoint_id]
    endpoint = tables.endpoints[failed.endpoint_id]
    transaction.put(replace(endpoint, enabled=False, modified_at=at))
    waiting = [event for event in events if event.succeeded is None and event.id != failed.id]
    transaction.put(*(replace(event, skipped=True, modified_at=at) for event in waiting))
    for job in (job for event in waiting for job in world.state.jobs.about(event.id)):
        transaction.finish(job)


def _skip(world: World, job: Job, event: WebhookEvent) -> None:
    with world.changing() as transaction:
        if transaction.finish(job):
            transaction.put(replace(event, skipped=True, modified_at=world.clock.now()))
