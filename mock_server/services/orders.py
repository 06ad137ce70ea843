"""Find, list and change orders: billing details and status."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mock_server.domain.errors import OrderUnknown
from mock_server.domain.metadata import metadata_text
from mock_server.domain.orders import BillingChanges, Order, OrderStatus, change_billing, move_to
from mock_server.domain.products import Product
from mock_server.domain.refunds import NO_REFUND, Refund, refund_order
from mock_server.domain.webhooks import OrderEvent
from mock_server.services.callers import Caller
from mock_server.services.context import Services
from mock_server.services.events import raise_order_events
from mock_server.services.paging import Page, PageRequest, cut
from mock_server.store.state import World
from mock_server.store.tables import Tables

# The events that a status change raises besides order.updated, in this order. Source: observed on the service, April 2026.
_EVENTS_OF_MOVES: Mapping[OrderStatus, tuple[OrderEvent, ...]] = {
    OrderStatus.PAID: (OrderEvent.UPDATED, OrderEvent.PAID),
    OrderStatus.VOID: (OrderEvent.UPDATED,),
    OrderStatus.REFUNDED: (OrderEvent.UPDATED, OrderEvent.REFUNDED),
    OrderStatus.PARTIALLY_REFUNDED: (OrderEvent.UPDATED, OrderEvent.REFUNDED),
}


@dataclass(frozen=True, slots=True)
class OrderFilters:
    """None means no filter; several values of one filter are alternatives."""

    product_ids: frozenset[str] | None = None
    product_billing_types: frozenset[str] | None = None
    subscription_ids: frozenset[str] | None = None
    customer_ids: frozenset[str] | None = None
    external_customer_ids: frozenset[str] | None = None
    organization_ids: frozenset[str] | None = None
    discount_ids: frozenset[str] | None = None
    checkout_ids: frozenset[str] | None = None
    product_name_part: str | None = None
    metadata: Mapping[str, frozenset[str]] = field(default_factory=dict)


def find_order(tables: Tables, caller: Caller | None, order_id: str) -> Order:
    """One of the caller's orders: a customer's own, or any of the organization's; no caller means any order of the world.

    Errors: OrderUnknown, also for another customer's order, so that ids cannot be probed.
    """
    order = tables.orders.get(order_id)
    if order is None or order.deleted or not _may_see(caller, order):
        raise OrderUnknown(order_id)
    return order


def _may_see(caller: Caller | None, order: Order) -> bool:
    return caller is None or caller.customer is None or order.customer_id == caller.customer.id


def list_orders(
    tables: Tables, caller: Caller, *, filters: OrderFilters, sorting: Iterable[str], request: PageRequest
) -> Page[Order]:
    matching = [
        order
        for order in tables.orders.values()
        if not order.deleted and _may_see(caller, order) and _matches(tables, order, filters)
    ]
    return cut(_sorted(tables, matching, tuple(sorting)), request)


def update_billing(
    services: Services, world: World, *, caller: Caller | None, order_id: str, changes: BillingChanges
) -> Order:
    """Change an order's billing details; order.updated is raised even when nothing changes.

    Errors: OrderUnknown, InputRefused.
    """
    with world.changing() as transaction:
        order = find_order(world.tables, caller, order_id)
        fixed_fields = world.behaviour.billing.fixed_address_fields
        order = change_billing(order, changes, fixed_fields=fixed_fields, now=world.clock.now())
        transaction.put(order)
        raise_order_events(services, world, transaction=transaction, order=order, types=(OrderEvent.UPDATED,))
    return order


def change_order(
    services: Services,
    world: World,
    *,
    order_id: str,
    status: OrderStatus | None,
    changes: BillingChanges,
    refund: Refund = NO_REFUND,
) -> Order:
    """Change an order from outside the API, as a payment, a refund or the shop's staff would; all changes or none.

    Errors: OrderUnknown, InputRefused, StatusChangeRefused, RefundRefused.
    """
    with world.changing() as transaction:
        order = find_order(world.tables, None, order_id)
        fixed_fields = world.behaviour.billing.fixed_address_fields
        changed = change_billing(order, changes, fixed_fields=fixed_fields, now=world.clock.now())
        moved = _moved(changed, status, refund, now=world.clock.now())
        transaction.put(moved)
        is_moved = (moved.status, moved.amounts) != (order.status, order.amounts)
        types = _EVENTS_OF_MOVES[moved.status] if is_moved else (OrderEvent.UPDATED,)
        raise_order_events(services, world, transaction=transaction, order=moved, types=types)
    return moved


def _moved(order: Order, status: OrderStatus | None, refund: Refund, *, now: datetime) -> Order:
    is_refunded_now = status is OrderStatus.PARTIALLY_REFUNDED and order.status is not status
    if refund != NO_REFUND or is_refunded_now:
        return refund_order(order, status, refund, now=now)
    return move_to(order, status or order.status, now=now)


def _matches(tables: Tables, order: Order, filters: OrderFilters) -> bool:
    product = tables.products.get(order.product_id or "")
    return (
        _is_in(order.product_id, filters.product_ids)
        and _is_in(_billing_type(product), filters.product_billing_types)
        and _is_in(order.subscription_id, filters.subscription_ids)
        and _is_in(order.customer_id, filters.customer_ids)
        and _is_in(tables.customers[order.customer_id].external_id, filters.external_customer_ids)
        and _is_in(tables.organization.id, filters.organization_ids)
        and _is_in(order.discount.id if order.discount else None, filters.discount_ids)
        and _is_in(order.checkout_id, filters.checkout_ids)
        and (filters.product_name_part is None or _is_named(product, filters.product_name_part))
        and all(_is_in(metadata_text(order.metadata.get(key)), wanted) for key, wanted in filters.metadata.items())
    )


def _billing_type(product: Product | None) -> str:
    """An order without a product counts as bought once. Source: observed on the service, April 2026."""
    return "recurring" if product is not None and product.is_recurring else "one_time"


def _is_named(product: Product | None, part: str) -> bool:
    """Orders without a product match no name filter, not even an empty one. Source: polar's customer portal, April 2026."""
    return product is not None and part.lower() in product.name.lower()


