"""Receipts: which orders have one, and the facts that its document shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from mock_server.domain.addresses import Address
from mock_server.domain.errors import ReceiptNotAllocated
from mock_server.domain.invoices import InvoiceLine, lines_of

if TYPE_CHECKING:
    from mock_server.domain.customers import Customer
    from mock_server.domain.orders import Order


@dataclass(frozen=True, slots=True)
class Receipt:
    """All facts that the document shows; the document is a pure function of them."""

    number: str
    generated_at: datetime
    issued_on: datetime
    billing_name: str
    billing_address: Address | None
    currency: str
    lines: tuple[InvoiceLine, ...]
    subtotal_cents: int
    discount_cents: int
    tax_cents: int
    total_cents: int
    applied_balance_cents: int
    paid_cents: int
    refunded_cents: int
    """Tax included."""


def require_receipt_number(order: Order) -> str:
    """Errors: ReceiptNotAllocated."""
    if order.receipt_number is None:
        raise ReceiptNotAllocated(order.id)
    return order.receipt_number


def issue_receipt(order: Order, customer: Customer, *, now: datetime) -> Receipt:
    """Freeze the order's present facts. Errors: ReceiptNotAllocated.

    The name falls back to the customer's name, then to the address of their e-mail. Source: polar's receipts, August 2026.
    """
    amounts = order.amounts
    return Receipt(
        number=require_receipt_number(order),
        generated_at=now,
        issued_on=order.created_at,
        billing_name=order.billing_name or customer.name or customer.email or "",
        billing_address=order.billing_address,
        currency=order.currency,
        lines=lines_of(order),
        subtotal_cents=amounts.subtotal_cents,
        discount_cents=amounts.discount_cents,
        tax_cents=amounts.tax_cents,
        total_cents=amounts.total_cents,
        applied_balance_cents=amounts.applied_balance_cents,
        paid_cents=amounts.due_cents,
        refunded_cents=amounts.refunded_cents + amounts.refunded_tax_cents,
    )
