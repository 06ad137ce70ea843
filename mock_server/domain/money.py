"""Format amounts of money in the American style, for invoices and for messages to channels."""

from __future__ import annotations

# Signs of `en_US` in the Unicode locale data; every other currency is written with its code.
_SIGNS = {
    "aud": "A$",
    "brl": "R$",
    "cad": "CA$",
    "cny": "CN¥",
    "eur": "€",
    "gbp": "£",
    "hkd": "HK$",
    "ils": "₪",
    "inr": "₹",
    "jpy": "¥",
    "krw": "₩",
    "mxn": "MX$",
    "nzd": "NZ$",
    "php": "₱",
    "twd": "NT$",
    "usd": "$",
    "vnd": "₫",
    "xaf": "FCFA",
    "xof": "F\u202fCFA",
    "xpf": "CFPF",
}
_WITHOUT_MINOR_UNIT = frozenset(
    {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf"}
)


def write_money(amount_cents: int, currency: str) -> str:
    """`$1,234.56`, `-$5.00`, `¥5,000`, `CHF10.00`, from minor units. Source: observed on the service, April 2026."""
    code = currency.lower()
    sign = _SIGNS.get(code, currency.upper())
    minus = "-" if amount_cents < 0 else ""
    if not minor_digits(code):
        return f"{minus}{sign}{abs(amount_cents):,}"
    whole, minor = divmod(abs(amount_cents), 100)
    return f"{minus}{sign}{whole:,}.{minor:02d}"


def minor_digits(currency: str) -> int:
    """How many digits of an amount are minor units."""
    return 0 if currency.lower() in _WITHOUT_MINOR_UNIT else 2
