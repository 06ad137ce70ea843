"""An order in a document: reading one, and making it part of a world."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from mock_server.documents.errors import DocumentInvalid, Problem, Problems, shortened, some_of
from mock_server.documents.fields import LEFT_OUT, Fields, LeftOut
from mock_server.domain.addresses import ADDRESS_FIELDS, Address
from mock_server.domain.customers import Customer
from mock_server.domain.ids import IdSource
from mock_server.domain.invoices import issue_invoice
from mock_server.domain.orders import (
    Amounts,
    BillingReason,
    Order,
    OrderItem,
    OrderStatus,
    Payment,
    PaymentStatus,
)
from mock_server.domain.products import Product
from mock_server.store.state import Tables
from polar_contract.json_types import JsonValue

ORDER_KEYS = (
    *("id", "item_id", "customer", "product", "subscription", "status", "billing_name", "billing_address"),
    *("subtotal_amount", "discount_amount", "tax_amount", "applied_balance_amount"),
    *("refunded_amount", "refunded_tax_amount", "currency", "billing_reason", "invoice_number", "seats"),
    *("created_at", "modified_at", "next_payment_attempt_at", "item_label", "payment", "deleted", "invoice"),
    "metadata",
)
_SHORT_ID_LETTERS = 10
_COUNTRY = re.compile("[A-Z]{2}")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class IssuedDocument:
    """An invoice that is there already, with the billing details that it shows."""

    generated_at: datetime | None
    billing_name: str | None
    billing_address: Address | None


@dataclass(frozen=True, slots=True)
class OrderDocument:
    """Names of customer, product and subscription are the document's; None everywhere is a default's place."""

    id: str | None = None
    item_id: str | None = None
    customer: str | None = None
    product: str | None = None
    subscription: str | None = None
    status: OrderStatus = OrderStatus.PAID
    billing_name: str | LeftOut | None = LEFT_OUT
    billing_address: Address | LeftOut | None = LEFT_OUT
    subtotal_amount: int | None = None
    discount_amount: int = 0
    tax_amount: int = 0
    applied_balance_amount: int = 0
    refunded_amount: int | None = None
    refunded_tax_amount: int | None = None
    currency: str | None = None
    billing_reason: BillingReason | None = None
    invoice_number: str | None = None
    seats: int | None = None
    created_at: datetime | None = None
    modified_at: datetime | None = None
    next_payment_attempt_at: datetime | None = None
    item_label: str | None = None
    payment: Payment | None = None
    deleted: bool = False
    invoice: IssuedDocument | None = None
    metadata: Mapping[str, str | int | float | bool] = field(default_factory=dict)


def parse_order(value: JsonValue, path: str) -> OrderDocument:
    """Read one order. Errors: DocumentInvalid with every problem and its path."""
    problems = Problems()
    document = read_order(Fields(value, path, known=ORDER_KEYS, problems=problems))
    problems.raise_if_any()
    return document


def read_order(fields: Fields) -> OrderDocument:
    return OrderDocument(
        id=fields.uuid("id"),
        item_id=fields.uuid("item_id"),
        customer=fields.text("customer"),
        product=fields.text("product"),
        subscription=fields.text("subscription"),
        status=fields.choice("status", OrderStatus) or OrderStatus.PAID,
        billing_name=fields.text("billing_name") if fields.mentions("billing_name") else LEFT_OUT,
        billing_address=read_address(fields, "billing_address") if fields.mentions("billing_address") else LEFT_OUT,
        subtotal_amount=fields.integer("subtotal_amount"),
        discount_amount=fields.integer("discount_amount") or 0,
        tax_amount=fields.integer("tax_amount") or 0,
        applied_balance_amount=fields.integer("applied_balance_amount") or 0,
        refunded_amount=fields.integer("refunded_amount"),
        refunded_tax_amount=fields.integer("refunded_tax_amount"),
        currency=fields.text("currency"),
        billing_reason=fields.choice("billing_reason", BillingReason),
        invoice_number=fields.text("invoice_number"),
        seats=fields.integer("seats"),
        created_at=fields.time("created_at"),
        modified_at=fields.time("modified_at"),
        next_payment_attempt_at=fields.time("next_payment_attempt_at"),
        item_label=fields.text("item_label"),
        payment=_read_payment(fields),
        deleted=fields.flag("deleted"),
        invoice=_read_issued(fields),
        metadata=fields.metadata("metadata"),
    )


def read_address(fields: Fields, name: str) -> Address | None:
    address = fields.object(name, known=ADDRESS_FIELDS)
    if address is None:
        return None
    country = address.text("country")
    if country is None or not _COUNTRY.fullmatch(country):
        address.complain("country", f"is {shortened(country)}; an address needs a country of two capitals, such as US")
    parts = {part: address.text(part) for part in ADDRESS_FIELDS if part != "country"}
    return Address(country=country or "US", **parts)


def _read_payment(order: Fields) -> Payment | None:
    fields = order.object("payment", known=("status", "decline_message"))
    if fields is None:
        return None
    return Payment(fields.choice("status", PaymentStatus) or PaymentStatus.SUCCEEDED, fields.text("decline_message"))


def _read_issued(order: Fields) -> IssuedDocument | None:
    fields = order.object("invoice", known=("generated_at", "billing_name", "billing_address"))
    if fields is None:
        return None
    return IssuedDocument(
        fields.time("generated_at"), fields.text("billing_name"), read_address(fields, "billing_address")
    )


def found_order(
    document: OrderDocument, key: str, *, tables: Tables, names: Mapping[str, str], ids: IdSource, now: datetime
) -> Order:
    """The order that a document describes, in a world that has its customer, product and subscription.

    Errors: DocumentInvalid for a name that the world does not have.
    """
    customer = tables.customers[_named(names, "customer", document.customer or _first_customer(names))]
    product = tables.products[_named(names, "product", document.product)] if document.product else None
    created_at = document.created_at or now
    order = Order(
        id=document.id or ids.new_id(),
        created_at=created_at,
        modified_at=document.modified_at,
        status=document.status,
        amounts=_amounts(document, product),
        currency=document.currency or (product.price.currency if product else "usd"),
        billing_reason=document.billing_reason or _billing_reason(document),
        billing_name=_or(document.billing_name, customer.billing_name),
        billing_address=_or(document.billing_address, customer.billing_address),
        invoice_number=document.invoice_number or next_invoice_number(tables, customer),
        invoice=None,
        seats=document.seats,
        customer_id=customer.id,
        product_id=product.id if product else None,
        price_id=product.price.id if product else None,
        subscription_id=_named(names, "subscription", document.subscription) if document.subscription else None,
        items=(_item(document, key, product, item_id=document.item_id or ids.new_id(), created_at=created_at),),
        description=product.name if product else _label(document, key, product),
        next_payment_attempt_at=document.next_payment_attempt_at,
        payment=document.payment,
        metadata=dict(document.metadata),
        deleted=document.deleted,
    )
    return _with_issued(order, document.invoice, now)


def next_invoice_number(tables: Tables, customer: Customer) -> str:
    """`PREFIX-CUSTOMER-0001`: counted per customer, as the service numbers by default."""
    count = sum(order.customer_id == customer.id for order in tables.orders.values())
    return f"{tables.organization.invoice_prefix}-{_short_id(customer.id)}-{count + 1:04d}"


def _short_id(customer_id: str) -> str:
    """Ten letters that are always the same for a customer."""
    number = UUID(customer_id).int
    letters = ""
    for _ in range(_SHORT_ID_LETTERS):
        number, rest = divmod(number, 26)
        letters += chr(ord("A") + rest)
    return letters


def _named(names: Mapping[str, str], kind: str, key: str) -> str:
    try:
        return names[f"{kind}:{key}"]
    except KeyError:
        known = some_of(n.removeprefix(f"{kind}:") for n in names if n.startswith(f"{kind}:")) or "none"
        raise DocumentInvalid((Problem(kind, f"is {shortened(key)}; this world has: {known}"),)) from None


def _first_customer(names: Mapping[str, str]) -> str:
    return next((name.removeprefix("customer:") for name in names if name.startswith("customer:")), "")


def _amounts(document: OrderDocument, product: Product | None) -> Amounts:
    """Left out, the subtotal is the product's price, and a refunded order is refunded whole."""
    price = (product.price.amount_cents or 0) if product else 0
    subtotal = _given_or(document.subtotal_amount, price)
    is_refunded = document.status is OrderStatus.REFUNDED
    return Amounts(
        subtotal_cents=subtotal,
        discount_cents=document.discount_amount,
        tax_cents=document.tax_amount,
        applied_balance_cents=document.applied_balance_amount,
        refunded_cents=_given_or(document.refunded_amount, subtotal - document.discount_amount if is_refunded else 0),
        refunded_tax_cents=_given_or(document.refunded_tax_amount, document.tax_amount if is_refunded else 0),
    )


def _given_or(value: T | None, default: T) -> T:
    return default if value is None else value


def _billing_reason(document: OrderDocument) -> BillingReason:
    return BillingReason.SUBSCRIPTION_CREATE if document.subscription else BillingReason.PURCHASE


def _or(value: T | LeftOut, default: T) -> T:
    return default if isinstance(value, LeftOut) else value


def _item(
    document: OrderDocument, key: str, product: Product | None, *, item_id: str, created_at: datetime
) -> OrderItem:
    amounts = _amounts(document, product)
    label = _label(document, key, product)
    price_id = product.price.id if product else None
    return OrderItem(item_id, created_at, label, amounts.subtotal_cents, amounts.tax_cents, price_id)


def _label(document: OrderDocument, key: str, product: Product | None) -> str:
    return document.item_label or (product.name if product else key)


def _with_issued(order: Order, issued: IssuedDocument | None, now: datetime) -> Order:
    if issued is None:
        return order
    shown = replace(
        order,
        # An empty name is a name: the service issues an invoice to it.
        billing_name=_given_or(issued.billing_name, order.billing_name or ""),
        billing_address=issued.billing_address or order.billing_address or Address(country="US"),
    )
    return replace(order, invoice=issue_invoice(shown, now=issued.generated_at or now))
