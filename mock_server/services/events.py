"""Raise webhook events: one for each endpoint that subscribes to the type; its payload is frozen in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import islice

from mock_server.domain.customers import Customer
from mock_server.domain.jobs import Job, JobKind
from mock_server.domain.orders import Order
from mock_server.domain.webhooks import CustomerEvent, OrderEvent, WebhookEndpoint, WebhookEvent
from mock_server.services.context import Services
from mock_server.services.event_faults import with_faults
from mock_server.store.state import Transaction, World
from mock_server.views.orders import order_sources
from mock_server.views.webhook_payloads import Announcement, announce_customer, announce_order, payload_text


def raise_order_events(
    services: Services, world: World, *, transaction: Transaction, order: Order, types: tuple[OrderEvent, ...]
) -> None:
    """Raise the order's events, in this order, and schedule their deliveries, for every endpoint that subscribes to them."""
    for event_type in types:
        announce = partial(announce_order, event_type, order_sources(world, world.tables, order))
        _raise(services, world, transaction, event_type, announce, order_id=order.id)


def raise_customer_event(
    services: Services, world: World, *, transaction: Transaction, customer: Customer, event_type: CustomerEvent
) -> None:
    """Raise an event about a customer, and schedule its deliveries, for every endpoint that subscribes to it."""
    announce = partial(announce_customer, event_type, customer, world.tables.organization)
    _raise(services, world, transaction, event_type, announce)


def delivery_job(services: Services, world: World, event: WebhookEvent) -> Job:
    """Schedule the first or a further attempt at an event, as soon as its endpoint's queue is free."""
    now = world.clock.now()
    return Job(
        id=services.ids.new_id(),
        kind=JobKind.DELIVER_EVENT,
        queue=event.endpoint_id,
        subject_id=event.id,
        created_at=now,
        due_at=now,
    )


def raise_event(
    services: Services,
    world: World,
    *,
    transaction: Transaction,
    announcement: Announcement,
    order_id: str | None = None,
) -> list[WebhookEvent]:
    """Raise an event of any type, and schedule its deliveries, for every endpoint that subscribes to it."""
    return _raise(services, world, transaction, announcement.type, lambda: announcement, order_id=order_id)


def _raise(
    services: Services,
    world: World,
    transaction: Transaction,
    event_type: str,
    announce: Callable[[], Announcement],
    *,
    order_id: str | None = None,
) -> list[WebhookEvent]:
    wanting = [endpoint for endpoint in world.tables.endpoints.values() if endpoint.wants(event_type)]
    if not wanting:
        return []
    announcement, now = announce(), world.clock.now()
    events = [_event(services, announcement, endpoint, now) for endpoint in wanting]
    for event in events:
        job = delivery_job(services, world, event)
        if transaction.faults.rules:
            transaction.put(*with_faults(services, transaction, event, job, order_id=order_id))
        else:
            transaction.put(event, job)
    _forget_old_events(world, transaction)
    return events


def _forget_old_events(world: World, transaction: Transaction) -> None:
    """Forget the oldest events that are over once there are a tenth more than the world keeps.

    In batches, because the tables are written anew. Each event that is not over has a job, so waiting events cost no search.
    """
    state, kept = world.state, world.policies.kept_events
    if len(state.tables.events) - len(state.jobs) <= kept + kept // 10:
        return
    over = (event.id for event in state.tables.events.values() if event.is_over and not state.jobs.about(event.id))
    transaction.forget_events(frozenset(islice(over, len(state.tables.events) - kept)))


def _event(services: Services, announcement: Announcement, endpoint: WebhookEndpoint, now: datetime) -> WebhookEvent:
    return WebhookEvent(
        id=services.ids.new_id(),
        created_at=now,
        modified_at=None,
        endpoint_id=endpoint.id,
        type=announcement.type,
        payload=payload_text(announcement, format_=endpoint.format, raised_at=now, api_version=endpoint.api_version),
        api_version=endpoint.api_version,
    )
