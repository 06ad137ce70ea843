"""Reading and writing the control API's JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import cast

from flask import Response, request

from mock_server.documents.errors import DocumentInvalid, Problem, Problems, cut, shortened
from mock_server.views.basics import compact
from mock_server.web.exchange import Answer
from mock_server.web.flask_bridge import flask_response
from polar_contract.json_types import JsonObject, JsonValue

Route = tuple[str, str, Callable[..., Response]]


def sent_object() -> JsonObject:
    """The body as an object; no body is an empty one. Errors: DocumentInvalid with a sentence."""
    raw = request.get_data(cache=False)
    if not raw.strip():
        return {}
    try:
        value = cast(JsonValue, json.loads(raw))
    except (ValueError, RecursionError) as error:
        raise _invalid(f"the body is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise _invalid(f"the body is {shortened(value)}; it has to be a JSON object")
    return value


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
