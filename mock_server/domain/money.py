"""Amounts of money as an American reader writes them."""

from __future__ import annotations

_SYMBOLS = {
    "usd": "$",
    "eur": "€",
    "gbp": "£",
    "jpy": "¥",
    "inr": "₹",
    "brl": "R$",
    "cad": "CA$",
    "aud": "A$",
    "krw": "₩",
}
_WITHOUT_MINOR_UNIT = frozenset(
    {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf"}
)


def write_money(amount_cents: int, currency: str) -> str:
    """`$1,234.56`, `-$5.00`, `¥5,000`; a currency without a symbol stands before its amount. In minor units."""
    code = currency.lower()
    symbol = _SYMBOLS.get(code, f"{currency.upper()} ")
    sign = "-" if amount_cents < 0 else ""
    if code in _WITHOUT_MINOR_UNIT:
        return f"{sign}{symbol}{abs(amount_cents):,}"
    whole, minor = divmod(abs(amount_cents), 100)
    return f"{sign}{symbol}{whole:,}.{minor:02d}"
