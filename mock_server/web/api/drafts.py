"""Draft orders: make one, and finalize it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from mock_server.domain.drafts import DraftWish
from mock_server.domain.orders import Order
from mock_server.services.drafts import create_draft, finalize_draft
from mock_server.views.basics import write_time
from mock_server.views.orders import order_sources, organization_order_bytes
from mock_server.web.api.calls import ApiOperation, Call
from mock_server.web.exchange import Answer


def create_order(call: Call) -> Answer:
    body = call.checked.body
    wish = DraftWish(
        currency=cast("str | None", body.get("currency")),
        amount=cast("int | None", body.get("amount")),
        units=cast("int | None", body.get("units")),
        description=cast("str | None", body.get("description")),
        metadata=cast("dict[str, str | int | float | bool]", body.get("metadata", {})),
        custom_field_data=_without_times(cast("Mapping[str, Any]", body.get("custom_field_data", {}))),
    )
    # No other change can come between this one and its response.
    with call.world.lock:
        return _shown(call, 201, create_draft(call.services, call.world, fields=body, wish=wish))


def finalize_order(call: Call) -> Answer:
    with call.world.lock:
        return _shown(call, 200, finalize_draft(call.services, call.world, caller=call.caller, order_id=call.id))


def _shown(call: Call, status: int, order: Order) -> Answer:
    return Answer(status, organization_order_bytes(call.world, order_sources(call.world, call.world.tables, order)))


def _without_times(values: Mapping[str, Any]) -> dict[str, str | int | bool | None]:
    """A number with a fraction is read as a time. Source: the published schema, whose only choice for it that is."""
    return {key: write_time(value) if isinstance(value, datetime) else value for key, value in values.items()}


OPERATIONS = {
    "orders:create": ApiOperation(create_order),
    "orders:finalize": ApiOperation(finalize_order),
}
