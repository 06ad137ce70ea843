"""Metadata: what a shop keeps beside its orders, products and customers, and how filters compare it: by its JSON text."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

MetadataValue = str | int | float | bool
Metadata = Mapping[str, MetadataValue]


def metadata_text(value: MetadataValue | None) -> str | None:
    """`true`, `12`, `0.5`, a text as it is; None where there is no value.

    Numbers are written without an exponent, decimals as they came: `1.0` is not `1`. Source: observed on the service
    (booleans), and how its database writes numbers, April 2026.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{Decimal(repr(value)):f}" if value else repr(abs(value))
