"""Spellings of ids, on every operation: valid ones that are refused, invalid ones that are accepted."""

from __future__ import annotations

import re
from collections.abc import Callable

from mutants.operators import (
    INVOICE,
    JSON_TYPE,
    LISTS,
    NOT_FOUND,
    ORDER,
    ORGANIZATION,
    PORTAL_ORDER,
    Json,
    Mutant,
    body_changed,
    changing,
    error_of,
    mutant,
    on,
    parsed,
    replaced,
)
from mutants.proxy import Answer, Forward, Layer, Request

_UNKNOWN = Answer(404, JSON_TYPE, NOT_FOUND)
_ENDPOINT = "/v1/webhooks/endpoints/[^/]+"
_PLACE = b'"path","id"'


def _malformed(method: str, path: str, instead: Callable[[Answer], Answer]) -> Layer:
    """Changes the answer to a malformed id on one operation."""
    when = on(method, path, 422)
    return changing(lambda request, answer: when(request, answer) and _PLACE in answer.body, instead)


def _unknown(_: Answer) -> Answer:
    return _UNKNOWN


def _id(request: Request) -> str:
    found = re.match(r"/v1/(?:customer-portal/)?orders/([^/?]+)", request.path)
    return found[1] if found else ""


def _spelt(fits: Callable[[str], bool], instead: Callable[[Answer], Answer]) -> Layer:
    """Ids in some spelling are unknown, or get a worse answer."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        return instead(answer) if fits(_id(request)) and answer.status in (200, 202, 422) else answer

    return layer


def _is_version(version: str) -> Callable[[str], bool]:
    return lambda one: len(one) == 36 and one[14] == version and not one.startswith("urn")


def _loc(change: Callable[[list[Json]], list[Json]]) -> Callable[[Answer], Answer]:
    return body_changed(lambda body: {**body, "detail": [{**one, "loc": change(one["loc"])} for one in body["detail"]]})


def _part(name: str, value: Json) -> Callable[[Answer], Answer]:
    return body_changed(lambda body: {**body, "detail": [{**one, name: value} for one in body["detail"]]})


def _in_query(request: Request, forward: Forward) -> Answer:
    """A malformed id in a query finds nothing, instead of being refused."""
    answer = forward(request)
    if on("GET", LISTS, 422)(request, answer) and b'"product_id"' in answer.body:
        return Answer(200, JSON_TYPE, b'{"items":[],"pagination":{"total_count":0,"max_page":0}}')
    return answer


def _in_body(request: Request, forward: Forward) -> Answer:
    """A malformed customer id is handled as an unknown one."""
    answer = forward(request)
    body = parsed(answer.body)
    if on("POST", "/v1/customer-sessions/", 422)(request, answer) and body["error"] == "RequestValidationError":
        return error_of(422, "PolarRequestValidationError")(answer)
    return answer


SPELLINGS: list[Mutant] = [
    mutant("id", "404 for malformed ids of PATCH", _malformed("PATCH", ORDER, _unknown)),
    mutant("id", "404 for malformed ids of requests for invoices", _malformed("POST", INVOICE, _unknown)),
    mutant("id", "404 for malformed ids of invoices", _malformed("GET", INVOICE, _unknown)),
    mutant("id", "404 for malformed ids of payments", _malformed("GET", PORTAL_ORDER + "/payment-status", _unknown)),
    mutant(
        "id", "404 for malformed ids of new payments", _malformed("POST", PORTAL_ORDER + "/confirm-payment", _unknown)
    ),
    mutant("id", "404 for malformed ids of the organization", _malformed("GET", ORGANIZATION + "[^/]+", _unknown)),
    mutant("id", "404 for malformed ids of endpoints", _malformed("GET", _ENDPOINT, _unknown)),
    mutant("id", "404 for malformed ids of endpoints to delete", _malformed("DELETE", _ENDPOINT, _unknown)),
    mutant("id", "404 for malformed ids of secrets", _malformed("PATCH", _ENDPOINT + "/secret", _unknown)),
    mutant("id", "404 for malformed ids of events", _malformed("POST", "/v1/webhooks/events/.*", _unknown)),
    mutant("id", "400 for malformed ids", _malformed("GET", ORDER, lambda one: one.but(status=400))),
    mutant("id", "500 for malformed ids", _malformed("GET", ORDER, error_of(500, "Internal"))),
    mutant(
        "id",
        "malformed ids are accepted for PATCH",
        _malformed("PATCH", ORDER, lambda one: one.but(status=200, body=b"{}")),
    ),
    mutant("id", "malformed ids have no invoice", _malformed("GET", INVOICE, error_of(404, "InvoiceDoesNotExist"))),
    mutant(
        "id",
        "malformed ids are refused by rule",
        _malformed("GET", ORDER, replaced("RequestValidationError", "PolarRequestValidationError")),
    ),
    mutant(
        "id", "malformed ids are called order_id", _malformed("GET", ORDER, _loc(lambda loc: [*loc[:-1], "order_id"]))
    ),
    mutant(
        "id", "malformed ids are sought in the query", _malformed("GET", ORDER, _loc(lambda loc: ["query", *loc[1:]]))
    ),
    mutant("id", "malformed ids are of no type", _malformed("GET", ORDER, _part("type", "value_error"))),
    mutant("id", "malformed ids are told in other words", _malformed("GET", ORDER, _part("msg", "Not a UUID"))),
    mutant("id", "malformed ids are not told", _malformed("GET", ORDER, _part("input", None))),
    mutant("id", "ids without dashes are unknown", _spelt(lambda one: len(one) == 32, _unknown)),
    mutant(
        "id",
        "ids without dashes are malformed",
        _spelt(lambda one: len(one) == 32, error_of(422, "RequestValidationError")),
    ),
    mutant(
        "id",
        "ids in capitals are malformed",
        _spelt(lambda one: one != one.lower() and len(one) == 36, error_of(422, "RequestValidationError")),
    ),
    mutant("id", "ids of version 1 are unknown", _spelt(_is_version("1"), _unknown)),
    mutant("id", "ids of version 7 are unknown", _spelt(_is_version("7"), _unknown)),
    mutant("id", "the id of zeros is unknown", _spelt(lambda one: set(one) == {"0", "-"}, _unknown)),
    mutant("id", "ids as URNs are unknown", _spelt(lambda one: one.startswith("urn"), _unknown)),
    mutant("id", "malformed products find nothing", _in_query),
    mutant("id", "malformed customers are unknown", _in_body),
]
