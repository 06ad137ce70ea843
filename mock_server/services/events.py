"""Raising webhook events: one for each endpoint that wants the type, its payload frozen in the same transaction."""

from __future__ import annotations

from mock_server.domain.jobs import Job, JobKind
from mock_server.domain.orders import Order
from mock_server.domain.webhooks import OrderEvent, WebhookEndpoint, WebhookEvent
from mock_server.services.context import Services
from mock_server.store.state import Transaction, World
from mock_server.views.orders import order_sources
from mock_server.views.webhook_payloads import payload_text


def raise_order_events(
    services: Services, world: World, *, transaction: Transaction, order: Order, types: tuple[OrderEvent, ...]
) -> None:
    """Stage the order's events, in this order, and their deliveries, for every endpoint that wants them."""
    for event_type in types:
        for endpoint in world.tables.endpoints.values():
            if endpoint.wants(event_type):
                event = _event(services, world, order, event_type, endpoint)
                transaction.put(event, delivery_job(services, world, event))


def delivery_job(services: Services, world: World, event: WebhookEvent) -> Job:
    """The first attempt at an event, or one more of them, as soon as its endpoint's lane is free."""
    now = world.clock.now()
    return Job(
        id=services.ids.new_id(),
        kind=JobKind.DELIVER_EVENT,
        lane=event.endpoint_id,
        subject_id=event.id,
        created_at=now,
        due_at=now,
    )


def _event(
    services: Services, world: World, order: Order, event_type: OrderEvent, endpoint: WebhookEndpoint
) -> WebhookEvent:
    now = world.clock.now()
    sources = order_sources(world.tables, order)
    return WebhookEvent(
        id=services.ids.new_id(),
        created_at=now,
        modified_at=None,
        endpoint_id=endpoint.id,
        type=event_type,
        payload=payload_text(event_type, sources, format_=endpoint.format, raised_at=now),
    )
