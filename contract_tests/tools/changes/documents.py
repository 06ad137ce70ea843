"""One OpenAPI document for the comparison: follows its references and takes out what says nothing of values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object

# Keywords for readers and generators; a value is valid with or without them.
_ANNOTATIONS = frozenset(
    {
        *("title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly", "$comment"),
        *("discriminator", "externalDocs", "xml", "contentMediaType", "contentEncoding"),
    }
)
_NAMED = ("properties", "patternProperties", "$defs", "dependentSchemas")
_MOST_STEPS = 50
# More than the largest schema of the contract has by far.
_MOST_NODES = 100_000


class BrokenReference(Exception):
    """A reference that leads nowhere, or out of the document. The message is a clause that names it."""


class Unbounded(Exception):
    """A schema that contains itself, or the same schema again and again, can't be written without references."""


@dataclass(frozen=True, slots=True)
class Node:
    """A schema after its references; `name` is that of the last component on the way, or empty."""

    schema: JsonValue
    name: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document. Remembers for each reference the schema without references, and how many nodes that has."""

    root: JsonObject
    _closed: dict[str, JsonValue] = field(default_factory=dict)
    _sizes: dict[str, int] = field(default_factory=dict)

    def follow(self, value: JsonValue) -> Node:
        """The schema that a schema stands for. Errors: BrokenReference."""
        name = ""
        for _ in range(_MOST_STEPS):
            reference = as_object(value).get("$ref")
            if not isinstance(reference, str):
                return Node(value, name)
            value, name = self._target(reference), reference.rpartition("/")[2]
        raise BrokenReference(f"the reference to {name} leads back to itself")

    def object_at(self, value: JsonValue) -> JsonObject:
        """As `follow`, for what has to be an object: a parameter, a body, a response."""
        return as_object(self.follow(value).schema)

    def closed(self, value: JsonValue) -> JsonValue:
        """The schema without references and annotations. Errors: BrokenReference, Unbounded."""
        if self._size(value) > _MOST_NODES:
            raise Unbounded
        return self._without_references(value, ())

    def _size(self, value: JsonValue) -> int:
        """The number of nodes of a schema whose references are replaced."""
        if isinstance(value, list):
            return 1 + sum(map(self._size, value))
        if not isinstance(value, dict):
            return 1
        reference = value.get("$ref")
        if not isinstance(reference, str):
            return 1 + sum(map(self._size, value.values()))
        if reference not in self._sizes:
            # For a schema that contains itself; `_without_references` reports that.
            self._sizes[reference] = 0
            self._sizes[reference] = self._size(self._target(reference))
        return self._sizes[reference]

    def _without_references(self, value: JsonValue, within: tuple[str, ...]) -> JsonValue:
        node = self.follow(value)
        reference = as_object(value).get("$ref")
        if not isinstance(reference, str):
            return self._closed_parts(node.schema, within)
        if reference in within:
            raise Unbounded(node.name)
        if reference not in self._closed:
            self._closed[reference] = self._closed_parts(node.schema, (*within, reference))
        return self._closed[reference]

    def _closed_parts(self, schema: JsonValue, within: tuple[str, ...]) -> JsonValue:
        if isinstance(schema, list):
            return [self._without_references(one, within) for one in schema]
        if isinstance(schema, float) and schema.is_integer():
            # Documents write limits as `1`, `1.0` and `1e0`.
            return int(schema)
        if not isinstance(schema, dict):
            return schema
        parts: JsonObject = {}
        for name, value in schema.items():
            if name in ("enum", "const", "required", "type"):
                parts[name] = value
            elif name in _NAMED:
                parts[name] = {key: self._without_references(one, within) for key, one in as_object(value).items()}
            elif name not in _ANNOTATIONS and not name.startswith("x-"):
                parts[name] = self._without_references(value, within)
        return parts

    def _target(self, reference: str) -> JsonValue:
        if reference != "#" and not reference.startswith("#/"):
            raise BrokenReference(f"the reference {reference!r} leads out of the document")
        found: JsonValue = self.root
        for token in reference.removeprefix("#").split("/")[1:]:
            key = unquote(token).replace("~1", "/").replace("~0", "~")
            if isinstance(found, dict) and key in found:
                found = found[key]
            elif isinstance(found, list) and key.isdecimal() and int(key) < len(found):
                found = found[int(key)]
            else:
                raise BrokenReference(f"the reference {reference!r} leads nowhere")
        return found


def alternatives(schema: JsonValue) -> list[JsonValue]:
    """The schemas of which a value has to fit one: those of a plain `anyOf` or `oneOf`, of a list of types, or the schema itself.

    A union in a union counts as one; a reference stays, because its name tells which alternatives belong together.
    """
    if not isinstance(schema, dict):
        return [schema]
    for union in ("anyOf", "oneOf"):
        if isinstance(schema.get(union), list) and set(_meaningful(schema)) == {union}:
            return [part for one in as_list(schema[union]) for part in alternatives(one)]
    types = schema.get("type")
    if isinstance(types, list) and "enum" not in schema:
        return [{**schema, "type": one} if one != "null" else {"type": "null"} for one in types]
    return [schema]


def _meaningful(schema: JsonObject) -> Iterator[str]:
    return (name for name in schema if name not in _ANNOTATIONS and not name.startswith("x-"))
