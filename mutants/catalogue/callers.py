"""Single operations that are open to unauthorized callers, and tokens that are parsed too tolerantly or too strictly."""

from __future__ import annotations

import re
from collections.abc import Callable

from mutants.operators import (
    ACCEPTED,
    INVOICE,
    JSON_TYPE,
    NOT_FOUND,
    ORDER,
    PORTAL_ORDER,
    Mutant,
    as_caller,
    body_changed,
    changing,
    compact,
    error_of,
    mutant,
    on,
    parsed,
    replaced,
    with_parts,
)
from mutants.proxy import Answer, Forward, Layer, Request
from mutants.world_tracker import Memory, SeenWorld

_UNAUTHORIZED = Answer(401, JSON_TYPE, b'{"error":"Unauthorized","detail":"Unauthorized"}')
Helper = Callable[[SeenWorld, str], str | None]
"""Returns the token to use instead, given the world and the name of the caller's token."""


def _instead(
    method: str, path: str, status: int, helper: Helper, error: str | None = None, *, only_success: bool = False
) -> Callable[[], Layer]:
    """On one operation a refused request is sent again with another caller's token."""
    when = on(method, path, status, error)

    def plant() -> Layer:
        memory = Memory()

        def layer(request: Request, forward: Forward) -> Answer:
            answer = memory.forwarded(request, forward)
            if not when(request, answer):
                return answer
            world = memory.world_of(request.token)
            candidates = [world] if world is not None else list(reversed(memory.worlds))
            for one in candidates:
                token = helper(one, one.name_of(request.token) or "")
                better = forward(as_caller(request, token)) if token is not None else answer
                if better.status < 400 or (better.body != answer.body and not only_success):
                    return better
            return answer

        return layer

    return plant


def _anybodys(kind: str) -> Helper:
    def helper(world: SeenWorld, own: str) -> str | None:
        for name, token in world.tokens.items():
            described = world.describes(name)
            is_good = not described.get("scopes") and described.get("expires_in_seconds", 1) > 0
            if name != own and is_good and described.get("kind") == kind:
                return token
        return None

    return helper


def _neighbours(world: SeenWorld, own: str) -> str | None:
    """A session of another customer."""
    for name, token in world.tokens.items():
        described = world.describes(name)
        is_good = described.get("expires_in_seconds", 1) > 0 and not described.get("scopes")
        if is_good and described.get("customer") not in (None, world.describes(own).get("customer")):
            return token
    return None


_CUSTOMER, _ORGANIZATION = _anybodys("customer_session"), _anybodys("organization_access_token")


def _like(world: SeenWorld, own: str) -> str | None:
    return world.token_like(own)


def _in_the_query(request: Request, forward: Forward) -> Answer:
    """A token in the query is accepted as well."""
    found = re.search(r"[?&](?:access_token|token|customer_session_token)=([^&]+)", request.path)
    return forward(as_caller(request, found[1]) if found and request.token is None else request)


def _any_scheme(request: Request, forward: Forward) -> Answer:
    given = request.headers.get("authorization", "")
    token = given.rpartition(" ")[2]
    return forward(as_caller(request, token) if token.startswith("polar_") else request)


def _exact_scheme(request: Request, forward: Forward) -> Answer:
    given = request.headers.get("authorization", "")
    if given and not given.startswith("Bearer ") and request.path.startswith("/v1/"):
        return _UNAUTHORIZED.but(headers={**JSON_TYPE, "www-authenticate": 'Bearer realm="polar"'})
    return forward(request)


def _token_cut(length: int) -> Callable[[], Layer]:
    """Only the first characters of a token are compared."""

    def plant() -> Layer:
        memory = Memory()

        def layer(request: Request, forward: Forward) -> Answer:
            answer = memory.forwarded(request, forward)
            given = request.token or ""
            if answer.status != 401 or not given:
                return answer
            for world in reversed(memory.worlds):
                for token in world.tokens.values():
                    if token[:length] == given[:length]:
                        return forward(as_caller(request, token))
            return answer

        return layer

    return plant


def _writes_for_strangers(request: Request, forward: Forward) -> Answer:
    """An unauthorized PATCH is answered as if it had succeeded."""
    answer = forward(request)
    sent = parsed(request.body)
    if on("PATCH", ORDER, 404)(request, answer) and isinstance(sent, dict):
        return Answer(200, JSON_TYPE, compact({"id": request.path.rpartition("/")[2], **sent}))
    return answer


def _deleted_is_shown() -> Layer:
    """A deleted order gets another answer than an order that never existed."""
    return changing(
        on("GET", ORDER, 404, "ResourceNotFound"),
        lambda one: one.but(body=NOT_FOUND.replace(b"Not found", b"Order not found")),
    )


