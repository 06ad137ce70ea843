"""Cross-origin responses for browsers: any origin may call, without credentials. Source: observed on the service."""

from __future__ import annotations

from mock_server.web.exchange import Answer, Incoming

ANY_ORIGIN = ("Access-Control-Allow-Origin", "*")
_ALLOWED_METHODS = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"
_ALLOWED_HEADERS = ("Accept", "Accept-Language", "Authorization", "Content-Language", "Content-Type")
_ALLOWED_HEADER_NAMES = frozenset(name.lower() for name in _ALLOWED_HEADERS)
_PREFLIGHT_HEADERS = (
    ANY_ORIGIN,
    ("Access-Control-Allow-Methods", _ALLOWED_METHODS),
    ("Access-Control-Max-Age", "600"),
    ("Access-Control-Allow-Headers", ", ".join(_ALLOWED_HEADERS)),
    ("Content-Type", "text/plain; charset=utf-8"),
)


def is_preflight(incoming: Incoming) -> bool:
    return (
        incoming.method == "OPTIONS"
        and incoming.header("HTTP_ORIGIN") is not None
        and incoming.header("HTTP_ACCESS_CONTROL_REQUEST_METHOD") is not None
    )


def answer_preflight(incoming: Incoming) -> Answer:
    """200 for allowed requests, 400 naming what is not allowed; neither depends on tokens or routes."""
    refused = []
    if incoming.first_header("HTTP_ACCESS_CONTROL_REQUEST_METHOD") not in _ALLOWED_METHODS.split(", "):
        refused.append("method")
    requested = incoming.header("HTTP_ACCESS_CONTROL_REQUEST_HEADERS") or ""
    if any(name.strip().lower() not in _ALLOWED_HEADER_NAMES for name in requested.split(",") if name.strip()):
        refused.append("headers")
    if refused:
        return Answer(400, f"Disallowed CORS {', '.join(refused)}".encode(), _PREFLIGHT_HEADERS)
    return Answer(200, b"OK", _PREFLIGHT_HEADERS)
