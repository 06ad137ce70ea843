"""Metadata of orders, products and customers, and its comparison in filters, which uses the JSON text."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

MetadataValue = str | int | float | bool
Metadata = Mapping[str, MetadataValue]


def metadata_text(value: MetadataValue | None) -> str | None:
    """`true`, `12`, `0.5`, a text as it is; None if there is no value.

    Numbers are written without an exponent, decimals as they were sent: `1.0` is not `1`. Source: observed on the service
    (booleans), and how its database writes numbers, April 2026.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{Decimal(repr(value)):f}" if value else repr(abs(value))
