"""A request body as it came: nothing, JSON, or text of another kind."""

from __future__ import annotations

import json
from typing import NamedTuple, cast

from mock_server.contract.errors import BodySyntaxInvalid, BodyUnreadable
from polar_contract.json_types import JsonObject, JsonValue

# Deeper JSON than any body of the contract could be; the service's own parser gives up at about a thousand levels.
_DEEPEST = 200
# Ours: in memory each takes some thirty times its bytes, and no body of the contract has a hundredth of them.
_MOST_CONTAINERS = 100_000
# What an interpreter before 3.13 says of a trailing comma, and of which bracket: it blames the bracket, later ones the comma.
_EXPECTED_AFTER_COMMA = {
    ("Expecting property name enclosed in double quotes", "}"): "Illegal trailing comma before end of object",
    ("Expecting value", "]"): "Illegal trailing comma before end of array",
}
_JSON_BLANKS = " \t\n\r"


class NoBody(NamedTuple):
    """No bytes at all, or an operation that does not look at its body."""


class JsonBody(NamedTuple):
    value: JsonValue


class RawBody(NamedTuple):
    """Bytes whose content type is not JSON's, as text."""

    text: str


Body = NoBody | JsonBody | RawBody


def parse_body(content_type: str | None, raw: bytes) -> Body:
    """Read a body as the service does: JSON by its content type (`application/json`, `application/*+json`) only.

    Errors: BodySyntaxInvalid for malformed JSON; BodyUnreadable for text that is not UTF-8 (or UTF-16 or -32 with a
            byte-order mark), nesting that is too deep, numbers that are too long, and too many objects and lists.
    """
    if not raw:
        return NoBody()
    if not _is_json(content_type):
        return RawBody(raw.decode("utf-8", "replace"))
    containers = raw.count(b"[") + raw.count(b"{")
    if containers > _MOST_CONTAINERS:
        raise BodyUnreadable(f"the body has more than {_MOST_CONTAINERS} objects and lists")
    try:
        value = cast(JsonValue, json.loads(raw))
    except json.JSONDecodeError as error:
        raise BodySyntaxInvalid(_syntax_item(error)) from None
    except (ValueError, RecursionError):
        raise BodyUnreadable("the body can't be decoded") from None
    if containers > _DEEPEST:
        _refuse_deep(value)
    return JsonBody(value)


def _syntax_item(error: json.JSONDecodeError) -> JsonObject:
    position, words = _place_and_words(error)
    return {
        "type": "json_invalid",
        "loc": ["body", position],
        "msg": "JSON decode error",
        "input": {},
        "ctx": {"error": words},
    }


def _place_and_words(error: json.JSONDecodeError) -> tuple[int, str]:
    """Where the text is wrong and how, in the words of CPython 3.13 on every interpreter.

    Trailing commas are the only fault that older ones tell otherwise. Source: observed on the service, April 2026; the
    changes of CPython's `json` from 3.11 to 3.14.
    """
    before = error.doc[: error.pos].rstrip(_JSON_BLANKS)
    words = _EXPECTED_AFTER_COMMA.get((error.msg, error.doc[error.pos : error.pos + 1]))
    if words is None or not before.endswith(","):
        return error.pos, error.msg
    return len(before) - 1, words


def _is_json(content_type: str | None) -> bool:
    media_type = (content_type or "").partition(";")[0].strip().lower()
    main, _, sub = media_type.partition("/")
    return main == "application" and (sub == "json" or sub.endswith("+json"))


def _refuse_deep(value: JsonValue) -> None:
    """What was parsed has to be written back in errors, so it may not be too deep for that either."""
    level: list[JsonValue] = [value]
    for _ in range(_DEEPEST):
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
        ]
        if not level:
            return
    raise BodyUnreadable(f"the body is nested deeper than {_DEEPEST} levels")
