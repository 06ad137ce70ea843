"""Give an order the numbers that it has from its status on: of its invoice once it is no draft, of its receipt once it is paid."""

from __future__ import annotations

from dataclasses import replace

from mock_server.domain.numbering import invoice_number, receipt_number
from mock_server.domain.orders import Order, OrderStatus
from mock_server.store.state import World


def with_numbers(world: World, order: Order, *, before: Order) -> Order:
    """The changed order with its numbers; hold the world's lock. `before`: the order as it was.

    An order that was paid when it was put into the world keeps having no receipt. Source: recorded on the service, August 2026.
    """
    counted = world.tables.order_index
    if order.invoice_number is None and order.status is not OrderStatus.DRAFT:
        next_one = counted.invoice_counts.get(order.customer_id, 0) + 1
        number = invoice_number(world.tables.organization.invoice_prefix, order.customer_id, next_one)
        order = replace(order, invoice_number=number)
    is_paid_now = order.is_paid and not before.is_paid
    if is_paid_now and order.receipt_number is None and world.behaviour.order.are_receipts_numbered:
        next_one = counted.receipt_counts.get(order.customer_id, 0) + 1
        order = replace(order, receipt_number=receipt_number(order.customer_id, next_one))
    return order
