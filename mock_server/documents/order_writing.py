"""Write an order back in a document's format."""

from __future__ import annotations

from collections.abc import Mapping

from mock_server.documents.discounts import write_discount
from mock_server.domain.invoices import Invoice
from mock_server.domain.orders import Order, OrderItem, Payment
from mock_server.domain.receipts import Receipt
from mock_server.views.basics import address_json, write_time, write_time_or_null
from polar_contract.json_types import JsonObject, JsonValue


def write_order(order: Order, *, keys: Mapping[str, str], products_by_price: Mapping[str, str]) -> JsonObject:
    """`keys`: names by id, without their kind; `products_by_price`: keys of products by the id of their price."""
    return {
        "id": order.id,
        "customer": keys[order.customer_id],
        "product": keys[order.product_id] if order.product_id else None,
        "subscription": keys[order.subscription_id] if order.subscription_id else None,
        "status": order.status,
        "billing_name": order.billing_name,
        "billing_address": address_json(order.billing_address),
        "tax_id": _pair(order.tax_id),
        **_money(order),
        "billing_reason": order.billing_reason,
        "invoice_number": order.invoice_number,
        "receipt_number": order.receipt_number,
        "seats": order.seats,
        "units": order.units,
        "created_at": write_time(order.created_at),
        "modified_at": write_time_or_null(order.modified_at),
        "next_payment_attempt_at": write_time_or_null(order.next_payment_attempt_at),
        "items": [_item(item, products_by_price) for item in order.items],
        "payment": _payment(order.payment),
        "deleted": order.deleted,
        "invoice": _issued(order.invoice),
        "receipt": _receipt(order.receipt),
        "description": order.description,
        "discount": write_discount(order.discount),
        "checkout_id": order.checkout_id,
        "custom_field_data": dict(order.custom_field_data),
        "metadata": dict(order.metadata),
    }


def _money(order: Order) -> JsonObject:
    amounts = order.amounts
    return {
        "subtotal_amount": amounts.subtotal_cents,
        "discount_amount": amounts.discount_cents,
        "tax_amount": amounts.tax_cents,
        "applied_balance_amount": amounts.applied_balance_cents,
        "refunded_amount": amounts.refunded_cents,
        "refunded_tax_amount": amounts.refunded_tax_cents,
        "currency": order.currency,
    }


def _item(item: OrderItem, products_by_price: Mapping[str, str]) -> JsonObject:
    return {
        "id": item.id,
        "label": item.label,
        "amount": item.amount_cents,
        "tax_amount": item.tax_amount_cents,
        "proration": item.is_prorated,
        "product": products_by_price[item.price_id] if item.price_id else None,
    }


def _payment(payment: Payment | None) -> JsonObject | None:
    if payment is None:
        return None
    return {"status": payment.status, "decline_message": payment.decline_message}


def _issued(invoice: Invoice | None) -> JsonObject | None:
    if invoice is None:
        return None
    return {
        "generated_at": write_time(invoice.generated_at),
        "billing_name": invoice.billing_name,
        "billing_address": address_json(invoice.billing_address),
        "tax_id": _pair(invoice.tax_id),
    }


def _receipt(receipt: Receipt | None) -> JsonObject | None:
    if receipt is None:
        return None
    return {
        "generated_at": write_time(receipt.generated_at),
        "billing_name": receipt.billing_name,
        "billing_address": address_json(receipt.billing_address),
    }


def _pair(tax_id: tuple[str, str] | None) -> list[JsonValue] | None:
    return None if tax_id is None else [*tax_id]
