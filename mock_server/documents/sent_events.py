"""Read an event that a caller sends: its type, and its data, or the order that it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mock_server.documents.errors import Problems, shown
from mock_server.documents.event_types import unknown_event_type
from mock_server.documents.fields import Fields
from mock_server.documents.names import one_of
from mock_server.domain.event_types import EVENT_TYPES
from mock_server.domain.orders import Order
from mock_server.domain.webhooks import OrderEvent
from mock_server.store.tables import Tables
from polar_contract.json_types import JsonObject

_KEYS = ("type", "data", "order")
_ORDER_EVENTS = tuple(OrderEvent)


@dataclass(frozen=True, slots=True)
class SentEvent:
    """`order`: the one whose fields are the data, except those that `data` gives; None: `data` is everything."""

    type: str
    data: JsonObject
    order: Order | None


def read_sent_event(body: JsonObject, tables: Tables) -> SentEvent:
    """Errors: DocumentInvalid with every problem and its path."""
    problems = Problems()
    fields = Fields(body, "", known=_KEYS, problems=problems)
    event_type, order = _read_type(fields), _read_order(fields, tables)
    data = fields.raw("data")
    if data is not None and not isinstance(data, dict):
        fields.complain("data", f"is {shown(data)}; it has to be an object")
    if event_type and event_type not in _ORDER_EVENTS and fields.raw("order") is not None:
        fields.complain(
            "order", f"goes with these types only: {', '.join(_ORDER_EVENTS)}; give the data of {event_type}"
        )
    elif event_type and data is None and fields.raw("order") is None:
        orders = ", or `order`, the name or id of the order that it is about" if event_type in _ORDER_EVENTS else ""
        fields.complain_missing("data", f"give the event's data, an object{orders}")
    problems.raise_if_any()
    return SentEvent(event_type or "", data if isinstance(data, dict) else {}, order)


def _read_type(fields: Fields) -> str | None:
    event_type = fields.text("type")
    if event_type is None and fields.raw("type") is None:
        fields.complain_missing("type", f"it has to be one of: {', '.join(EVENT_TYPES)}")
    elif event_type is not None and event_type not in EVENT_TYPES:
        fields.complain("type", unknown_event_type(event_type))
        return None
    return event_type


def _read_order(fields: Fields, tables: Tables) -> Order | None:
    wanted = fields.text("order")
    if wanted is None:
        return None
    order = tables.orders.get(tables.names.get(f"order:{wanted}", wanted))
    if order is None or order.deleted:
        known = one_of(_order_keys(tables.names), "this world has no orders")
        fields.complain("order", f"is {shown(wanted)}, neither the name nor the id of an order of this world; {known}")
    return order


def _order_keys(names: Mapping[str, str]) -> list[str]:
    return [name.removeprefix("order:") for name in names if name.startswith("order:")]
