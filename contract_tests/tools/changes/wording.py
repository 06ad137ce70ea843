"""Schemas in a few words, for the columns before and after; lines for a terminal."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence

from contract_tests.tools.changes.documents import Document, alternatives
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object

NOTHING = "-"
_WIDTH = 118
_MOST_VALUES = 8
_LONGEST_VALUE = 60
_LIMITS = (
    ("minimum", "at least {}"),
    ("exclusiveMinimum", "more than {}"),
    ("maximum", "at most {}"),
    ("exclusiveMaximum", "less than {}"),
    ("multipleOf", "multiple of {}"),
    ("minLength", "{} characters or more"),
    ("maxLength", "at most {} characters"),
    ("minItems", "{} items or more"),
    ("maxItems", "at most {} items"),
    ("maxProperties", "at most {} keys"),
    ("minProperties", "{} keys or more"),
    ("pattern", "pattern {}"),
)


def in_words(document: Document, schema: JsonValue) -> str:
    """As in `text (date-time) or null`."""
    node = document.follow(schema)
    options = alternatives(node.schema)
    if len(options) > 1:
        return " or ".join(dict.fromkeys(in_words(document, one) for one in options))
    if not isinstance(node.schema, dict):
        return "anything" if node.schema is not False else "nothing"
    words = _single(document, node.schema)
    if node.name and words.startswith("object"):
        return node.name
    return words


def enum_in_words(values: Sequence[JsonValue], only_here: Sequence[JsonValue]) -> str:
    """The values of an enum; of a long one their number and those that the other side lacks."""
    if len(values) <= _MOST_VALUES:
        return ", ".join(map(_value, values))
    own = f", with {', '.join(map(_value, only_here))}" if only_here else ""
    return f"{len(values)} values{own}"


def default_in_words(schema: JsonValue) -> str:
    """As in `; if left out 10`; empty without a default."""
    node = as_object(schema)
    return f"; if left out {_value(node['default'])}" if "default" in node else ""


def _single(document: Document, schema: JsonObject) -> str:
    if "const" in schema:
        return _value(schema["const"])
    if isinstance(schema.get("enum"), list):
        return enum_in_words(as_list(schema["enum"]), ())
    for union in ("anyOf", "oneOf", "allOf"):
        if isinstance(schema.get(union), list):
            joint = " and " if union == "allOf" else " or "
            return joint.join(dict.fromkeys(in_words(document, one) for one in as_list(schema[union]))) or "anything"
    kind = schema.get("type")
    if kind == "array":
        words = f"list of {in_words(document, schema['items'])}" if "items" in schema else "list"
    elif kind == "object":
        keys = ", ".join(sorted(as_object(schema.get("properties"))))
        words = f"object {{{keys}}}" if 0 < len(keys) <= _LONGEST_VALUE else "object"
    elif kind == "string":
        words = f"text ({schema['format']})" if isinstance(schema.get("format"), str) else "text"
    else:
        words = str(kind) if isinstance(kind, str) else "anything"
    return ", ".join([words, *_limits(schema)])


def _limits(schema: JsonObject) -> Iterator[str]:
    for name, words in _LIMITS:
        if name in schema:
            yield words.format(_value(schema[name]))
    if schema.get("additionalProperties") is False:
        yield "no other keys"


def _value(value: JsonValue) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 3]}..."


def wrapped(text: str, indent: str) -> list[str]:
    """The lines of a text for a terminal, names and values unbroken. None begins with `::`, which CI takes for a command."""
    return textwrap.wrap(
        text.replace("::", ": :"),
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
