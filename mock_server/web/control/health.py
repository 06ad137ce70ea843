"""Whether the server serves, and which scenarios it ships."""

from __future__ import annotations

from flask import Response

from mock_server.documents.scenarios import list_scenarios
from mock_server.web.control.bodies import Route, written


def routes(revision: str) -> tuple[Route, ...]:
    def health() -> Response:
        return written(200, {"status": "ok", "product": "polar-mock", "revision": revision})

    def scenarios() -> Response:
        return written(200, {"items": [{"name": s.name, "sentence": s.sentence} for s in list_scenarios()]})

    return ("GET", "/health", health), ("GET", "/scenarios", scenarios)
