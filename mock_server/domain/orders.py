"""Orders: their amounts, their billing details and their status changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TypedDict

from mock_server.domain.addresses import Address
from mock_server.domain.discounts import Discount
from mock_server.domain.errors import FieldRefusal, InputRefused, StatusChangeRefused
from mock_server.domain.invoices import Invoice
from mock_server.domain.metadata import Metadata
from mock_server.domain.receipts import Receipt


class OrderStatus(StrEnum):
    DRAFT = "draft"
    PENDING = "pending"
    PAID = "paid"
    REFUNDED = "refunded"
    PARTIALLY_REFUNDED = "partially_refunded"
    VOID = "void"


class BillingReason(StrEnum):
    PURCHASE = "purchase"
    SUBSCRIPTION_CREATE = "subscription_create"
    SUBSCRIPTION_CYCLE = "subscription_cycle"
    SUBSCRIPTION_UPDATE = "subscription_update"


# A refunded order counts as paid. Source: observed on the service, April 2026.
PAID_STATUSES = frozenset({OrderStatus.PAID, OrderStatus.REFUNDED, OrderStatus.PARTIALLY_REFUNDED})

_MOVES: Mapping[OrderStatus, tuple[OrderStatus, ...]] = {
    OrderStatus.DRAFT: (OrderStatus.PENDING, OrderStatus.PAID),
    OrderStatus.PENDING: (OrderStatus.PAID, OrderStatus.VOID),
    OrderStatus.PAID: (OrderStatus.REFUNDED, OrderStatus.PARTIALLY_REFUNDED),
    OrderStatus.PARTIALLY_REFUNDED: (OrderStatus.REFUNDED,),
    OrderStatus.REFUNDED: (),
    OrderStatus.VOID: (),
}


class PaymentStatus(StrEnum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Payment:
    """The newest payment attempt of an order."""

    status: PaymentStatus
    decline_message: str | None = None


@dataclass(frozen=True, slots=True)
class OrderItem:
    id: str
    created_at: datetime
    label: str
    amount_cents: int
    tax_amount_cents: int
    price_id: str | None
    is_prorated: bool = False
    period: tuple[datetime, datetime] | None = None
    """Start and end of the period that the line is for; None for a line without one."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """An order's money in minor units; other amounts in responses are derived from these."""

    subtotal_cents: int
    discount_cents: int = 0
    tax_cents: int = 0
    applied_balance_cents: int = 0
    refunded_cents: int = 0
    refunded_tax_cents: int = 0

    @property
    def net_cents(self) -> int:
        return self.subtotal_cents - self.discount_cents

    @property
    def total_cents(self) -> int:
        return self.net_cents + self.tax_cents

    @property
    def due_cents(self) -> int:
        """The total amount to pay; it does not change after payment. Source: observed on the service, April 2026."""
        return max(0, self.total_cents + self.applied_balance_cents)

    @property
    def refundable_cents(self) -> int:
        """Before tax; the same whether or not anything was paid. Source: observed on the service, August 2026."""
        return self.net_cents - self.refunded_cents

    @property
    def refundable_tax_cents(self) -> int:
        return self.tax_cents - self.refunded_tax_cents


@dataclass(frozen=True, slots=True)
class Order:
    id: str
    created_at: datetime
    modified_at: datetime | None
    status: OrderStatus
    amounts: Amounts
    currency: str
    billing_reason: BillingReason
    billing_name: str | None
    billing_address: Address | None
    invoice_number: str | None
    """None for a draft."""
    invoice: Invoice | None
    seats: int | None
    customer_id: str
    product_id: str | None
    price_id: str | None
    subscription_id: str | None
    items: tuple[OrderItem, ...]
    description: str
    next_payment_attempt_at: datetime | None
    payment: Payment | None
    metadata: Metadata
    discount: Discount | None = None
    checkout_id: str | None = None
    custom_field_data: Mapping[str, str | int | bool | None] = field(default_factory=dict)
    tax_id: tuple[str, str] | None = None
    """The customer's tax id when the order was made: the number, and the name of its format. Only its invoice shows it."""
    units: int | None = None
    """How many units were bought; None where the price is not by unit."""
    receipt_number: str | None = None
    receipt: Receipt | None = None
    deleted: bool = False
    is_payment_locked: bool = False
    manual_retries: int = 0

    @property
    def is_paid(self) -> bool:
        return self.status in PAID_STATUSES

    @property
    def is_invoice_generated(self) -> bool:
        return self.invoice is not None


class BillingChanges(TypedDict, total=False):
    """The fields that a PATCH sent. An absent key leaves the field unchanged; null clears it."""

    billing_name: str | None
    billing_address: Address | None


def change_billing(order: Order, changes: BillingChanges, *, fixed_fields: Sequence[str], now: datetime) -> Order:
    """The order with new billing details; the address is replaced, never merged.

    Errors:  InputRefused if one of the address's `fixed_fields` would change while both addresses are present.
    Source:  observed on the service, April 2026 (customer_portal:orders:update).
    """
    address = changes.get("billing_address")
    if order.billing_address is not None and address is not None:
        _refuse_moved_address(order.billing_address, address, fixed_fields)
    present: BillingChanges = {"billing_name": order.billing_name, "billing_address": order.billing_address}
    changed: BillingChanges = {**present, **changes}
    return order if changed == present else replace(order, **changed, modified_at=now)


def _refuse_moved_address(old: Address, new: Address, fixed_fields: Sequence[str]) -> None:
    refusals = tuple(
        FieldRefusal(("body", "billing_address", name), f"{name.capitalize()} cannot be changed", getattr(new, name))
        for name in fixed_fields
        if getattr(old, name) != getattr(new, name)
    )
    if refusals:
        raise InputRefused(refusals)


def next_statuses(order: Order) -> tuple[OrderStatus, ...]:
    """The statuses that the order can change to."""
    return _MOVES[order.status]


def move_to(order: Order, status: OrderStatus, *, now: datetime) -> Order:
    """The order in another status, with the payment or refund that the change implies.

    Errors: StatusChangeRefused for a status change that an order can't make.
    """
    if status is order.status:
        return order
    allowed = next_statuses(order)
    if status not in allowed:
        raise StatusChangeRefused(order.id, order.status, status, allowed)
    return replace(_with_consequences(order, status), status=status, modified_at=now)


def _with_consequences(order: Order, status: OrderStatus) -> Order:
    if status is OrderStatus.PAID:
        payment = Payment(PaymentStatus.SUCCEEDED)
        return replace(order, payment=payment, next_payment_attempt_at=None, is_payment_locked=False)
    if status is OrderStatus.VOID:
        return replace(order, next_payment_attempt_at=None)
    if status is OrderStatus.REFUNDED:
        refunded = replace(
            order.amounts, refunded_cents=order.amounts.net_cents, refunded_tax_cents=order.amounts.tax_cents
        )
        return replace(order, amounts=refunded)
    return order
