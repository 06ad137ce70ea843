"""Orders as the service sends them: the customer's shape, the organization's shape, and both as bytes.

The bytes are cached per order and reused as long as every entity that they were written from is unchanged.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from mock_server.domain.customers import Customer
from mock_server.domain.orders import Order, OrderItem
from mock_server.domain.organizations import Organization
from mock_server.domain.products import Product
from mock_server.domain.subscriptions import Subscription
from mock_server.store.state import World
from mock_server.store.tables import Tables
from mock_server.views.basics import (
    address_json,
    compact,
    compact_without_floats,
    leave_out,
    write_time,
    write_time_or_null,
)
from mock_server.views.customers import customer_json, legacy_user_json
from mock_server.views.discounts import discount_json
from mock_server.views.products import portal_product_json, price_json, product_json
from mock_server.views.subscriptions import portal_subscription_json, subscription_json
from polar_contract.behaviour import Behaviour
from polar_contract.json_types import JsonObject


class OrderSources(NamedTuple):
    """An order and the entities that its shapes show."""

    order: Order
    customer: Customer
    product: Product | None
    subscription: Subscription | None
    organization: Organization
    rules: Behaviour


def order_sources(world: World, tables: Tables, order: Order) -> OrderSources:
    """The sources of an order's shapes, by the world's present rules."""
    return OrderSources(
        order,
        tables.customers[order.customer_id],
        tables.products[order.product_id] if order.product_id else None,
        tables.subscriptions[order.subscription_id] if order.subscription_id else None,
        tables.organization,
        world.behaviour,
    )


def portal_order_json(sources: OrderSources) -> JsonObject:
    """CustomerOrder, in the service's order of keys, with the deprecated fields that it sends but does not publish."""
    order, _, product, subscription, organization, rules = sources
    left_out = rules.response.left_out_fields
    return {
        **_common_fields(order),
        "user_id": order.customer_id,
        "product": portal_product_json(product, organization, rules) if product else None,
        "product_price": price_json(product, rules.product.price_types) if product else None,
        "subscription": portal_subscription_json(subscription, left_out) if subscription else None,
        "items": [_item_json(item) for item in order.items],
        "description": order.description,
        "next_payment_attempt_at": write_time_or_null(order.next_payment_attempt_at),
        "amount": order.amounts.net_cents,
        "from_balance_amount": order.amounts.applied_balance_cents,
        **_newer_fields(order),
    }


def organization_order_json(sources: OrderSources) -> JsonObject:
    """Order, as the organization sees it and as webhooks carry it."""
    order, customer, product, subscription, organization, rules = sources
    left_out = rules.response.left_out_fields
    shape: JsonObject = {
        **_common_fields(order),
        "metadata": dict(order.metadata),
        "custom_field_data": dict(order.custom_field_data),
        "platform_fee_amount": 0,
        "platform_fee_currency": None,
        "customer": customer_json(customer, organization),
        "user_id": order.customer_id,
        "user": legacy_user_json(customer, rules.customer),
        "product": product_json(product, organization) if product else None,
        "product_price": price_json(product, rules.product.price_types) if product else None,
        "discount": discount_json(order.discount, organization) if order.discount else None,
        "subscription": subscription_json(subscription, left_out) if subscription else None,
        "items": [_item_json(item) for item in order.items],
        "description": order.description,
        "amount": order.amounts.net_cents,
        "from_balance_amount": order.amounts.applied_balance_cents,
        "next_payment_attempt_at": write_time_or_null(order.next_payment_attempt_at),
        **_newer_fields(order),
    }
    return leave_out(shape, "Order", left_out)


def portal_order_bytes(world: World, sources: OrderSources) -> bytes:
    return _remembered(world, sources, portal_order_json, compact_without_floats)


def organization_order_bytes(world: World, sources: OrderSources) -> bytes:
    # Its metadata may have floats.
    return _remembered(world, sources, organization_order_json, compact)


def orders_page_bytes(orders: list[bytes], total: int, limit: int) -> bytes:
    """A page of orders that are already written as JSON."""
    pagination = b'"pagination":{"total_count":%d,"max_page":%d}' % (total, -(-total // limit))
    return b'{"items":[' + b",".join(orders) + b"]," + pagination + b"}"


def _remembered(
    world: World,
    sources: OrderSources,
    shape: Callable[[OrderSources], JsonObject],
    write: Callable[[JsonObject], bytes],
) -> bytes:
    key = (shape.__name__, sources.order.id)
    kept = world.rendered.get(key)
    if kept is not None and _are_same(kept[0], sources):
        return kept[1]
    body = write(shape(sources))
    world.rendered[key] = (sources, body)
    return body


def _are_same(old: tuple[object, ...], new: OrderSources) -> bool:
    """Whether all six are the same objects; entities are never changed, only replaced."""
    return (
        old[0] is new.order
        and old[1] is new.customer
        and old[2] is new.product
        and old[3] is new.subscription
        and old[4] is new.organization
        and old[5] is new.rules
    )


def _common_fields(order: Order) -> JsonObject:
    amounts = order.amounts
    return {
        "id": order.id,
        "created_at": write_time(order.created_at),
        "modified_at": write_time_or_null(order.modified_at),
        "status": order.status,
        "paid": order.is_paid,
        "subtotal_amount": amounts.subtotal_cents,
        "discount_amount": amounts.discount_cents,
        "net_amount": amounts.net_cents,
        "tax_amount": amounts.tax_cents,
        "total_amount": amounts.total_cents,
        "applied_balance_amount": amounts.applied_balance_cents,
        "due_amount": amounts.due_cents,
        "refunded_amount": amounts.refunded_cents,
        "refunded_tax_amount": amounts.refunded_tax_cents,
        "currency": order.currency,
        "billing_reason": order.billing_reason,
        "billing_name": order.billing_name,
        "billing_address": address_json(order.billing_address),
        "invoice_number": order.invoice_number,
        "is_invoice_generated": order.is_invoice_generated,
        "seats": order.seats,
        "customer_id": order.customer_id,
        "product_id": order.product_id,
        "product_price_id": order.price_id,
        "discount_id": order.discount.id if order.discount else None,
        "subscription_id": order.subscription_id,
        "checkout_id": order.checkout_id,
    }


def _item_json(item: OrderItem) -> JsonObject:
    return {
        "created_at": write_time(item.created_at),
        "modified_at": None,
        "id": item.id,
        "label": item.label,
        "amount": item.amount_cents,
        "tax_amount": item.tax_amount_cents,
        "proration": item.is_prorated,
        "product_price_id": item.price_id,
        # Later revisions have them; Python 1.0 requires them in all.
        "start_timestamp": write_time(item.period[0]) if item.period else None,
        "end_timestamp": write_time(item.period[1]) if item.period else None,
    }


def _newer_fields(order: Order) -> JsonObject:
    """Fields of later revisions; required by Python since 0.31.7 and TypeScript since 0.48.1 in all, `units` by Python 1.0 alone."""
    return {
        "receipt_number": order.receipt_number,
        "refundable_amount": order.amounts.refundable_cents,
        "refundable_tax_amount": order.amounts.refundable_tax_cents,
        "units": order.units,
    }
