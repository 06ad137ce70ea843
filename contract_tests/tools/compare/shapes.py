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
    reported: list[str] = []
    for path in sorted({*here, *there}):
        types = (here.get(path), there.get(path))
        is_free = any(path.startswith(f"{one}[]") and _is_empty(one, here, there) for one in {*here, *there})
        if types[0] == types[1] or is_free or any(path.startswith((f"{one}.", f"{one}[]")) for one in reported):
            continue
        reported.append(path)
        yield Place(path, *(" or ".join(sorted(one)) if one else NOTHING for one in types))


def _shape(value: JsonValue | bytes, path: str = "body") -> dict[str, set[str]]:
    found = {path: {_TYPES.get(type(value), "null" if value is None else "document")}}
    if isinstance(value, dict):
        inner = [(f"{path}.{key}", one) for key, one in value.items()]
    else:
        inner = [(f"{path}[]", one) for one in value] if isinstance(value, list) else []
    for below, one in inner:
        for name, types in _shape(one, below).items():
            found.setdefault(name, set()).update(types)
    return found


def _is_empty(path: str, here: dict[str, set[str]], there: dict[str, set[str]]) -> bool:
    """Whether a list has items on one side only."""
    return (f"{path}[]" in here) != (f"{path}[]" in there) and path in here and path in there
