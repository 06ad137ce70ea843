"""Whether every value of one schema is a value of another: yes, no, or not known. Never wrong, often not known.

jsonschema-rs decides; it says yes or no only with a proof. It does not know the formats of the service (`uuid4`), so each
format is written as a pattern that nothing else has, and a "no" that could come from that is "not known".
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from enum import StrEnum

import jsonschema_rs

from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object

_VALUES = ("const", "enum", "pattern")
# The first character of the private use area: no text of a document begins with one.
_FIRST_MARK = 0xE000


class Sure(StrEnum):
    """A statement that is proved, refuted, or neither."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @property
    def opposite(self) -> Sure:
        """The same certainty of the opposite statement."""
        return {Sure.YES: Sure.NO, Sure.NO: Sure.YES}.get(self, Sure.UNKNOWN)


_SURE = {"yes": Sure.YES, "no": Sure.NO}


def contains(outer: JsonValue, inner: JsonValue) -> Sure:
    """Whether `outer` accepts everything that `inner` accepts. Both are schemas without references."""
    formats_out, formats_in = set(_formats(outer)), set(_formats(inner))
    marks = {name: f"^{chr(_FIRST_MARK + at)}" for at, name in enumerate(sorted(formats_out | formats_in))}
    try:
        found = _canonical(_marked(outer, marks)).covers(_canonical(_marked(inner, marks)))
    except (ValueError, jsonschema_rs.ReferencingError):
        return Sure.UNKNOWN
    sure = _SURE.get(found.value, Sure.UNKNOWN)
    if sure is not Sure.YES and _are_apart(outer, inner):
        return Sure.NO
    # One format may be a part of another, and a text may have a format without saying so.
    may_fit = formats_out - formats_in and (formats_in or _has_values(inner))
    return Sure.UNKNOWN if sure is Sure.NO and may_fit else sure


def _are_apart(outer: JsonValue, inner: JsonValue) -> bool:
    """Whether no value of `inner` is one of `outer`, because a required key of both has no common value.

    Each schema of a document is taken to have values.
    """
    kinds = [kind for union in ("anyOf", "oneOf") for kind in as_list(as_object(outer).get(union))] or [outer]
    return all(_tells_apart(as_object(kind), as_object(inner)) for kind in kinds)


def _tells_apart(one: JsonObject, other: JsonObject) -> bool:
    if "object" not in (one.get("type"), other.get("type")):
        return False
    if one.get("type") != other.get("type"):
        return all(isinstance(schema.get("type"), str) for schema in (one, other))
    mine, yours = as_object(one.get("properties")), as_object(other.get("properties"))
    needed = set(map(str, as_list(other.get("required")))) & mine.keys() & yours.keys()
    values = [(_values(mine[name]), _values(yours[name])) for name in needed]
    return any(left and right and left.isdisjoint(right) for left, right in values)


def _values(schema: JsonValue) -> set[str]:
    """The only values of a schema, as JSON; empty if it has others."""
    node = as_object(schema)
    return set(map(json.dumps, [node["const"]] if "const" in node else as_list(node.get("enum"))))


def _canonical(schema: JsonValue) -> jsonschema_rs.CanonicalSchema:
    if not isinstance(schema, bool | dict):
        raise ValueError("not a schema")
    return jsonschema_rs.canonicalize(schema, draft=jsonschema_rs.Draft202012, validate_formats=True)


def _formats(schema: JsonValue) -> Iterator[str]:
    for node in subschemas(schema):
        if isinstance(node.get("format"), str):
            yield str(node["format"])


def _has_values(schema: JsonValue) -> bool:
    return any(name in node for node in subschemas(schema) for name in _VALUES)


def _marked(schema: JsonValue, marks: Mapping[str, str]) -> JsonValue:
    """The schema with formats as patterns."""
    if isinstance(schema, list):
        return [_marked(one, marks) for one in schema]
    if not isinstance(schema, dict):
        return schema
    marked: JsonObject = {
        name: value if name in ("const", "enum") else _marked(value, marks)
        for name, value in schema.items()
        if not (name == "format" and isinstance(value, str))
    }
    if isinstance(schema.get("format"), str):
        pattern: JsonObject = {"pattern": marks[str(schema["format"])]}
        # A format says nothing of what is no text, and neither does a pattern.
        marked["allOf"] = [*as_list(marked.get("allOf")), pattern]
    return marked


def subschemas(schema: JsonValue) -> Iterator[JsonObject]:
    """The schema and every schema in it. Names of properties count as schemas, too: none has the value of a keyword."""
    if isinstance(schema, list):
        for one in schema:
            yield from subschemas(one)
    elif isinstance(schema, dict):
        yield schema
        for name, value in schema.items():
            if name not in ("const", "enum"):
                yield from subschemas(value)


def same(one: JsonValue, other: JsonValue) -> bool:
    """Whether two JSON values are equal; Python takes `1`, `1.0` and `true` for equal."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
