"""Wrong statuses, with everything else right."""

from __future__ import annotations

from mutants.operators import (
    INVOICE,
    LISTS,
    ORDER,
    PORTAL_ORDER,
    Mutant,
    changing,
    error_of,
    mutant,
    on,
    status,
)
from mutants.proxy import Answer, Forward, Request

_JSON_ERROR = {"content-type": "application/json"}


def _405_is_404(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    return Answer(404, _JSON_ERROR, b'{"detail":"Not Found"}') if answer.status == 405 else answer


STATUSES: list[Mutant] = [
    mutant("status", "200 instead of 202", changing(on("POST", INVOICE, 202), status(200))),
    mutant("status", "201 instead of 202", changing(on("POST", INVOICE, 202), status(201))),
    mutant("status", "400 instead of 422", changing(on("POST", INVOICE, 422), status(400))),
    mutant("status", "409 for an unpaid order", changing(on("POST", INVOICE, 422, "NotPaidOrder"), status(409))),
    mutant("status", "410 for an unknown order", changing(on("GET", ORDER, 404), status(410))),
    mutant("status", "204 for a PATCH", changing(on("PATCH", ORDER, 200), lambda one: one.but(status=204, body=b""))),
    mutant("status", "200 for a new session", changing(on("POST", "/v1/customer-sessions/", 201), status(200))),
    mutant("status", "200 for a deletion", changing(on("DELETE", "/v1/webhooks/endpoints/.*", 204), status(200))),
    mutant("status", "403 without a token", changing(on("GET", PORTAL_ORDER, 401, "Unauthorized"), status(403))),
    mutant("status", "401 for a missing scope", changing(on("PATCH", ORDER, 403), status(401))),
    mutant("status", "400 for a malformed query", changing(on("GET", LISTS, 422), status(400))),
    mutant("status", "404 instead of 405", _405_is_404),
    mutant("status", "an invoice that is not there is 200", changing(on("GET", INVOICE, 404), status(200))),
    mutant("status", "404 for a missing invoice's order", changing(on("POST", INVOICE, 404), status(422))),
    mutant("status", "500 for a malformed body", changing(on("PATCH", ORDER, 422), error_of(500, "Internal"))),
    mutant("status", "503 instead of 429", changing(on("GET", LISTS, 429), status(503))),
]
