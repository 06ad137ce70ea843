"""A tax number in a document: a text whose format follows from the country, or a list of the number and its format."""

from __future__ import annotations

from mock_server.documents.errors import shown
from mock_server.documents.fields import Fields
from mock_server.domain.addresses import Address
from mock_server.domain.tax_ids import TAX_ID_FORMATS, name_tax_id

_PAIR = 'a list of the number and its format, such as ["DE123456789", "eu_vat"], is taken as it is'


def read_tax_id(fields: Fields, address: Address | None) -> tuple[str, str] | None:
    """The field `tax_id`: the number and the name of its format."""
    if isinstance(fields.raw("tax_id"), list):
        return _read_pair(fields)
    number = fields.text("tax_id")
    if number is None:
        return None
    if address is None:
        fields.complain("tax_id", f"is {shown(number)}, whose format follows from the country of an address; {_PAIR}")
        return None
    named = name_tax_id(number, address.country)
    if named is None:
        fields.complain("tax_id", f"is {shown(number)}, which is not a tax number of {address.country}; {_PAIR}")
    return named


def _read_pair(fields: Fields) -> tuple[str, str] | None:
    match fields.texts("tax_id"):
        case (number, kind) if kind in TAX_ID_FORMATS:
            return number, kind
        case (_, kind):
            fields.complain("tax_id", f"has the format {shown(kind)}; known are: {', '.join(sorted(TAX_ID_FORMATS))}")
        case tuple():
            fields.complain("tax_id", f"is a list that does not have two items; {_PAIR}")
    return None
