"""Whether the server serves, open to all callers, and the list of its scenarios."""

from __future__ import annotations

from flask import Response

from mock_server.documents.scenarios import list_scenarios
from mock_server.web.control.bodies import Route, written

OPEN_CALL = "/health"
"""For callers that wait for the server: needs no key and accepts any host name, so it reveals no more than any answer of the API does."""


def routes(own_revision: str) -> tuple[Route, ...]:
    """`own_revision`: that of requests without a token."""

    def health() -> Response:
        return written(200, {"status": "ok", "revision": own_revision})

    def scenarios() -> Response:
        return written(200, {"items": [{"name": s.name, "sentence": s.sentence} for s in list_scenarios()]})

    return ("GET", OPEN_CALL, health), ("GET", "/scenarios", scenarios)
