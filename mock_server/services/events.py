"""Raising webhook events: one for each endpoint that wants the type, its payload frozen in the same transaction."""

from __future__ import annotations

from mock_server.domain.orders import Order
from mock_server.domain.webhooks import OrderEvent, WebhookEvent
from mock_server.services.context import Services
from mock_server.store.state import Transaction, World
from mock_server.views.orders import order_sources, organization_order_json
from mock_server.views.webhooks import payload_text


def raise_order_events(
    services: Services, world: World, *, transaction: Transaction, order: Order, types: tuple[OrderEvent, ...]
) -> None:
    """Stage the order's events, in this order, for every endpoint that is subscribed and enabled."""
    for event_type in types:
        for endpoint in world.tables.endpoints.values():
            if endpoint.wants(event_type):
                transaction.put(_event(services, world, order, event_type, endpoint.id))


def _event(services: Services, world: World, order: Order, event_type: OrderEvent, endpoint_id: str) -> WebhookEvent:
    now = world.clock.now()
    shape = organization_order_json(order_sources(world.tables, order))
    return WebhookEvent(
        id=services.ids.new_id(),
        created_at=now,
        modified_at=None,
        endpoint_id=endpoint_id,
        type=event_type,
        payload=payload_text(event_type, shape, raised_at=now),
    )
