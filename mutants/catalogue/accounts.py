"""Wrong answers of sessions, of the customer's own record, and of webhook endpoints."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from mutants.operators import (
    Json,
    Mutant,
    asked,
    body_changed,
    changing,
    compact,
    error_of,
    mutant,
    on,
    parsed,
    with_parts,
    without,
)
from mutants.proxy import Answer, Forward, Layer, Request

_SESSIONS, _ENDPOINTS = "/v1/customer-sessions/", "/v1/webhooks/endpoints"
_ENDPOINT = _ENDPOINTS + "/[^/]+"
_ME, _DELIVERIES = "/v1/customer-portal/customers/me", "/v1/webhooks/deliveries"
_NOBODY = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


def _patch_forgotten(path: str) -> Layer:
    """PATCH is answered with the sent values, but they are not stored."""

    def layer(request: Request, forward: Forward) -> Answer:
        sent = parsed(request.body)
        if request.method != "PATCH" or not request.path.startswith(path) or not isinstance(sent, dict):
            return forward(request)
        before = forward(asked(request, "GET", request.path))
        answer = forward(request)
        if before.status != 200 or answer.status != 200:
            return answer
        old = {name: parsed(before.body).get(name) for name in sent}
        forward(
            asked(request, "PATCH", request.path, {name: value for name, value in old.items() if value is not None})
        )
        return answer

    return layer


def _new_secret_each_time() -> Layer:
    numbers = itertools.count()

    def renewed(body: Json) -> Json:
        return {**body, "secret": f"polar_whs_{next(numbers):040d}"}

    return changing(on("GET", _ENDPOINT, 200), body_changed(renewed))


def _deleted_stays(request: Request, forward: Forward) -> Answer:
    if request.method == "DELETE" and request.path.startswith(_ENDPOINTS):
        exists = forward(asked(request, "GET", request.path)).status == 200
        return Answer(204, {}, b"") if exists else forward(request)
    return forward(request)


def _not_listed(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    if on("GET", _ENDPOINTS, 200)(request, answer):
        body = parsed(answer.body)
        return answer.but(body=compact({**body, "items": body["items"][:-1]}))
    return answer


def _whose_member(is_meant: Callable[[Answer], bool], *names: str) -> Layer:
    """On matching requests the session is created as if no member had been named."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer, sent = forward(request), parsed(request.body)
        if not request.is_on("POST", _SESSIONS) or not isinstance(sent, dict) or not sent.keys() & set(names):
            return answer
        return forward(asked(request, "POST", request.path, without(*names)(sent))) if is_meant(answer) else answer

    return layer


def _lost_way_back(request: Request, forward: Forward) -> Answer:
    answer, sent = forward(request), parsed(request.body)
    if on("POST", _SESSIONS, 201)(request, answer) and "external_customer_id" in sent and "return_url" in sent:
        return forward(asked(request, "POST", request.path, without("return_url")(sent)))
    return answer


def _sessions(change: Callable[[Json], Json]) -> Layer:
    return changing(on("POST", _SESSIONS, 201), body_changed(change))


def _portal(path: str, change: Callable[[Json], Json]) -> Layer:
    return changing(on("GET", f"/v1/customer-portal/{path}", 200), body_changed(change))


def _delivered(change: Callable[[Json], Json]) -> Layer:
    return changing(on("GET", _DELIVERIES, 200), body_changed(lambda body: {**body, **change(body)}))


def _each(change: Callable[[Json], Json]) -> Callable[[Json], Json]:
    return lambda body: {"items": [change(one) for one in body["items"]]}


_NO_SECRET = changing(on("PATCH", _ENDPOINT + "/secret", 200), error_of(404, "ResourceNotFound"))
_PLAIN_HTTP = changing(on("POST", _ENDPOINTS, 422), lambda one: one.but(status=201))
_NONE: Json = {"items": [], "pagination": {"total_count": 0, "max_page": 0}}

ACCOUNTS: list[Mutant] = [
    mutant("account", "a session that has expired already", _sessions(with_parts(expires_at="2020-01-01T00:00:00Z"))),
    mutant(
        "account",
        "a member's session that has expired already",
        changing(on("POST", "/v1/member-sessions/", 201), body_changed(with_parts(expires_at="2001-01-01T00:00:00Z"))),
    ),
    mutant("account", "where to return to is forgotten", _sessions(with_parts(return_url=None))),
    mutant("account", "a member's external id is ignored", _whose_member(lambda _: True, "external_member_id")),
    mutant(
        "account",
        "another customer's member is no reason to refuse a session",
        _whose_member(lambda answer: answer.status == 422, "member_id", "external_member_id"),
    ),
    mutant("account", "where to return to is forgotten for external ids", _lost_way_back),
    mutant("account", "a session of nobody", _sessions(with_parts(customer_id=_NOBODY))),
    mutant("account", "a session's token does not work", _sessions(with_parts(token="polar_cst_" + "x" * 43))),
    mutant("account", "a session without its customer", _sessions(without("customer"))),
    mutant("account", "another customer's record", _portal("customers/me", with_parts(email="eve@example.com"))),
    mutant("account", "the own record is not changed", _patch_forgotten(_ME)),
    mutant("account", "a session's end is unknown", _portal("customer-session/introspect", without("expires_at"))),
    mutant("account", "members look like customers", _portal("customer-session/user", with_parts(type="customer"))),
    mutant("account", "plain http receivers are taken", _PLAIN_HTTP),
    mutant("account", "an endpoint's change is not stored", _patch_forgotten(_ENDPOINTS)),
    mutant("account", "a deleted endpoint stays", _deleted_stays),
    mutant("account", "a new endpoint is not listed", _not_listed),
    Mutant("the secret is another each time", "account", _new_secret_each_time),
    mutant("account", "secrets can't be renewed", _NO_SECRET),
    mutant("account", "deliveries are not listed", _delivered(lambda _: _NONE)),
    mutant("account", "all deliveries succeeded", _delivered(_each(with_parts(succeeded=True)))),
    mutant("account", "deliveries without their event", _delivered(_each(without("webhook_event")))),
]
