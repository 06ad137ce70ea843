"""Reading and writing the control API's JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import cast

from flask import Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from mock_server.documents.errors import DocumentInvalid, Problem, Problems, cut, shortened
from mock_server.views.basics import compact
from mock_server.web.exchange import Answer
from mock_server.web.flask_bridge import announced_bytes, flask_response, read_body
from polar_contract.json_types import JsonObject, JsonValue

# As a world document in a file.
_MOST_BYTES = 16 * 1024 * 1024
# Ten times what the world of a large shop has; in memory each takes thirty times its bytes.
_MOST_CONTAINERS = 200_000

Route = tuple[str, str, Callable[..., Response]]


def sent_object() -> JsonObject:
    """The body as an object; no body is an empty one. Errors: DocumentInvalid with a sentence, 413 for one too large."""
    raw = _sent_bytes()
    if not raw or raw.isspace():
        return {}
    if raw.count(b"{") + raw.count(b"[") > _MOST_CONTAINERS:
        raise _invalid(f"the body has more than {_MOST_CONTAINERS} objects and lists; make several worlds of it")
    try:
        value = cast(JsonValue, json.loads(raw))
    except (ValueError, RecursionError) as error:
        raise _invalid(f"the body is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise _invalid(f"the body is {shortened(value)}; it has to be a JSON object")
    return value


def _sent_bytes() -> bytes:
    if (announced_bytes(request.environ) or 0) <= _MOST_BYTES:
        raw = read_body(request.environ, _MOST_BYTES)
        if len(raw) <= _MOST_BYTES:
            return raw
    raise RequestEntityTooLarge(f"the body has more than {_MOST_BYTES} bytes; make several worlds of it")


def _invalid(message: str) -> DocumentInvalid:
    return DocumentInvalid((Problem("", message),))


def require_known(body: JsonObject, known: tuple[str, ...]) -> None:
    """Errors: DocumentInvalid naming each unknown key."""
    problems = Problems()
    for key in body:
        if key not in known:
            problems.add(cut(key), f"unknown key; possible are: {', '.join(known)}")
    problems.raise_if_any()


def written(status: int, value: JsonValue) -> Response:
    return flask_response(Answer(status, compact(value)))
