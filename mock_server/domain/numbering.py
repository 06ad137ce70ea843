"""The numbers of invoices and receipts, counted per customer."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

_SHORT_ID_LETTERS = 10


def invoice_number(prefix: str, customer_id: str, number: int) -> str:
    """`PREFIX-CUSTOMER-0001`: the service's default numbering."""
    return f"{prefix}-{_short_id(customer_id)}-{number:04d}"


def receipt_number(customer_id: str, number: int) -> str:
    """`RCPT-CUSTOMER-0001`. Source: polar's receipts, August 2026."""
    return invoice_number("RCPT", customer_id, number)


@lru_cache(maxsize=1024)
def _short_id(customer_id: str) -> str:
    """Ten letters that are always the same for a customer; remembered, because most customers have several orders."""
    number = UUID(customer_id).int
    letters = ""
    for _ in range(_SHORT_ID_LETTERS):
        number, rest = divmod(number, 26)
        letters += chr(ord("A") + rest)
    return letters
