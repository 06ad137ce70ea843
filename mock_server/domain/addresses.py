"""A billing address of an order or a customer. The contract layer reads addresses from requests."""

from __future__ import annotations

from dataclasses import dataclass

ADDRESS_FIELDS = ("line1", "line2", "postal_code", "city", "state", "country")


@dataclass(frozen=True, slots=True)
class Address:
    country: str
    line1: str | None = None
    line2: str | None = None
    postal_code: str | None = None
    city: str | None = None
    state: str | None = None
