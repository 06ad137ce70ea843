"""Add an order to an existing world, as if it had just been made."""

from __future__ import annotations

from mock_server.documents.discounts import Discounts
from mock_server.documents.names import names_of, require_free
from mock_server.documents.order_seeding import Surroundings, build_order, order_names
from mock_server.documents.orders import parse_order
from mock_server.domain.orders import Order
from mock_server.domain.webhooks import OrderEvent
from mock_server.services.context import Services
from mock_server.services.events import raise_order_events
from mock_server.services.identities import identities_of
from mock_server.services.invoices import schedule_automatic_invoice
from mock_server.store.state import World
from polar_contract.json_types import JsonObject


def add_order(services: Services, world: World, *, key: str, body: JsonObject) -> Order:
    """Add the order that a document describes, and raise the events of a new order.

    Errors: DocumentInvalid; NameTaken for a key or an id in use.
    """
    with world.changing() as transaction:
        require_free(world.ids, "order", key)
        document = parse_order(body, names_of(world))
        # Only an order with a discount needs the discounts of the others.
        discounts = Discounts(world.tables.orders.values() if document.discount else ())
        around = Surroundings(
            world.tables,
            world.tables.order_index.invoice_counts,
            world.ids,
            identities_of(services),
            discounts,
            world.behaviour.order,
            world.clock.now(),
        )
        order = build_order(document, key, around, path="")
        transaction.put(order)
        types = (OrderEvent.CREATED, OrderEvent.UPDATED, OrderEvent.PAID) if order.is_paid else (OrderEvent.CREATED,)
        raise_order_events(services, world, transaction=transaction, order=order, types=types)
        schedule_automatic_invoice(services, world, transaction=transaction, order=order)
        transaction.name_all(order_names(key, order))
    return order
