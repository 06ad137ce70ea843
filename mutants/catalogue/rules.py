"""Broken domain rules: which orders may have an invoice, that it is permanent, who gets a session, the effect of a payment."""

from __future__ import annotations

import json
from collections.abc import Callable

from mutants.operators import (
    ACCEPTED,
    INVOICE,
    ORDER,
    PORTAL_ORDER,
    Mutant,
    asked,
    body_changed,
    changing,
    compact,
    error_of,
    mutant,
    on,
    parsed,
    status,
    with_parts,
)
from mutants.proxy import Answer, Forward, Layer, Request

_IS_POST = on("POST", INVOICE)


def _second_request(reaction: Callable[[Request, Forward], Answer | None]) -> Layer:
    """Changes something when an existing invoice is requested again, although nothing should happen."""

    def layer(request: Request, forward: Forward) -> Answer:
        if not request.is_on("POST", "/invoice") or "/orders/" not in request.path:
            return forward(request)
        before = parsed(forward(asked(request, "GET", request.path.removesuffix("/invoice"))).body)
        answer = forward(request)
        if answer.status == 202 and isinstance(before, dict) and before.get("is_invoice_generated") is True:
            return reaction(request, forward) or answer
        return answer

    return layer


def _told_again(request: Request, forward: Forward) -> None:
    forward(asked(request, "PATCH", request.path.removesuffix("/invoice"), {}))


def _renumbered() -> Layer:
    counts: dict[str, int] = {}

    def count(request: Request, _: Forward) -> None:
        order = request.path.rpartition("/invoice")[0].rpartition("/")[2]
        counts[order] = counts.get(order, 0) + 1

    ask = _second_request(count)

    def layer(request: Request, forward: Forward) -> Answer:
        answer = ask(request, forward)
        body = parsed(answer.body)
        orders = body.get("items", [body]) if isinstance(body, dict) and answer.status == 200 else []
        for order in orders:
            if isinstance(order, dict) and counts.get(order.get("id", "")) and order.get("invoice_number"):
                order["invoice_number"] += f"-{counts[order['id']] + 1}"
        return answer.but(body=compact(body)) if counts and isinstance(body, dict) else answer

    return layer


def _rendered_again(request: Request, forward: Forward) -> Answer:
    """Every world renders the invoice again, as the live service does."""
    if request.is_on("POST", "/_mock/worlds"):
        document = parsed(request.body)
        policy = {**document.get("invoices", {}), "reissue": "as-served"}
        return forward(asked(request, "POST", request.path, {**document, "invoices": policy}))
    return forward(request)


def _refunded_is_refused(request: Request, forward: Forward) -> Answer:
    if request.is_on("POST", "/invoice"):
        shown = parsed(forward(asked(request, "GET", request.path.removesuffix("/invoice"))).body)
        if isinstance(shown, dict) and str(shown.get("status")).endswith("refunded"):
            return error_of(
                422, "NotPaidOrder", f"Order {shown['id']} is not paid, so an invoice cannot be generated."
            )(ACCEPTED)
    return forward(request)


def _name_is_enough(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    if _IS_POST(request, answer) and b"MissingInvoiceBillingDetails" in answer.body:
        shown = parsed(forward(asked(request, "GET", request.path.removesuffix("/invoice"))).body)
        if isinstance(shown, dict) and shown.get("billing_name") is not None:
            return ACCEPTED
    return answer


def _unpaid_by_invoice(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    body = parsed(answer.body)
    if on("GET", ORDER, 200)(request, answer) and body.get("is_invoice_generated") is True:
        return answer.but(body=compact({**body, "status": "pending", "paid": False}))
    return answer


def _internal_shown(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    if on("GET", PORTAL_ORDER, 200)(request, answer) and "/invoice" not in request.path:
        return answer.but(body=compact({**parsed(answer.body), "metadata": {}, "customer": {"email": "x@example.com"}}))
    return answer


_NOT_PAID, _NO_BILLING = (
    on("POST", INVOICE, 422, "NotPaidOrder"),
    on("POST", INVOICE, 422, "MissingInvoiceBillingDetails"),
)

RULES: list[Mutant] = [
    mutant("rule", "unpaid accepted", changing(_NOT_PAID, lambda _: ACCEPTED)),
    mutant("rule", "missing billing accepted", changing(_NO_BILLING, lambda _: ACCEPTED)),
    mutant("rule", "a name alone is enough", _name_is_enough),
    mutant("rule", "refunded orders are refused", _refunded_is_refused),
    mutant(
        "rule",
        "a second request is refused",
        _second_request(lambda *_: error_of(409, "InvoiceAlreadyExists")(ACCEPTED)),
    ),
    mutant("rule", "a second request is told again", _second_request(_told_again)),
    Mutant("a second request renumbers", "rule", _renumbered),
    mutant("rule", "a second request renders again", _rendered_again),
    mutant("rule", "an order becomes unpaid by its invoice", _unpaid_by_invoice),
    mutant("rule", "portal orders show internal fields", _internal_shown),
    mutant(
        "rule",
        "unknown customers get a session",
        changing(
            on("POST", "/v1/customer-sessions/", 422),
            lambda one: one.but(status=201, body=json.dumps({"id": "x", "token": "polar_cst_x"}).encode()),
        ),
    ),
    mutant(
        "rule",
        "a declined payment succeeds",
        changing(
            on("POST", PORTAL_ORDER + "/confirm-payment", 200),
            body_changed(with_parts(status="succeeded", error=None)),
        ),
    ),
    mutant(
        "rule",
        "a second payment is taken",
        changing(
            on("POST", PORTAL_ORDER + "/confirm-payment", 409),
            lambda one: status(200)(
                body_changed(lambda _: {"status": "succeeded", "client_secret": None, "error": None})(one)
            ),
        ),
    ),
]
