"""Read and write the control API's JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import cast

from flask import Response, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from mock_server.documents.errors import DocumentInvalid, Problem, Problems, cut, shown
from mock_server.domain.cancellation import Cancellation
from mock_server.views.basics import compact
from mock_server.web.exchange import Answer
from mock_server.web.flask_bridge import flask_response
from mock_server.web.request_bodies import CONTROL_BODY_LIMIT_BYTES
from mock_server.web.rsgi import HANGING_UP
from mock_server.web.wsgi import announced_bytes, read_body
from polar_contract.json_types import JsonObject, JsonValue

# Ten times the objects of a large shop's world; in memory each takes thirty times its bytes.
_MOST_CONTAINERS = 200_000

Route = tuple[str, str, Callable[..., Response]]


def keep_body() -> None:
    """Read the body, for `sent_object` if the call uses it. Errors: RequestEntityTooLarge."""
    if (announced_bytes(request.environ) or 0) <= CONTROL_BODY_LIMIT_BYTES:
        g.body = read_body(request.environ, CONTROL_BODY_LIMIT_BYTES)
        if len(g.body) <= CONTROL_BODY_LIMIT_BYTES:
            return
    raise RequestEntityTooLarge(f"the body has more than {CONTROL_BODY_LIMIT_BYTES} bytes; make several worlds of it")


def sent_object() -> JsonObject:
    """The body as an object; no body counts as an empty one. Errors: DocumentInvalid with a message."""
    raw: bytes = g.body
    if not raw or raw.isspace():
        return {}
    if raw.count(b"{") + raw.count(b"[") > _MOST_CONTAINERS:
        raise _invalid(f"the body has more than {_MOST_CONTAINERS} objects and lists; make several worlds of it")
    try:
        value = cast(JsonValue, json.loads(raw, parse_constant=_refuse_constant))
    except (ValueError, RecursionError) as error:
        raise _invalid(f"the body is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise _invalid(f"the body is {shown(value)}; it has to be a JSON object")
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no value of JSON")


def nothing_sent() -> None:
    """For a call that takes no keys: what is sent would have no effect. Errors: DocumentInvalid."""
    problems = Problems()
    for key in sent_object():
        problems.add(cut(key), "unknown key; this call takes none")
    problems.raise_if_any()


def hanging_up() -> Cancellation:
    """The cancellation of this call: cancelled when its client hangs up."""
    found: Cancellation = request.environ.get(HANGING_UP) or Cancellation()
    return found


def _invalid(message: str) -> DocumentInvalid:
    return DocumentInvalid((Problem("", message),))


def written(status: int, value: JsonValue) -> Response:
    return flask_response(Answer(status, compact(value)))


def written_in_pieces(value: JsonObject) -> Response:
    """Like `written`, for objects of many entries: the encoder keeps all threads waiting until it is done, a second for 100,000 orders."""
    return flask_response(Answer(200, compact_in_pieces(value)))


def compact_in_pieces(value: JsonValue, *, levels: int = 2) -> bytes:
    """The bytes of `compact`; the entries of the first levels are encoded one by one."""
    if not levels or not isinstance(value, dict):
        return compact(value)
    return b"{%b}" % b",".join(
        b"%b:%b" % (compact(key), compact_in_pieces(of, levels=levels - 1)) for key, of in value.items()
    )
