"""Whether the server serves, which anybody may ask, and which scenarios it ships."""

from __future__ import annotations

from flask import Response

from mock_server.documents.scenarios import list_scenarios
from mock_server.web.control.bodies import Route, written

OPEN_CALL = "/health"
"""Asked by whoever waits for the server, without a key, by any name of it; so it tells nothing else."""


def routes() -> tuple[Route, ...]:
    def health() -> Response:
        return written(200, {"status": "ok"})

    def scenarios() -> Response:
        return written(200, {"items": [{"name": s.name, "sentence": s.sentence} for s in list_scenarios()]})

    return ("GET", OPEN_CALL, health), ("GET", "/scenarios", scenarios)
