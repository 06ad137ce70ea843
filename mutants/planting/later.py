"""What later revisions do, done wrongly: invoices that are made anew, secrets that can't be chosen."""

from __future__ import annotations

from collections.abc import Mapping

from mutants.planting.invoices import order_of
from mutants.planting.messages import asked, compact, parsed
from mutants.planting.objects import Json
from mutants.planting.selecting import When
from mutants.proxy import Answer, Forward, Layer, Request

_ENDPOINTS = "/v1/webhooks/endpoints"


def never_reissued(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A request for an invoice that was issued before is accepted, and makes nothing, whatever has changed."""

    def layer(request: Request, forward: Forward) -> Answer:
        order = order_of(request, forward) if request.is_on("POST", "/invoice") else None
        can_have_one = order is not None and order["has_billing"] and order["status"] != "void"
        if order is None or not can_have_one or not order["is_invoice_generated"]:
            return forward(request)
        return forward(asked(request, "GET", request.path.removesuffix("/invoice"))).but(status=202, body=b"null")

    return layer


def sent_secret_shown(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A secret that a request sends is shown as the endpoint's, although it can't be chosen."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer, sent = forward(request), parsed(request.body)
        is_about_it = request.path.startswith(_ENDPOINTS) and answer.status in (200, 201)
        if not is_about_it or not isinstance(sent, dict) or "secret" not in sent:
            return answer
        return answer.but(body=compact({**parsed(answer.body), "secret": sent["secret"]}))

    return layer
