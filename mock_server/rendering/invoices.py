"""What an invoice's document shows."""

from __future__ import annotations

from collections.abc import Iterator

from mock_server.domain.invoices import Invoice
from mock_server.rendering.parties import MOCK_SELLER, Seller, address_lines
from mock_server.rendering.sheets import Sheet, render_sheet


def render_invoice(invoice: Invoice, *, seller: Seller = MOCK_SELLER) -> bytes:
    tax_number = () if invoice.tax_id is None else (invoice.tax_id[0],)
    sheet = Sheet(
        kind="Invoice",
        number=invoice.number,
        date_label="Date of issue",
        issued_on=invoice.issued_on,
        billed=(invoice.billing_name, *address_lines(invoice.billing_address), *tax_number),
        currency=invoice.currency,
        lines=invoice.lines,
        totals=tuple(_totals(invoice)),
    )
    return render_sheet(sheet, seller=seller)


def _totals(invoice: Invoice) -> Iterator[tuple[str, int]]:
    yield "Subtotal", invoice.subtotal_cents
    if invoice.discount_cents > 0:
        yield "Discount", -invoice.discount_cents
    if invoice.tax_cents:
        yield "Total excluding tax", invoice.total_cents - invoice.tax_cents
        yield "Tax", invoice.tax_cents
    yield "Total", invoice.total_cents
    if invoice.applied_balance_cents:
        yield "Applied balance", invoice.applied_balance_cents
        yield "To be paid", invoice.to_be_paid_cents
