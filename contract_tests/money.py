"""Amounts as invoices write them. Pure.

Source: observed on the service, April 2026: as an American reader expects them, `$1,234.56`, `¥5,000`, `-$5.00`.
"""

from __future__ import annotations

from polar_contract.json_types import JsonValue

# Currencies whose signs nobody writes in another way, with the number of their decimals.
_SIGNS = {"usd": ("$", 2), "eur": ("€", 2), "gbp": ("£", 2), "jpy": ("¥", 0)}


def written(amount: JsonValue, currency: JsonValue) -> str | None:
    """An amount in the currency's smallest unit; None where it is none, or in another currency."""
    if not isinstance(amount, int) or not isinstance(currency, str) or currency not in _SIGNS:
        return None
    sign, decimals = _SIGNS[currency]
    return f"{'-' if amount < 0 else ''}{sign}{abs(amount) / 10**decimals:,.{decimals}f}"
