"""Helpers to capture an account, create a world from the captured document, and compare what both show."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import requests
import yaml

from contract_tests.targets.control_api import Control, World
from contract_tests.tools.capture.run import Captured, Wish, capture_text
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NAMES = {
    "name",
    "public_name",
    "slug",
    "email",
    "website",
    "external_id",
    "billing_name",
    "line1",
    "line2",
    "city",
    "postal_code",
}
# Parts that the document lists as not copied.
_LOST = {"subscription", "modified_at", "avatar_url"}


def control(base_url: str) -> Control:
    return Control(base_url, lambda secret, name: None, 10.0)


@contextmanager
def world_from(base_url: str, document: JsonValue) -> Iterator[World]:
    """A world of any document or scenario, deleted afterwards."""
    made = as_object(control(base_url).call("POST", "/_mock/worlds", document))
    ids, tokens = as_object(made["ids"]), as_object(made["tokens"])
    world = World(control(base_url), str(made["id"]), _texts(ids), _texts(tokens))
    try:
        yield world
    finally:
        world.delete()


def captured(
    base_url: str,
    tokens: Mapping[str, str],
    *,
    keeps_names: bool = False,
    keeps_ids: bool = False,
    revision: str = "0.1.0",
) -> Captured:
    wish = Wish(base_url=base_url, tokens=tokens, revision=revision, most_orders=100, timeout_seconds=10.0)
    wish = replace(wish, keeps_names=keeps_names, keeps_ids=keeps_ids)
    return capture_text(wish, stream=io.StringIO(), today=lambda: date(2026, 5, 1))


def document_in(capture: Captured) -> JsonObject:
    document: JsonObject = yaml.safe_load(capture.text)
    return document


def shown(base_url: str, token: str, path: str) -> list[JsonValue]:
    """The list at a path, and each of its orders read singly."""
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {token}"

        def get(url: str) -> JsonValue:
            answer = session.get(url, timeout=10)
            assert answer.status_code == 200, answer.text
            parsed: JsonValue = answer.json()
            return parsed

        listed = get(f"{base_url}{path}?limit=100")
        ids = [str(as_object(order)["id"]) for order in as_list(as_object(listed)["items"])]
        return [listed, *(get(f"{base_url}{path}{one}") for one in ids)]


def alike(value: JsonValue, *, are_names_kept: bool) -> JsonValue:
    """The value with ids numbered by first appearance, without the parts that a copy never has."""
    return _canonical(value, {}, frozenset() if are_names_kept else frozenset(_NAMES))


def without_values(value: JsonValue, are_values_kept: bool) -> JsonValue:
    """Only the keys of metadata and custom fields, and no codes and tax ids, unless the copy keeps these values."""
    if are_values_kept:
        return value
    if isinstance(value, list):
        return [without_values(one, are_values_kept) for one in value]
    if isinstance(value, dict):
        return {key: _without_value(key, one) for key, one in value.items() if key not in ("code", "tax_id")}
    return value


def _without_value(key: str, value: JsonValue) -> JsonValue:
    if key in ("metadata", "custom_field_data"):
        return list[JsonValue](sorted(as_object(value)))
    return without_values(value, are_values_kept=False)


def _canonical(value: JsonValue, ids: dict[str, str], names: frozenset[str]) -> JsonValue:
    if isinstance(value, str):
        return _UUID.sub(lambda found: ids.setdefault(found.group(), f"id {len(ids)}"), value)
    if isinstance(value, list):
        return [_canonical(one, ids, names) for one in value]
    if isinstance(value, dict):
        return {
            key: "a name" if key in names and isinstance(one, str) and one.strip() else _canonical(one, ids, names)
            for key, one in value.items()
            if key not in _LOST
        }
    return value


def _texts(value: JsonObject) -> dict[str, str]:
    return {key: str(one) for key, one in value.items()}
