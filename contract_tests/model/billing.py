"""Predicts a PATCH of an order's billing details: which bodies are malformed, and what is stored. Pure.

Source of all rules: observed on the service, April 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from contract_tests.model.addresses import ADDRESS_KEYS, stored_address
from contract_tests.model.state import Order
from polar_contract.json_types import JsonObject, JsonValue, as_object

_US_STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK "
    "OR PA RI SC SD TN TX UT VT VA WA WV WI WY"
)
_CANADIAN_STATES = "AB BC MB NB NL NS NT NU ON PE QC SK YT"
_STATES: Mapping[str, frozenset[str]] = {
    "US": frozenset(_US_STATES.split()),
    "CA": frozenset(_CANADIAN_STATES.split()),
}
# The countries that stories use. More of them would need the complete list of codes here.
_COUNTRIES = frozenset({"US", "CA", "FR", "DE"})


def problem_of(body: JsonValue) -> list[JsonValue] | None:
    """The `loc` of the malformed part of a PATCH body, or None. Stories never send a body with two faults."""
    if not isinstance(body, dict):
        return ["body"]
    if not isinstance(body.get("billing_name"), str | None):
        return ["body", "billing_name"]
    address = body.get("billing_address")
    return None if address is None else _address_problem(address, ["body", "billing_address"])


def patched(order: Order, body: JsonObject) -> Order:
    """The order after the PATCH: an absent key keeps a field, null clears it, an address replaces the old one."""
    if "billing_name" in body:
        name = body["billing_name"]
        order = replace(order, billing_name=None if name is None else str(name))
    if "billing_address" in body:
        address = body["billing_address"]
        order = replace(order, billing_address=None if address is None else stored_address(as_object(address)))
    return order


def _address_problem(address: JsonValue, place: list[JsonValue]) -> list[JsonValue] | None:
    if not isinstance(address, dict):
        return place
    texts = [key for key in ADDRESS_KEYS[:-1] if not isinstance(address.get(key), str | None)]
    if texts:
        return [*place, texts[0]]
    if str(address.get("country")).upper() not in _COUNTRIES:
        return [*place, "country"]
    return place if _has_wrong_state(stored_address(address)) else None


def _has_wrong_state(address: JsonObject) -> bool:
    country, state = str(address["country"]), address["state"]
    return country in _STATES and state is not None and str(state)[3:] not in _STATES[country]
