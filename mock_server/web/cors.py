"""Cross-origin responses for browsers: any origin may call, without credentials. Source: observed on the service."""

from __future__ import annotations

from mock_server.web.exchange import Answer, Headers, Incoming
from polar_contract.behaviour import ResponseRules

ANY_ORIGIN = ("Access-Control-Allow-Origin", "*")
_ALLOWED_METHODS = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"


def cors_headers(response: ResponseRules) -> Headers:
    """What a response to a page of another origin has; preflights have more."""
    exposed = ", ".join(response.cors_exposed_headers)
    return (ANY_ORIGIN, ("Access-Control-Expose-Headers", exposed)) if exposed else (ANY_ORIGIN,)


def is_preflight(incoming: Incoming) -> bool:
    return (
        incoming.method == "OPTIONS"
        and incoming.header("HTTP_ORIGIN") is not None
        and incoming.header("HTTP_ACCESS_CONTROL_REQUEST_METHOD") is not None
    )


class Preflights:
    """Answers preflights by one revision's rules; the answers depend on neither tokens nor routes."""

    def __init__(self, response: ResponseRules) -> None:
        self._allowed_names = frozenset(name.lower() for name in response.cors_allowed_headers)
        self._headers = (
            ANY_ORIGIN,
            ("Access-Control-Allow-Methods", _ALLOWED_METHODS),
            ("Access-Control-Max-Age", "600"),
            ("Access-Control-Allow-Headers", ", ".join(response.cors_allowed_headers)),
            ("Content-Type", "text/plain; charset=utf-8"),
        )

    def answer(self, incoming: Incoming) -> Answer:
        """200 for allowed requests, 400 naming what is not allowed."""
        refused = self.refused(incoming)
        if refused:
            return Answer(400, f"Disallowed CORS {', '.join(refused)}".encode(), self._headers)
        return Answer(200, b"OK", self._headers)

    def refused(self, incoming: Incoming) -> list[str]:
        """What of the request is not allowed."""
        refused = []
        if incoming.first_header("HTTP_ACCESS_CONTROL_REQUEST_METHOD") not in _ALLOWED_METHODS.split(", "):
            refused.append("method")
        requested = incoming.header("HTTP_ACCESS_CONTROL_REQUEST_HEADERS") or ""
        if any(name.strip().lower() not in self._allowed_names for name in requested.split(",") if name.strip()):
            refused.append("headers")
        return refused
