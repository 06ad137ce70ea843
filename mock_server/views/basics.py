"""Building blocks of every shape: times, addresses, pages."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from pydantic_core import PydanticSerializationError, to_json

from mock_server.domain.addresses import ADDRESS_FIELDS, Address
from polar_contract.json_types import JsonObject, JsonValue

_COMPACT = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


def write_time(moment: datetime) -> str:
    """RFC 3339 in UTC with Z; microseconds, or no fraction if it is zero. Source: observed on the service."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def write_time_or_null(moment: datetime | None) -> str | None:
    return None if moment is None else write_time(moment)


def leave_out(shape: JsonObject, schema: str, fields: Collection[str]) -> JsonObject:
    """Without those of the fields, written as `Order.seats`, that are of this schema."""
    for name in fields:
        owner, _, field = name.partition(".")
        if owner == schema:
            shape.pop(field, None)
    return shape


def address_json(address: Address | None) -> JsonObject | None:
    return None if address is None else {name: getattr(address, name) for name in ADDRESS_FIELDS}


def page_json(items: Sequence[JsonValue], total: int, limit: int) -> JsonObject:
    """A page of a list; `max_page` is 0 for an empty list. Source: observed on the service."""
    return {"items": list(items), "pagination": {"total_count": total, "max_page": -(-total // limit)}}


def compact(value: JsonValue) -> bytes:
    """JSON as the service sends it: no spaces, UTF-8; lone surrogates, which UTF-8 does not have, stay escaped."""
    return _COMPACT.encode(value).encode("utf-8", "backslashreplace")


def compact_without_floats(value: JsonValue) -> bytes:
    """The same in a third of the time, for a value without floats: this writer has 1e-5 where the other one has 1e-05."""
    try:
        return to_json(value)
    except PydanticSerializationError:  # a lone surrogate
        return compact(value)
