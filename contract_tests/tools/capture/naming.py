"""Assigns document keys to the ids of an account, and decides which ids are kept."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from polar_contract.json_types import JsonObject, JsonValue

_DOCUMENTS_TAKE_VERSION = 4


@dataclass(frozen=True, slots=True)
class Naming:
    """Keys such as `customer_1` by id, numbered from the oldest order."""

    customers: Mapping[str, str]
    products: Mapping[str, str]
    subscriptions: Mapping[str, str]
    keeps_ids: bool

    def ids(self, **ids: JsonValue) -> JsonObject:
        """The ids that go into the document: none by default, and only ids that documents accept."""
        return {name: value for name, value in ids.items() if self.keeps_ids and _is_acceptable(value)}

    def stand_in(self, value: JsonValue) -> str | None:
        """An id for a field that a document requires: the same id when ids are kept, else one derived from its hash."""
        if not isinstance(value, str):
            return None
        made = uuid.UUID(bytes=hashlib.sha256(value.encode()).digest()[:16], version=_DOCUMENTS_TAKE_VERSION)
        return value if self.keeps_ids and _is_acceptable(value) else str(made)


def naming_of(orders: Iterable[JsonObject], *, keeps_ids: bool) -> Naming:
    """Keys for all customers, products and subscriptions of the orders. `orders` are sorted oldest first."""
    orders = list(orders)

    def keys(kind: str) -> dict[str, str]:
        ids = dict.fromkeys(str(order[f"{kind}_id"]) for order in orders if order.get(f"{kind}_id") is not None)
        return {one: f"{kind}_{number}" for number, one in enumerate(ids, start=1)}

    return Naming(keys("customer"), keys("product"), keys("subscription"), keeps_ids)


def _is_acceptable(value: JsonValue) -> bool:
    try:
        return isinstance(value, str) and uuid.UUID(value).version == _DOCUMENTS_TAKE_VERSION
    except ValueError:
        return False
