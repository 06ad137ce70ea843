"""Read a request body: empty, JSON, or text of another content type."""

from __future__ import annotations

import json
from typing import NamedTuple, cast

from mock_server.contract.errors import BodySyntaxInvalid, BodyUnreadable
from polar_contract.json_types import JsonObject, JsonValue

# Deeper than any JSON body of the contract; the service's own parser stops at about a thousand levels.
_DEEPEST = 200
# The mock's own limit: in memory each container takes about thirty times its bytes; contract bodies have under a hundredth.
_MOST_CONTAINERS = 100_000
# Interpreters before 3.13 report a trailing comma at the bracket, later ones at the comma. Keys: their message and the bracket.
_EXPECTED_AFTER_COMMA = {
    ("Expecting property name enclosed in double quotes", "}"): "Illegal trailing comma before end of object",
    ("Expecting value", "]"): "Illegal trailing comma before end of array",
}
_JSON_BLANKS = " \t\n\r"


class NoBody(NamedTuple):
    """No bytes, or an operation that ignores its body."""


class JsonBody(NamedTuple):
    value: JsonValue


class RawBody(NamedTuple):
    """Bytes whose content type is not JSON, as text."""

    text: str


Body = NoBody | JsonBody | RawBody


def parse_body(content_type: str | None, raw: bytes) -> Body:
    """Read a body as the service does: it parses JSON only for `application/json` and `application/*+json`.

    Errors: BodySyntaxInvalid for malformed JSON; BodyUnreadable for text that is not UTF-8 (or UTF-16 or -32 with a
            byte-order mark), for too deep nesting, too long numbers, and too many objects and lists.
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
    position, message = _position_and_message(error)
    return {
        "type": "json_invalid",
        "loc": ["body", position],
        "msg": "JSON decode error",
        "input": {},
        "ctx": {"error": message},
    }


def _position_and_message(error: json.JSONDecodeError) -> tuple[int, str]:
    """Position and message of the syntax error, as CPython 3.13 words it, on every interpreter.

    Older interpreters differ only in trailing commas. Source: observed on the service, April 2026; the
    changes of CPython's `json` from 3.11 to 3.14.
    """
    before = error.doc[: error.pos].rstrip(_JSON_BLANKS)
    message = _EXPECTED_AFTER_COMMA.get((error.msg, error.doc[error.pos : error.pos + 1]))
    if message is None or not before.endswith(","):
        return error.pos, error.msg
    return len(before) - 1, message


def _is_json(content_type: str | None) -> bool:
    media_type = (content_type or "").partition(";")[0].strip().lower()
    main, _, sub = media_type.partition("/")
    return main == "application" and (sub == "json" or sub.endswith("+json"))


def _refuse_deep(value: JsonValue) -> None:
    """Check the depth of the parsed value: errors write it out again, so it may not be too deep for that either."""
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
