"""Finds where two bodies differ in shape: in key paths and JSON types. Does not compare values."""

from __future__ import annotations

from collections.abc import Iterator

from contract_tests.tools.compare.places import NOTHING, Place
from polar_contract.json_types import JsonValue

_TYPES: dict[type, str] = {bool: "boolean", int: "number", float: "number", str: "text", list: "list", dict: "object"}


def shape_differences(left: JsonValue | bytes, right: JsonValue | bytes) -> Iterator[Place]:
    """Where key paths or JSON types differ. All items of a list share one path; an empty list has no item path."""
    here, there = _shape(left), _shape(right)
    if here == there:
        return
    paths = {*here, *there}
    # What is below these is free, and so is what is below a difference that is reported.
    free = tuple(f"{one}[]" for one in paths if _is_empty(one, here, there))
    reported: list[str] = []
    for path in sorted(paths):
        types = (here.get(path), there.get(path))
        is_below = any(path.startswith((f"{one}.", f"{one}[]")) for one in reported)
        if types[0] == types[1] or path.startswith(free) or is_below:
            continue
        reported.append(path)
        yield Place(path, *(" or ".join(sorted(one)) if one else NOTHING for one in types))


def _shape(value: JsonValue | bytes) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}

    def add(value: JsonValue | bytes, path: str) -> None:
        found.setdefault(path, set()).add(_TYPES.get(type(value), "null" if value is None else "document"))
        if isinstance(value, dict):
            for key, one in value.items():
                add(one, f"{path}.{key}")
        elif isinstance(value, list):
            for one in value:
                add(one, f"{path}[]")

    add(value, "body")
    return found


def _is_empty(path: str, here: dict[str, set[str]], there: dict[str, set[str]]) -> bool:
    """Whether a list has items on one side only."""
    return (f"{path}[]" in here) != (f"{path}[]" in there) and path in here and path in there
