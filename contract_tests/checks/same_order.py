"""Compares what two versions show of the same object: they may differ only where their documents do. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object

_ALTERNATIVES = ("anyOf", "oneOf", "allOf")
Place = tuple[str | int, ...]


def undocumented_differences(
    one: JsonValue, other: JsonValue, schemas: tuple[JsonValue, JsonValue]
) -> Iterator[tuple[str, JsonValue, JsonValue]]:
    """Place and both values of each difference between two bodies that the schemas, with references resolved, do not explain."""
    for place, first, second in _differences(one, other, ()):
        if not any(_differ(schemas, place[:length]) for length in range(1, len(place) + 1)):
            yield "/" + "/".join(map(str, place)), first, second


def response_schema(resolved: JsonObject, path: str, method: str) -> JsonValue:
    """The schema of an operation's 200 as JSON in a document with references resolved; null if there is none."""
    found: JsonValue = resolved
    for part in ("paths", path, method.lower(), "responses", "200", "content", "application/json", "schema"):
        found = as_object(found).get(part)
    return found


def _differences(one: JsonValue, other: JsonValue, place: Place) -> Iterator[tuple[Place, JsonValue, JsonValue]]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in dict.fromkeys((*one, *other)):
            yield from _differences(one.get(key, "(absent)"), other.get(key, "(absent)"), (*place, key))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (first, second) in enumerate(zip(one, other, strict=True)):
            yield from _differences(first, second, (*place, number))
    elif one != other:
        yield place, one, other


def _differ(schemas: tuple[JsonValue, JsonValue], place: Place) -> bool:
    """Whether two schemas say different things of what is at a place itself, not of its parts."""
    one, other = (sorted(_own(found) for found in _at(schema, place)) for schema in schemas)
    return one != other


def _own(schema: JsonValue) -> str:
    """A schema without its parts, so that the parts can be compared at their own places."""
    kept = {name: value for name, value in as_object(schema).items() if name not in ("properties", "items")}
    return json.dumps({**kept, **{name: len(as_list(kept.get(name))) for name in _ALTERNATIVES}}, sort_keys=True)


def _at(schema: JsonValue, place: Sequence[str | int]) -> Iterator[JsonValue]:
    """Every schema for the value at a place."""
    branches = list(_branches(schema))
    if not place:
        yield from branches
        return
    for branch in branches:
        part = branch.get("items") if isinstance(place[0], int) else as_object(branch.get("properties")).get(place[0])
        if part is not None:
            yield from _at(part, place[1:])


def _branches(schema: JsonValue) -> Iterator[JsonObject]:
    if isinstance(schema, dict):
        yield schema
        for name in _ALTERNATIVES:
            for part in as_list(schema.get(name)):
                yield from _branches(part)
