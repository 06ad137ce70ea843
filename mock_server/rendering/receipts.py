"""What a receipt's document shows: what was paid, and what was paid back. Its layout is the mock's own, that of an invoice."""

from __future__ import annotations

from collections.abc import Iterator

from mock_server.domain.receipts import Receipt
from mock_server.rendering.parties import MOCK_SELLER, Seller, address_lines
from mock_server.rendering.sheets import Sheet, render_sheet


def render_receipt(receipt: Receipt, *, seller: Seller = MOCK_SELLER) -> bytes:
    address = receipt.billing_address
    sheet = Sheet(
        kind="Receipt",
        number=receipt.number,
        date_label="Date",
        issued_on=receipt.issued_on,
        billed=(receipt.billing_name, *(address_lines(address) if address else ())),
        currency=receipt.currency,
        lines=receipt.lines,
        totals=tuple(_totals(receipt)),
    )
    return render_sheet(sheet, seller=seller)


def _totals(receipt: Receipt) -> Iterator[tuple[str, int]]:
    yield "Subtotal", receipt.subtotal_cents
    if receipt.discount_cents > 0:
        yield "Discount", -receipt.discount_cents
    if receipt.tax_cents:
        yield "Tax", receipt.tax_cents
    yield "Total", receipt.total_cents
    if receipt.applied_balance_cents:
        yield "Applied balance", receipt.applied_balance_cents
    yield "Amount paid", receipt.paid_cents
    if receipt.refunded_cents:
        yield "Refunded", -receipt.refunded_cents
