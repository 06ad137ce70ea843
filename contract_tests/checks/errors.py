"""Checks the messages of errors and the parts of validation errors. Source: observed on the service, April 2026."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from urllib.parse import unquote

from contract_tests.checks.findings import Problem
from contract_tests.checks.rules import Rule
from contract_tests.transport import request_reader
from contract_tests.transport.exchanges import Exchange
from polar_contract.behaviour import Behaviour, ErrorRules
from polar_contract.json_types import JsonObject, as_list, as_object
from polar_contract.operations import Operation

TOKEN_ERRORS: Mapping[str, str] = {
    "invalid_token": "The access token provided is expired, revoked, malformed, or invalid for other reasons.",
    "insufficient_scope": "The request requires higher privileges than provided by the access token.",
}
_REALM = 'Bearer realm="polar"'
# `WWW-Authenticate`; the required scopes are in any order.
_CHALLENGES: Mapping[str, str] = {
    "Unauthorized": _REALM,
    "invalid_token": f'{_REALM}, error="invalid_token".*',
    "insufficient_scope": f'{_REALM}, (?=.*scope="[^"]+")(?=.*error="insufficient_scope").*',
}
_NOT_STORED = "no-store"
# Stands for a fact that the request does not tell, such as the order's status.
_ANY = "..."
_VALIDATION = ("RequestValidationError", "PolarRequestValidationError")
# How the messages of pydantic begin; the rest differs between its releases.
_ID_MESSAGES: Mapping[str, str] = {
    "uuid_parsing": "Input should be a valid UUID",
    "uuid_version": "UUID version 4 expected",
}
_ITEM_KEYS = dict.fromkeys(("type", "loc", "msg", "input", "ctx")).keys()
_WITH_CONTEXT = frozenset(
    (
        "enum",
        "greater_than",
        "json_invalid",
        "string_too_short",
        "url_parsing",
        "url_scheme",
        "uuid_parsing",
        "uuid_version",
    )
)
# Errors of numbers in a query: their `input` is the text as it was sent.
_OF_NUMBERS = frozenset(("greater_than", "int_parsing"))
# Parameters of all lists, which are validated before a list's own parameters.
_SHARED = ("page", "limit", "sorting")
_PLACES = ("path", "query", "body", "header")


def error_problems(exchange: Exchange, operation: Operation, behaviour: Behaviour) -> Iterator[Problem]:
    """Everything that is wrong with an error answer."""
    try:
        answer = as_object(exchange.json())
    except ValueError:
        return
    error = answer.get("error")
    challenge = _CHALLENGES.get(str(error))
    if challenge is not None and not re.fullmatch(challenge, exchange.headers.get("www-authenticate", "")):
        yield Rule.CHALLENGE, challenge, exchange.headers.get("www-authenticate", "none")
    if error in TOKEN_ERRORS and exchange.headers.get("cache-control", _NOT_STORED) != _NOT_STORED:
        yield Rule.NOT_STORED, f"cache-control: {_NOT_STORED}", exchange.headers["cache-control"]
    if error == behaviour.error.payment_retries_used_up.error and "retry-after" in exchange.headers:
        yield (
            Rule.NO_RETRY_AFTER,
            "no Retry-After",
            exchange.headers["retry-after"],
        )
    if error in _VALIDATION:
        yield from _of_items(exchange, operation, answer)
    elif error in _details(behaviour.error):
        object_id = request_reader.canonical_id(exchange, operation) or ""
        details = _details(behaviour.error)[str(error)]
        wanted = [one.format(order_id=object_id, order_status=_ANY, limit_bytes=_ANY) for one in details]
        patterns = (re.escape(one).replace(re.escape(_ANY), r"\w+") for one in wanted)
        if not any(re.fullmatch(pattern, str(answer.get("detail"))) for pattern in patterns):
            yield Rule.ERROR_TEXT, " or ".join(wanted), str(answer.get("detail"))
    elif error in TOKEN_ERRORS and answer.get("error_description") != TOKEN_ERRORS[str(error)]:
        yield Rule.ERROR_TEXT, TOKEN_ERRORS[str(error)], str(answer.get("error_description"))


@cache
def _details(errors: ErrorRules) -> Mapping[str, list[str]]:
    """The details of each error by its name, with their facts in braces; two refusals can have one name."""
    details: dict[str, list[str]] = {}
    for one in errors:
        details.setdefault(one.error, []).append(one.detail)
    return details


def _of_items(exchange: Exchange, operation: Operation, answer: JsonObject) -> Iterator[Problem]:
    rule = Rule.VALIDATION_PLACE
    items = [as_object(item) for item in as_list(answer.get("detail"))]
    if not items:
        yield rule, "at least one item", "none"
    yield from _of_query_order(items, operation)
    yield from _of_syntax(exchange, items)
    for item in items:
        place = as_list(item.get("loc"))
        if not place or place[0] not in _PLACES or not {"type", "loc", "msg"} <= item.keys():
            yield rule, "type, loc and msg, with a loc that starts with path, query or body", str(item)
        elif not item.keys() <= _ITEM_KEYS or (item.get("type") in _WITH_CONTEXT and "ctx" not in item):
            yield rule, f"{', '.join(_ITEM_KEYS)} and no other keys; ctx for types that have one", str(item)
        elif place[0] == "body" and not operation.has_body and answer.get("error") == "RequestValidationError":
            yield rule, "no error for a body, which this operation does not read", str(item)
        elif place == ["path", "id"] and not str(item.get("msg")).startswith(
            _ID_MESSAGES.get(str(item.get("type")), "-")
        ):
            yield rule, f"one of {', '.join(_ID_MESSAGES)} with its message", f"{item.get('type')}: {item.get('msg')}"
        elif place == ["path", "id"] and unquote(exchange.path).find(str(item.get("input"))) < 0:
            yield rule, "input is the id that was sent", str(item.get("input"))
        elif place[0] == "path" and request_reader.canonical_id(exchange, operation) is not None:
            yield rule, "no error for a well-formed id", str(item)
        elif place[0] == "query" and len(place) > 1 and str(place[1]) not in request_reader.query(exchange):
            yield rule, "loc of a parameter that was sent", str(item)
        elif (
            place[0] == "query"
            and item.get("type") in _OF_NUMBERS
            and item.get("input") not in request_reader.query(exchange).get(str(place[-1]), ())
        ):
            yield rule, "input is the text that was sent", str(item)


def _of_query_order(items: list[JsonObject], operation: Operation) -> Iterator[Problem]:
    """Page and limit, then sorting, then the operation's own parameters in the order of the contract.

    Source: observed on the service, April 2026.
    """
    own = [name for name in operation.query_names if name not in _SHARED]
    places = [as_list(item.get("loc")) for item in items]
    reported = [str(place[1]) for place in places if len(place) > 1 and place[0] == "query"]
    known = [name for name in reported if name in operation.query_names]
    expected = sorted(known, key=[*_SHARED, *own].index)
    if known != expected:
        yield Rule.QUERY_ORDER, ", ".join(expected), ", ".join(known)


def _of_syntax(exchange: Exchange, items: list[JsonObject]) -> Iterator[Problem]:
    # A recording may lack a body that was sent.
    fault = request_reader.syntax_fault(exchange.request_body) if exchange.request_body else None
    for item in items:
        if item.get("type") == "json_invalid" and fault is not None:
            place, message = fault
            reported = (as_list(item.get("loc")), as_object(item.get("ctx")).get("error"))
            if reported != (["body", place], message):
                yield (
                    Rule.JSON_SYNTAX,
                    f"{message} at {place}",
                    f"{reported[1]} at {reported[0]}",
                )
