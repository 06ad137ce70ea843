"""Formats amounts as invoices write them. Pure.

Source: observed on the service, April 2026: in American format, `$1,234.56`, `¥5,000`, `-$5.00`.
"""

from __future__ import annotations

from polar_contract.json_types import JsonValue

# Currencies with one common sign, and their number of decimals.
_SIGNS = {"usd": ("$", 2), "eur": ("€", 2), "gbp": ("£", 2), "jpy": ("¥", 0)}


def written(amount: JsonValue, currency: JsonValue) -> str | None:
    """The text for an amount in the currency's smallest unit; None for other types and other currencies."""
    if not isinstance(amount, int) or not isinstance(currency, str) or currency not in _SIGNS:
        return None
    sign, decimals = _SIGNS[currency]
    return f"{'-' if amount < 0 else ''}{sign}{abs(amount) / 10**decimals:,.{decimals}f}"