def _is_in(value: str | None, wanted: frozenset[str] | None) -> bool:
    return wanted is None or value in wanted


def _sorted(tables: Tables, orders: list[Order], sorting: tuple[str, ...]) -> list[Order]:
    """Sorted by each key in turn; equal orders keep the order of creation. Source: observed on the service."""
    for criterion in reversed(sorting):
        key = _SORT_KEYS[criterion.removeprefix("-")]
        orders = sorted(orders, key=lambda order: _nulls_last(key(tables, order)), reverse=criterion.startswith("-"))
    return orders


def _nulls_last(value: str | int | None) -> tuple[bool, str | int]:
    return (value is None, "" if value is None else value)


def _product_name(tables: Tables, order: Order) -> str | None:
    return tables.products[order.product_id].name.lower() if order.product_id else None


def _customer_email(tables: Tables, order: Order) -> str | None:
    customer = tables.customers[order.customer_id]
    return customer.email and customer.email.lower()


# An unlisted status sorts as null: last ascending, first descending. Source: observed on the service.
_PLACES_OF_STATUSES = {
    OrderStatus.PENDING: 1,
    OrderStatus.PAID: 2,
    OrderStatus.REFUNDED: 3,
    OrderStatus.PARTIALLY_REFUNDED: 4,
}

_SORT_KEYS: Mapping[str, Callable[[Tables, Order], str | int | None]] = {
    "created_at": lambda _, order: order.created_at.isoformat(),
    "status": lambda _, order: _PLACES_OF_STATUSES.get(order.status),
    "invoice_number": lambda _, order: order.invoice_number,
    "amount": lambda _, order: order.amounts.net_cents,
    "net_amount": lambda _, order: order.amounts.net_cents,
    # By the address, not the name. Source: polar's orders, April 2026.
    "customer": _customer_email,
    "product": _product_name,
    "discount": lambda _, order: order.discount.name.lower() if order.discount else None,
    "subscription": lambda _, order: order.subscription_id,
}
