"""Read a billing address in a document."""

from __future__ import annotations

import re

from mock_server.documents.errors import shown
from mock_server.documents.fields import Fields
from mock_server.domain.addresses import ADDRESS_FIELDS, Address

_COUNTRY = re.compile("[A-Z]{2}")
_WANTED = "an address needs a country of two capitals, such as US"


def read_address(fields: Fields, name: str) -> Address | None:
    address = fields.object(name, known=ADDRESS_FIELDS)
    if address is None:
        return None
    country = address.text("country")
    if country is None and address.raw("country") is None:
        address.complain_missing("country", _WANTED)
    elif country is not None and not _COUNTRY.fullmatch(country):
        address.complain("country", f"is {shown(country)}; {_WANTED}")
    parts = {part: address.text(part) for part in ADDRESS_FIELDS if part != "country"}
    return Address(country=country or "US", **parts)
