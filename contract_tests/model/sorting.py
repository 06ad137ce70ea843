"""What each criterion of a sorted list of orders compares. Pure. Source: observed on the service, April 2026."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from polar_contract.json_types import JsonObject, JsonValue, as_object

DEFAULT_SORTING = ("-created_at",)
TEXTS = frozenset({"customer", "product", "discount"})
"""Criteria that compare texts, by the collation of the service's database, which is not known."""
_VALUES: Mapping[str, Callable[[JsonObject], JsonValue]] = {
    "amount": lambda item: item.get("net_amount"),
    "customer": lambda item: as_object(item.get("customer")).get("email"),
    "product": lambda item: as_object(item.get("product")).get("name"),
    "discount": lambda item: as_object(item.get("discount")).get("name"),
    "subscription": lambda item: item.get("subscription_id"),
}


def sorted_value(item: JsonObject, criterion: str) -> JsonValue:
    """The value of an item that a criterion, without its minus sign, compares; by default the field of that name."""
    read = _VALUES.get(criterion)
    return item.get(criterion) if read is None else read(item)
