"""The steps before and after every control call: the gate, and the headers that tell browsers who may read the response."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, request

from mock_server.web.control.bodies import keep_body
from mock_server.web.control.errors import refused
from mock_server.web.control.gate import KEY_HEADER, ControlGate, Refusal, refusal_of_body
from mock_server.web.exchange import Answer
from mock_server.web.flask_bridge import flask_response
from mock_server.web.wsgi import announced_bytes, base_url

_PREFLIGHT_HEADERS = (
    ("Access-Control-Allow-Methods", "DELETE, GET, HEAD, OPTIONS, PATCH, POST"),
    ("Access-Control-Allow-Headers", f"Content-Type, {KEY_HEADER}"),
    ("Access-Control-Max-Age", "600"),
)
_WITHOUT_BODY = ("GET", "HEAD", "OPTIONS")


def guard(
    blueprint: Blueprint,
    gate: ControlGate,
    *,
    is_open: Callable[[str], bool],
    refuse: Callable[[Refusal], Response] = lambda refusal: refused(*refusal),
) -> None:
    """Refuse what the gate refuses, answer preflights, and let pages of this machine read responses. `is_open`: paths open to all."""

    def admit() -> Response | None:
        found = _refusal(gate, is_open)
        if found is not None:
            return refuse(found)
        keep_body()
        return _preflight() if _is_preflight() else None

    def mark(response: Response) -> Response:
        return _for_browsers(gate, response)

    blueprint.before_request(admit)
    blueprint.after_request(mark)


def _refusal(gate: ControlGate, is_open: Callable[[str], bool]) -> Refusal | None:
    here = base_url(gate.served, request.environ)
    if _is_preflight():
        return gate.refusal_of_source(request.headers.get, here)
    if is_open(request.path):
        return None
    found = gate.refusal(request.headers.get, here)
    if found is None and request.method not in _WITHOUT_BODY:
        has_body = announced_bytes(request.environ) != 0
        return refusal_of_body(request.headers.get("Content-Type"), has_body=has_body)
    return found


def _is_preflight() -> bool:
    asked = request.headers
    return request.method == "OPTIONS" and "Origin" in asked and "Access-Control-Request-Method" in asked


def _preflight() -> Response:
    return flask_response(Answer(204, b"", _PREFLIGHT_HEADERS))


def _for_browsers(gate: ControlGate, response: Response) -> Response:
    """Headers for responses with tokens: no cache keeps them, browsers treat them as JSON only, no other site loads them."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Vary"] = "Origin"
    origin = request.headers.get("Origin")
    if origin is not None and gate.served.allows_page(origin, base_url(gate.served, request.environ)):
        response.headers["Access-Control-Allow-Origin"] = origin
    return response
