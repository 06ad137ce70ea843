"""The seller and the billed customer as lines of text."""

from __future__ import annotations

from dataclasses import dataclass

from mock_server.domain.addresses import Address
from mock_server.rendering.countries import COUNTRY_NAMES


@dataclass(frozen=True, slots=True)
class Seller:
    """The block of lines under "From", as printed."""

    lines: tuple[str, ...]


# Clearly no real seller: nobody must take a mock's document for an invoice.
MOCK_SELLER = Seller(("Mock Merchant of Record", "1 Loopback Lane", "Nowhere 00000", "support@mock.example.com"))


def address_lines(address: Address) -> list[str]:
    """The address as it is written on an envelope; the state without its country's prefix, the country by name."""
    state = (address.state or "").removeprefix(f"{address.country}-")
    town = " ".join(part for part in (address.postal_code, address.city, state) if part)
    country = COUNTRY_NAMES.get(address.country, address.country)
    return [line for line in (address.line1, address.line2, town, country) if line]
