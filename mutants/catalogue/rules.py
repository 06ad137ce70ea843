"""Broken rules of the domain: who may have an invoice, that it stays, what PATCH does to which order."""

from __future__ import annotations

import json
from collections.abc import Callable

from mutants.layers import (
    ACCEPTED,
    INVOICE,
    ORDER,
    PORTAL_ORDER,
    Json,
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

_IS_PATCH, _IS_POST = on("PATCH", ORDER), on("POST", INVOICE)


def _second_request(reaction: Callable[[Request, Forward], Answer | None]) -> Layer:
    """What happens instead of nothing when an invoice is asked for that exists."""

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
    """Every world renders again, as the live service does."""
    if request.is_on("POST", "/_mock/worlds"):
        document = parsed(request.body)
        policy = {**document.get("invoices", {}), "reissue": "as-served"}
        return forward(asked(request, "POST", request.path, {**document, "invoices": policy}))
    return forward(request)


def _patch_sent(change: Callable[[Json], Json]) -> Layer:
    """PATCH bodies reach the mock changed."""

    def layer(request: Request, forward: Forward) -> Answer:
        body = parsed(request.body)
        if (
            request.method == "PATCH"
            and "/orders/" in request.path
            and isinstance(body, dict)
            and "_mock" not in request.path
        ):
            return forward(asked(request, "PATCH", request.path, change(body)))
        return forward(request)

    return layer


def _patch_forgets(request: Request, forward: Forward) -> Answer:
    """PATCH answers as if it had worked, and nothing is stored."""
    if not request.path.startswith("/v1/") or request.method != "PATCH" or b"billing_name" not in request.body:
        return forward(request)
    answer = forward(asked(request, "GET", request.path))
    body, sent = parsed(answer.body), parsed(request.body)
    if answer.status != 200 or not isinstance(sent, dict) or "id" not in body:
        return forward(request)
    return answer.but(body=compact({**body, "billing_name": sent["billing_name"]}))


def _patch_merges(request: Request, forward: Forward) -> Answer:
    sent = parsed(request.body)
    address = sent.get("billing_address") if isinstance(sent, dict) and request.method == "PATCH" else None
    if not isinstance(address, dict) or "/orders/" not in request.path or "_mock" in request.path:
        return forward(request)
    shown = parsed(forward(asked(request, "GET", request.path)).body)
    old = shown.get("billing_address") if isinstance(shown, dict) else None
    merged = {**(old or {}), **address}
    return forward(asked(request, "PATCH", request.path, {**sent, "billing_address": merged}))


def _patch_leaks() -> Layer:
    """A PATCH that was accepted changes another order of the same list, too."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if not _IS_PATCH(request, answer) or answer.status != 200:
            return answer
        prefix, _, own = request.path.rpartition("/")
        listed = parsed(forward(asked(request, "GET", f"{prefix}/?limit=100")).body)
        others = [one["id"] for one in (listed or {}).get("items", []) if one["id"] != own]
        sent = parsed(request.body)
        if others and isinstance(sent, dict) and "billing_name" in sent:
            forward(asked(request, "PATCH", f"{prefix}/{others[0]}", {"billing_name": sent["billing_name"]}))
        return answer

    return layer


def _answer_is_late(request: Request, forward: Forward) -> Answer:
    """PATCH works, and answers with the order as it was before."""
    if request.method != "PATCH" or "/orders/" not in request.path or "_mock" in request.path:
        return forward(request)
    before = forward(asked(request, "GET", request.path))
    answer = forward(request)
    return before if answer.status == 200 else answer


def _refused_after_invoice(request: Request, forward: Forward) -> Answer:
    if request.method == "PATCH" and "/orders/" in request.path and "_mock" not in request.path:
        shown = parsed(forward(asked(request, "GET", request.path)).body)
        if isinstance(shown, dict) and shown.get("is_invoice_generated") is True:
            return error_of(422, "OrderNotEditable")(ACCEPTED)
    return forward(request)


def _country_changes(request: Request, forward: Forward) -> Answer:
    """A country that can't change is answered as if it could."""
    answer = forward(request)
    if _IS_PATCH(request, answer) and answer.status == 422 and b"PolarRequestValidationError" in answer.body:
        return forward(asked(request, "GET", request.path))
    return answer


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


def _name_trimmed(sent: Json) -> Json:
    name = sent.get("billing_name")
    return {**sent, "billing_name": f"{name} Inc."} if isinstance(name, str) else sent


def _nulls_ignored(sent: Json) -> Json:
    return {name: value for name, value in sent.items() if value is not None}


def _empty_patch_clears(sent: Json) -> Json:
    return sent or {"billing_name": None}


def _unpaid_by_invoice(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    body = parsed(answer.body)
    if on("GET", ORDER, 200)(request, answer) and body.get("is_invoice_generated") is True:
        return answer.but(body=compact({**body, "status": "pending", "paid": False}))
    return answer


def _all_named(sent: Json) -> Json:
    return {"billing_name": None, **sent}


def _only_from(prefix: str) -> Layer:
    """PATCH below the prefix answers as if it had worked."""

    def layer(request: Request, forward: Forward) -> Answer:
        sent = parsed(request.body)
        if request.method != "PATCH" or not request.path.startswith(prefix) or not isinstance(sent, dict) or not sent:
            return forward(request)
        before = forward(asked(request, "GET", request.path))
        answer = forward(request)
        if before.status == 200 and answer.status == 200 and "/orders/" in request.path:
            old = {name: parsed(before.body)[name] for name in ("billing_name", "billing_address")}
            forward(asked(request, "PATCH", request.path, old))
        return answer

    return layer


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
    mutant("rule", "PATCH forgets", _patch_forgets),
    mutant("rule", "PATCH merges", _patch_merges),
    Mutant("PATCH leaks to another order", "rule", _patch_leaks),
    mutant("rule", "PATCH answers what was before", _answer_is_late),
    mutant("rule", "PATCH is refused after the invoice", _refused_after_invoice),
    mutant("rule", "PATCH ignores null", _patch_sent(_nulls_ignored)),
    mutant("rule", "PATCH changes the name that was sent", _patch_sent(_name_trimmed)),
    mutant("rule", "an empty PATCH clears the name", _patch_sent(_empty_patch_clears)),
    mutant("rule", "a changed country is accepted", _country_changes),
    mutant(
        "rule",
        "the state is kept as it was written",
        changing(on("PATCH", ORDER, 200), lambda one: one.but(body=one.body.replace(b'"US-', b'"'))),
    ),
    mutant("rule", "an order becomes unpaid by its invoice", _unpaid_by_invoice),
    mutant("rule", "PATCH clears what it does not name", _patch_sent(_all_named)),
    mutant("rule", "only the organization's PATCH is stored", _only_from("/v1/customer-portal/")),
    mutant("rule", "only the portal's PATCH is stored", _only_from("/v1/orders/")),
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
