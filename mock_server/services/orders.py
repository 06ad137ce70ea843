"""Find and change orders: billing details and status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from mock_server.domain.errors import OrderUnknown
from mock_server.domain.orders import BillingChanges, Order, OrderStatus, change_billing, move_to
from mock_server.domain.receipts import issue_receipt
from mock_server.domain.refunds import NO_REFUND, Refund, refund_order
from mock_server.domain.webhooks import OrderEvent
from mock_server.services.callers import Caller
from mock_server.services.context import Services
from mock_server.services.events import raise_order_events
from mock_server.services.numbering import with_numbers
from mock_server.store.state import World
from mock_server.store.tables import Tables

# The events that a status change raises besides order.updated, in this order. Source: observed on the service, April 2026.
_EVENTS_OF_MOVES: Mapping[OrderStatus, tuple[OrderEvent, ...]] = {
    OrderStatus.PENDING: (OrderEvent.UPDATED,),
    OrderStatus.PAID: (OrderEvent.UPDATED, OrderEvent.PAID),
    OrderStatus.VOID: (OrderEvent.UPDATED,),
    OrderStatus.REFUNDED: (OrderEvent.UPDATED, OrderEvent.REFUNDED),
    OrderStatus.PARTIALLY_REFUNDED: (OrderEvent.UPDATED, OrderEvent.REFUNDED),
}


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


def update_billing(
    services: Services, world: World, *, caller: Caller | None, order_id: str, changes: BillingChanges
) -> Order:
    """Change an order's billing details; order.updated is raised even when nothing changes.

    Errors: OrderUnknown, InputRefused.
    """
    with world.changing() as transaction:
        order = find_order(world.tables, caller, order_id)
        fixed_fields = world.behaviour.billing.fixed_address_fields
        changed = change_billing(order, changes, fixed_fields=fixed_fields, now=world.clock.now())
        if changed is not order:
            transaction.put(changed)
        raise_order_events(services, world, transaction=transaction, order=changed, types=(OrderEvent.UPDATED,))
    return changed


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
        moved = with_numbers(world, _moved(changed, status, refund, now=world.clock.now()), before=order)
        moved = _with_receipt_of_refunds(world, moved, before=order)
        transaction.put(moved)
        is_moved = (moved.status, moved.amounts) != (order.status, order.amounts)
        types = _EVENTS_OF_MOVES[moved.status] if is_moved else (OrderEvent.UPDATED,)
        raise_order_events(services, world, transaction=transaction, order=moved, types=types)
    return moved


def _with_receipt_of_refunds(world: World, order: Order, *, before: Order) -> Order:
    """The order with a receipt that shows its refunds: one that was made before the refund is made anew, at once.

    That it is made anew is the mock's own choice.
    """
    if order.receipt is None or order.amounts == before.amounts:
        return order
    receipt = issue_receipt(order, world.tables.customers[order.customer_id], now=world.clock.now())
    return replace(order, receipt=receipt)


def _moved(order: Order, status: OrderStatus | None, refund: Refund, *, now: datetime) -> Order:
    is_refunded_now = status is OrderStatus.PARTIALLY_REFUNDED and order.status is not status
    if refund != NO_REFUND or is_refunded_now:
        return refund_order(order, status, refund, now=now)
    return move_to(order, status or order.status, now=now)
