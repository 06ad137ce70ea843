"""JSON types, and small helpers that every reader of a document needs. No parsing."""

from __future__ import annotations

from typing import TypeAlias

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
JsonObject: TypeAlias = "dict[str, JsonValue]"


def as_object(value: JsonValue) -> JsonObject:
    """The value itself if it is an object, else an empty one: for traversing documents of unverified shape."""
    return value if isinstance(value, dict) else {}


def as_list(value: JsonValue) -> list[JsonValue]:
    """The value itself if it is a list, an empty one otherwise."""
    return value if isinstance(value, list) else []


def pointer_to(base: str, *tokens: str | int) -> str:
    """A JSON Pointer (RFC 6901) below another one; the root is the empty string."""
    for token in tokens:
        escaped = str(token).replace("~", "~0").replace("/", "~1")
        base = f"{base}/{escaped}"
    return base
