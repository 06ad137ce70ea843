"""Read an order in a document. `order_seeding` builds it into a world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mock_server.documents.addresses import read_address
from mock_server.documents.discounts import DiscountDocument, read_discount
from mock_server.documents.errors import Problems
from mock_server.documents.fields import LEFT_OUT, Fields, LeftOut
from mock_server.documents.names import Names
from mock_server.documents.order_items import ItemDocument, read_items
from mock_server.documents.tax_ids import read_tax_id
from mock_server.domain.addresses import Address
from mock_server.domain.metadata import Metadata
from mock_server.domain.orders import BillingReason, OrderStatus, Payment, PaymentStatus
from polar_contract.json_types import JsonValue

ORDER_KEYS = (
    *("id", "item_id", "customer", "product", "subscription", "status", "billing_name", "billing_address", "tax_id"),
    *("subtotal_amount", "discount_amount", "tax_amount", "applied_balance_amount"),
    *("refunded_amount", "refunded_tax_amount", "currency", "billing_reason", "invoice_number", "seats", "units"),
    *("created_at", "modified_at", "next_payment_attempt_at", "item_label", "items", "payment", "deleted", "invoice"),
    *("receipt_number", "receipt", "description", "discount", "checkout_id", "custom_field_data", "metadata"),
)
_RECEIPT_KEYS = ("generated_at", "billing_name", "billing_address")
_INVOICE_KEYS = (*_RECEIPT_KEYS, "tax_id")


@dataclass(frozen=True, slots=True)
class IssuedDocument:
    """An existing invoice, with the billing details that it shows."""

    generated_at: datetime | None
    billing_name: str | None
    billing_address: Address | None
    tax_id: tuple[str, str] | LeftOut | None


@dataclass(frozen=True, slots=True)
class ReceiptDocument:
    """An existing receipt, with the billing details that it shows."""

    generated_at: datetime | None
    billing_name: str | None
    billing_address: Address | LeftOut | None


@dataclass(frozen=True, slots=True)
class OrderDocument:
    """Customer, product and subscription are names of the document; None everywhere means the default."""

    customer: str
    id: str | None = None
    item_id: str | None = None
    product: str | None = None
    subscription: str | None = None
    status: OrderStatus = OrderStatus.PAID
    billing_name: str | LeftOut | None = LEFT_OUT
    billing_address: Address | LeftOut | None = LEFT_OUT
    tax_id: tuple[str, str] | LeftOut | None = LEFT_OUT
    subtotal_amount: int | None = None
    discount_amount: int | None = None
    tax_amount: int | None = None
    applied_balance_amount: int = 0
    refunded_amount: int | None = None
    refunded_tax_amount: int | None = None
    currency: str | None = None
    billing_reason: BillingReason | None = None
    invoice_number: str | None = None
    receipt_number: str | None = None
    seats: int | None = None
    units: int | None = None
    created_at: datetime | None = None
    modified_at: datetime | None = None
    next_payment_attempt_at: datetime | None = None
    item_label: str | None = None
    items: tuple[ItemDocument, ...] = ()
    payment: Payment | None = None
    deleted: bool = False
    invoice: IssuedDocument | None = None
    receipt: ReceiptDocument | None = None
    description: str | None = None
    discount: DiscountDocument | None = None
    checkout_id: str | None = None
    custom_field_data: Mapping[str, str | int | bool | None] = field(default_factory=dict)
    metadata: Metadata = field(default_factory=dict)


def parse_order(value: JsonValue, names: Names) -> OrderDocument:
    """Read a single order. Errors: DocumentInvalid with every problem and its path."""
    problems = Problems()
    document = read_order(Fields(value, "", known=ORDER_KEYS, problems=problems), names)
    problems.raise_if_any()
    return document


def read_order(fields: Fields, names: Names) -> OrderDocument:
    address = read_address(fields, "billing_address") if fields.mentions("billing_address") else LEFT_OUT
    known_address = None if isinstance(address, LeftOut) else address
    return OrderDocument(
        customer=_read_customer(fields, names),
        id=fields.uuid("id"),
        item_id=fields.uuid("item_id"),
        product=names.refer(fields, "product"),
        subscription=names.refer(fields, "subscription"),
        status=fields.choice("status", OrderStatus) or OrderStatus.PAID,
        billing_name=fields.text("billing_name") if fields.mentions("billing_name") else LEFT_OUT,
        billing_address=address,
        tax_id=read_tax_id(fields, known_address) if fields.mentions("tax_id") else LEFT_OUT,
        subtotal_amount=fields.integer("subtotal_amount"),
        discount_amount=fields.integer("discount_amount"),
        tax_amount=fields.integer("tax_amount"),
        applied_balance_amount=fields.integer("applied_balance_amount") or 0,
        refunded_amount=fields.integer("refunded_amount"),
        refunded_tax_amount=fields.integer("refunded_tax_amount"),
        currency=fields.text("currency"),
        billing_reason=fields.choice("billing_reason", BillingReason),
        invoice_number=fields.text("invoice_number"),
        receipt_number=fields.text("receipt_number"),
        seats=fields.integer("seats"),
        units=fields.units("units"),
        created_at=fields.time("created_at"),
        modified_at=fields.time("modified_at"),
        next_payment_attempt_at=fields.time("next_payment_attempt_at"),
        item_label=fields.text("item_label"),
        items=read_items(fields, names),
        payment=_read_payment(fields),
        deleted=fields.flag("deleted"),
        invoice=_read_issued(fields),
        receipt=_read_receipt(fields),
        description=fields.text("description"),
        discount=read_discount(fields),
        checkout_id=fields.uuid("checkout_id"),
        custom_field_data=fields.plain_values("custom_field_data"),
        metadata=fields.metadata("metadata"),
    )


def _read_customer(fields: Fields, names: Names) -> str:
    """The named object; if none is named, the only one that exists."""
    if fields.raw("customer") is None and len(known := names.keys_of("customer")) == 1:
        return next(iter(known))
    return names.refer(fields, "customer", needed=True) or ""


def _read_payment(order: Fields) -> Payment | None:
    fields = order.object("payment", known=("status", "decline_message"))
    if fields is None:
        return None
    return Payment(fields.choice("status", PaymentStatus) or PaymentStatus.SUCCEEDED, fields.text("decline_message"))


def _read_issued(order: Fields) -> IssuedDocument | None:
    fields = order.object("invoice", known=_INVOICE_KEYS)
    if fields is None:
        return None
    address = read_address(fields, "billing_address")
    return IssuedDocument(
        fields.time("generated_at"),
        fields.text("billing_name"),
        address,
        read_tax_id(fields, address) if fields.mentions("tax_id") else LEFT_OUT,
    )


def _read_receipt(order: Fields) -> ReceiptDocument | None:
    fields = order.object("receipt", known=_RECEIPT_KEYS)
    if fields is None:
        return None
    if order.raw("receipt_number") is None:
        order.complain("receipt", "is for an order with a receipt_number; give it one")
    address = read_address(fields, "billing_address") if fields.mentions("billing_address") else LEFT_OUT
    return ReceiptDocument(fields.time("generated_at"), fields.text("billing_name"), address)
