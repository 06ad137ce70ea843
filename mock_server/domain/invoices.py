"""Invoices: which orders can have one, and the facts that are frozen when one is issued.

An issued invoice holds facts, not bytes: the document is a pure function of them. So it is made at the first download
and is the same every time.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from mock_server.domain.addresses import Address
from mock_server.domain.errors import BillingDetailsMissing, InvoiceNotIssued, OrderIneligible

if TYPE_CHECKING:
    from mock_server.domain.orders import Order


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line of the table; the quantity is always 1, as on the service's invoices."""

    description: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Invoice:
    """All facts that the document shows."""

    number: str
    generated_at: datetime
    issued_on: datetime
    """Date of issue: the order's creation, as on the service's invoices."""
    billing_name: str
    billing_address: Address
    currency: str
    lines: tuple[InvoiceLine, ...]
    subtotal_cents: int
    discount_cents: int
    tax_cents: int
    total_cents: int
    applied_balance_cents: int
    tax_id: tuple[str, str] | None = None
    """The buyer's tax id: the number, which is shown, and the name of its format."""

    @property
    def to_be_paid_cents(self) -> int:
        return max(0, self.total_cents + self.applied_balance_cents)


def require_invoice_allowed(order: Order, *, refused_statuses: Collection[str]) -> None:
    """Refuse an order that can't have an invoice: check its status first, then the billing details.

    Only null counts as missing: an empty name passes. Source: observed on the service, April 2026.
    Errors: OrderIneligible, BillingDetailsMissing.
    """
    if order.status in refused_statuses or order.invoice_number is None:
        raise OrderIneligible(order.id, order.status)
    missing = missing_billing_details(order)
    if missing:
        raise BillingDetailsMissing(order.id, missing)


def missing_billing_details(order: Order) -> tuple[str, ...]:
    return tuple(name for name in ("billing_name", "billing_address") if getattr(order, name) is None)


def require_invoice(order: Order) -> Invoice:
    if order.invoice is None:
        raise InvoiceNotIssued(order.id)
    return order.invoice


def shows_present_billing(invoice: Invoice, order: Order) -> bool:
    """Whether the invoice has the order's billing details and tax id as they are now; amounts and status don't count.

    Source: the service's invoices, August 2026.
    """
    shown = (invoice.billing_name, invoice.billing_address, invoice.tax_id)
    return shown == (order.billing_name, order.billing_address, order.tax_id)


def lines_of(order: Order) -> tuple[InvoiceLine, ...]:
    return tuple(InvoiceLine(item.label, item.amount_cents) for item in order.items)


def issue_invoice(order: Order, *, now: datetime) -> Invoice:
    """Freeze the order's present facts.

    Errors: BillingDetailsMissing if they were cleared since the invoice was requested; OrderIneligible for a draft.
    """
    if order.invoice_number is None:
        raise OrderIneligible(order.id, order.status)
    if order.billing_name is None or order.billing_address is None:
        raise BillingDetailsMissing(order.id, missing_billing_details(order))
    return Invoice(
        number=order.invoice_number,
        generated_at=now,
        issued_on=order.created_at,
        billing_name=order.billing_name,
        billing_address=order.billing_address,
        currency=order.currency,
        lines=lines_of(order),
        subtotal_cents=order.amounts.subtotal_cents,
        discount_cents=order.amounts.discount_cents,
        tax_cents=order.amounts.tax_cents,
        total_cents=order.amounts.total_cents,
        applied_balance_cents=order.amounts.applied_balance_cents,
        tax_id=order.tax_id,
    )