def _own_expiry(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    if on("GET", ".*/introspect", 200)(request, answer):
        return body_changed(with_parts(expires_at="2099-01-01T00:00:00Z"))(answer)
    return answer


CALLERS: list[Mutant] = [
    Mutant("invoices are read without a token", "auth", _instead("GET", INVOICE, 401, _CUSTOMER, "Unauthorized")),
    Mutant("invoices are made without a token", "auth", _instead("POST", INVOICE, 401, _CUSTOMER, "Unauthorized")),
    Mutant("PATCH without a token", "auth", _instead("PATCH", ORDER, 401, _CUSTOMER, "Unauthorized")),
    Mutant("payment status without a token", "auth", _instead("GET", PORTAL_ORDER + "/payment-status", 401, _CUSTOMER)),
    Mutant("webhooks are listed without a token", "auth", _instead("GET", "/v1/webhooks/.*", 401, _ORGANIZATION)),
    Mutant("sessions are made without a token", "auth", _instead("POST", "/v1/customer-sessions/", 401, _ORGANIZATION)),
    Mutant(
        "customers open sessions",
        "auth",
        _instead("POST", "/v1/customer-sessions/", 401, _ORGANIZATION, "Unauthorized"),
    ),
    Mutant("expired tokens may still ask for invoices", "auth", _instead("POST", INVOICE, 401, _like, "invalid_token")),
    Mutant("expired tokens may still change", "auth", _instead("PATCH", ORDER, 401, _like, "invalid_token")),
    Mutant(
        "expired organization tokens may read",
        "auth",
        _instead("GET", "/v1/orders/.*", 401, _ORGANIZATION, "invalid_token"),
    ),
    Mutant("members may ask for invoices", "auth", _instead("POST", INVOICE, 403, _like, "NotPermitted")),
    Mutant("members may read orders", "auth", _instead("GET", PORTAL_ORDER, 403, _like, "NotPermitted")),
    Mutant("reading sessions may change", "auth", _instead("PATCH", PORTAL_ORDER, 403, _like, "insufficient_scope")),
    Mutant("writers may ask for the organization's invoices", "auth", _instead("POST", INVOICE, 403, _ORGANIZATION)),
    Mutant("readers of webhooks may change them", "auth", _instead("PATCH", "/v1/webhooks/.*", 403, _ORGANIZATION)),
    Mutant("others' invoices are readable", "auth", _instead("GET", PORTAL_ORDER + "/invoice", 404, _neighbours)),
    Mutant(
        "others' issued invoices are readable",
        "auth",
        _instead("GET", PORTAL_ORDER + "/invoice", 404, _neighbours, only_success=True),
    ),
    Mutant(
        "issued invoices are read without a token",
        "auth",
        _instead("GET", INVOICE, 401, _CUSTOMER, "Unauthorized", only_success=True),
    ),
    Mutant("others' invoices can be asked for", "auth", _instead("POST", PORTAL_ORDER + "/invoice", 404, _neighbours)),
    Mutant("others' orders can be changed", "auth", _instead("PATCH", PORTAL_ORDER, 404, _neighbours)),
    Mutant("others' payments are shown", "auth", _instead("GET", PORTAL_ORDER + "/payment-status", 404, _neighbours)),
    mutant(
        "auth",
        "others' invoices are accepted and not made",
        changing(on("POST", PORTAL_ORDER + "/invoice", 404), lambda _: ACCEPTED),
    ),
    mutant("auth", "strangers' changes seem to work", _writes_for_strangers),
    mutant("auth", "a deleted order has words of its own", _deleted_is_shown()),
    mutant("auth", "a token in the query is accepted", _in_the_query),
    mutant("auth", "any scheme is accepted", _any_scheme),
    mutant("auth", "bearer in lower case is refused", _exact_scheme),
    Mutant("only half of a token counts", "auth", _token_cut(30)),
    Mutant("the last character of a token does not count", "auth", _token_cut(52)),
    mutant(
        "auth",
        "billing managers are refused",
        changing(
            lambda request, answer: (
                on("GET", PORTAL_ORDER, 200)(request, answer) and (request.token or "").startswith("polar_mst_")
            ),
            error_of(403, "NotPermitted", "Only owners and billing managers can access billing features."),
        ),
    ),
    mutant("auth", "sessions never say that they end", _own_expiry),
    mutant(
        "auth",
        "the refusal of a token says which",
        changing(
            on("GET", ORDER, 401, "invalid_token"),
            lambda one: one.but(body=one.body.replace(b"expired, revoked", b"unknown, revoked")),
        ),
    ),
    mutant(
        "auth",
        "a member is told another reason",
        changing(on("GET", PORTAL_ORDER, 403, "NotPermitted"), replaced("Only owners", "Just owners")),
    ),
    mutant(
        "auth",
        "a wrong kind of token is a 403",
        changing(
            lambda request, answer: (
                on("GET", ORDER, 401, "Unauthorized")(request, answer) and request.token is not None
            ),
            error_of(403, "NotPermitted"),
        ),
    ),
    mutant(
        "auth",
        "sessions last a day",
        changing(
            on("POST", "/v1/customer-sessions/", 201),
            body_changed(
                lambda one: {
                    **one,
                    "expires_at": re.sub(r"^\d{4}", lambda year: str(int(year[0]) + 1), one["expires_at"]),
                }
            ),
        ),
    ),
    mutant(
        "auth",
        "the portal's link lacks the token",
        changing(
            on("POST", "/v1/customer-sessions/", 201),
            body_changed(lambda one: {**one, "customer_portal_url": one["customer_portal_url"].partition("?")[0]}),
        ),
    ),
]
