"""Wrong headers of single statuses, wrong answers of the router, and wrong CORS headers."""

from __future__ import annotations

from collections.abc import Callable

from mutants.operators import INVOICE, JSON_TYPE, LISTS, ORDER, Mutant, When, changing, mutant, on
from mutants.proxy import Answer, Forward, Layer, Request


def _set(when: When, **named: str | None) -> Layer:
    changes = {name.replace("_", "-"): value for name, value in named.items()}

    def changed(answer: Answer) -> Answer:
        kept = {name: value for name, value in {**answer.headers, **changes}.items() if value is not None}
        return answer.but(headers=kept)

    return changing(when, changed)


def _of(status: int) -> When:
    return lambda request, answer: answer.status == status and request.path.startswith("/v1/")


def _with_error(status: int, mark: bytes) -> When:
    return lambda request, answer: answer.status == status and mark in answer.body


def _routed(change: Callable[[Request, Answer], Answer | None]) -> Layer:
    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        return change(request, answer) or answer

    return layer


def _no_redirect(_: Request, answer: Answer) -> Answer | None:
    return Answer(404, JSON_TYPE, b'{"detail":"Not Found"}') if answer.status == 307 else None


def _moved(status: int) -> Callable[[Request, Answer], Answer | None]:
    return lambda _, answer: answer.but(status=status) if answer.status == 307 else None


def _query_lost(_: Request, answer: Answer) -> Answer | None:
    if answer.status != 307:
        return None
    return answer.but(headers={**answer.headers, "location": answer.headers["location"].partition("?")[0]})


def _slashes_alike(request: Request, forward: Forward) -> Answer:
    """A missing or additional slash in a path is ignored."""
    answer = forward(request)
    if answer.status != 307:
        return answer
    place, mark, query = request.path.partition("?")
    other = place.removesuffix("/") if place.endswith("/") else f"{place}/"
    return forward(Request(request.method, other + mark + query, request.headers, request.body))


def _head_like_get(request: Request, forward: Forward) -> Answer:
    if request.method != "HEAD":
        return forward(request)
    return forward(Request("GET", request.path, request.headers, request.body)).but(body=b"")


def _put_like_patch(request: Request, forward: Forward) -> Answer:
    method = "PATCH" if request.method == "PUT" else request.method
    return forward(Request(method, request.path, request.headers, request.body))


def _deleting(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    is_order = on("DELETE", ORDER, 405)(request, answer)
    return Answer(204, {}, b"") if is_order else answer


def _unknown_is_empty(_: Request, answer: Answer) -> Answer | None:
    is_route = answer.status == 404 and answer.body == b'{"detail":"Not Found"}'
    return Answer(200, JSON_TYPE, b"{}") if is_route else None


def _unknown_is_html(_: Request, answer: Answer) -> Answer | None:
    is_route = answer.status == 404 and answer.body == b'{"detail":"Not Found"}'
    return Answer(404, {"content-type": "text/html"}, b"<h1>Not Found</h1>") if is_route else None


def _former_prefix_gone(request: Request, forward: Forward) -> Answer:
    if request.path.startswith("/api/v1/"):
        return Answer(404, JSON_TYPE, b'{"detail":"Not Found"}')
    return forward(request)


HEADER_VALUES: list[Mutant] = [
    mutant("header", "JSON as text/json", _set(on("GET", ORDER, 200), content_type="text/json")),
    mutant("header", "JSON of a problem", _set(on("POST", INVOICE, 422), content_type="application/problem+json")),
    mutant("header", "an invoice's answer as text", _set(on("POST", INVOICE, 202), content_type="text/plain")),
    mutant("header", "404 as HTML", _set(on("GET", ORDER, 404), content_type="text/html; charset=utf-8")),
    mutant("header", "401 as text", _set(_of(401), content_type="text/plain")),
    mutant("header", "an invoice's link without a type", _set(on("GET", INVOICE, 200), content_type=None)),
    mutant(
        "header",
        "lists in another charset",
        _set(on("GET", LISTS, 200), content_type="application/json; charset=iso-8859-1"),
    ),
    mutant("header", "401 asks for Basic", _set(_of(401), www_authenticate='Basic realm="polar"')),
    mutant(
        "header",
        "an expired token is not called so",
        _set(_with_error(401, b"invalid_token"), www_authenticate='Bearer realm="polar"'),
    ),
    mutant(
        "header",
        "a missing token is called invalid",
        _set(_with_error(401, b"Unauthorized"), www_authenticate='Bearer realm="polar", error="invalid_token"'),
    ),
    mutant(
        "header", "403 without WWW-Authenticate", _set(_with_error(403, b"insufficient_scope"), www_authenticate=None)
    ),
    mutant(
        "header",
        "403 does not tell the scope",
        _set(
            _with_error(403, b"insufficient_scope"), www_authenticate='Bearer realm="polar", error="insufficient_scope"'
        ),
    ),
    mutant(
        "header",
        "a refused token may be stored",
        _set(_with_error(401, b"invalid_token"), cache_control="public, max-age=600", pragma=None),
    ),
    mutant("header", "Retry-After of zero", _set(_of(429), retry_after="0")),
    mutant("header", "Retry-After below zero", _set(_of(429), retry_after="-1")),
    mutant("header", "Retry-After in words", _set(_of(429), retry_after="soon")),
    mutant(
        "header",
        "a limit of pace has a body",
        changing(_of(429), lambda one: one.but(body=one.body or b'{"detail":"Too many"}')),
    ),
    mutant("header", "405 allows nothing", _set(_of(405), allow="")),
    mutant(
        "header",
        "405 allows what was asked",
        changing(
            _of(405), lambda one: one.but(headers={**one.headers, "allow": "GET, HEAD, POST, PUT, PATCH, DELETE"})
        ),
    ),
    mutant("header", "a missing slash is not mended", _routed(_no_redirect)),
    mutant("header", "a missing slash is moved for good", _routed(_moved(301))),
    mutant("header", "a missing slash is a 308", _routed(_moved(308))),
    mutant("header", "a missing slash loses the query", _routed(_query_lost)),
    mutant("header", "slashes make no difference", _slashes_alike),
    mutant("header", "HEAD is like GET", _head_like_get),
    mutant("header", "PUT is like PATCH", _put_like_patch),
    mutant("header", "orders can be deleted", _deleting),
    mutant("header", "an unknown path is 200", _routed(_unknown_is_empty)),
    mutant("header", "an unknown path is HTML", _routed(_unknown_is_html)),
    mutant("header", "the former prefix is gone", _former_prefix_gone),
    mutant(
        "header",
        "the former prefix is not told",
        _set(lambda request, _: request.path.startswith("/api/"), x_polar_deprecation_notice=None),
    ),
    mutant(
        "header",
        "pages of other origins may not read",
        _set(lambda request, _: request.method != "OPTIONS", access_control_allow_origin=None),
    ),
    mutant(
        "header",
        "pages may not ask",
        changing(lambda request, _: request.method == "OPTIONS", lambda _: Answer(403, {}, b"")),
    ),
    mutant(
        "header",
        "pages may not send a token",
        _set(lambda request, _: request.method == "OPTIONS", access_control_allow_headers="accept"),
    ),
    mutant(
        "header",
        "pages may only read",
        _set(lambda request, _: request.method == "OPTIONS", access_control_allow_methods="GET"),
    ),
]
