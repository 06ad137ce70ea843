"""Billing addresses as the service stores and protects them. Pure. Source: observed on the service, April 2026."""

from __future__ import annotations

from collections.abc import Iterable

from polar_contract.json_types import JsonObject, JsonValue

ADDRESS_KEYS = ("line1", "line2", "postal_code", "city", "state", "country")
_WITH_SUBDIVISIONS = ("US", "CA")


def stored_billing(sent: JsonObject) -> JsonObject:
    """The billing details of a PATCH as they are stored: the name as sent, the address as `stored_address` says."""
    stored: JsonObject = {name: sent[name] for name in ("billing_name", "billing_address") if name in sent}
    address = sent.get("billing_address")
    if isinstance(address, dict):
        stored["billing_address"] = stored_address(address)
    return stored


def stored_address(sent: JsonObject) -> JsonObject:
    """An address with all six keys, trimmed; blank is null, the country is in upper case, the state has its prefix."""
    stored = {key: _trimmed(sent.get(key)) for key in ADDRESS_KEYS}
    country, state = str(sent.get("country")).upper(), stored["state"]
    if country in _WITH_SUBDIVISIONS and isinstance(state, str) and not state.startswith(f"{country}-"):
        stored["state"] = f"{country}-{state}"
    return {**stored, "country": country}


def changed_parts(old: JsonObject, new: JsonObject, fixed: Iterable[str]) -> list[str]:
    """The fixed parts of a stored address that a new one changes, in the order of `fixed`."""
    return [part for part in fixed if old.get(part) != new.get(part)]


def _trimmed(value: JsonValue) -> JsonValue:
    return (value.strip() or None) if isinstance(value, str) else value
