"""Who sells and who is billed, as lines of text."""

from __future__ import annotations

from mock_server.domain.addresses import Address

# Plainly no real seller: nobody may take a mock's document for an invoice.
SELLER_LINES = ("Mock Merchant of Record", "1 Loopback Lane", "Nowhere 00000", "support@mock.example.com")


def address_lines(address: Address) -> list[str]:
    """The address as it is written on an envelope; the state without its country's prefix."""
    state = (address.state or "").removeprefix(f"{address.country}-")
    town = " ".join(part for part in (address.postal_code, address.city, state) if part)
    return [line for line in (address.line1, address.line2, town, address.country) if line]
