"""Invoice requests at the wrong time or for orders in the wrong state, and wrong effects of earlier requests."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

from mutants.operators import (
    ACCEPTED,
    INVOICE,
    ORDER,
    Json,
    Mutant,
    asked,
    changing,
    compact,
    error_of,
    mutant,
    on,
    parsed,
)
from mutants.proxy import Answer, Forward, Layer, Request

_IS_INVOICE = re.compile(INVOICE)
_NO_BILLING = "Billing name and address are required to generate an invoice for this order."


def _asks_invoice(request: Request, method: str = "POST") -> bool:
    return request.method == method and _IS_INVOICE.fullmatch(request.path) is not None


def _order(request: Request, forward: Forward) -> Json:
    """The order as the caller sees it; None when the caller is not authorized."""
    path = request.path.removesuffix("/invoice")
    answer = forward(asked(request, "GET", path))
    return parsed(answer.body) if answer.status == 200 else None


def _when(fits: Callable[[Json], bool], instead: Callable[[Json], Answer]) -> Layer:
    """Changes the answer to requests for invoices of matching orders."""

    def layer(request: Request, forward: Forward) -> Answer:
        if not _asks_invoice(request):
            return forward(request)
        order = _order(request, forward)
        return instead(order) if order is not None and fits(order) else forward(request)

    return layer


def _not_paid(order: Json) -> Answer:
    detail = f"Order {order['id']} is not paid, so an invoice cannot be generated."
    return error_of(422, "NotPaidOrder", detail)(ACCEPTED)


def _no_billing(_: Json) -> Answer:
    return error_of(422, "MissingInvoiceBillingDetails", _NO_BILLING)(ACCEPTED)


def _is_bare(order: Json) -> bool:
    return order["billing_name"] is None or order["billing_address"] is None


def _remembered(status: int) -> Callable[[], Layer]:
    """Once a request for an order's invoice got this answer, it always does."""

    def plant() -> Layer:
        kept: dict[tuple[str, str | None], Answer] = {}

        def layer(request: Request, forward: Forward) -> Answer:
            key = (request.path, request.token)
            if _asks_invoice(request) and key in kept:
                return kept[key]
            answer = forward(request)
            if _asks_invoice(request) and answer.status == status:
                kept[key] = answer
            return answer

        return layer

    return plant


def _reading_makes_it(request: Request, forward: Forward) -> Answer:
    """Reading an invoice also requests it."""
    answer = forward(request)
    if _asks_invoice(request, "GET") and answer.status == 404 and b"InvoiceDoesNotExist" in answer.body:
        forward(asked(request, "POST", request.path))
    return answer


def _patch_makes_it(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    if on("PATCH", ORDER, 200)(request, answer):
        forward(asked(request, "POST", f"{request.path}/invoice"))
    return answer


def _gone_after(deed: Callable[[Request, Answer], bool]) -> Callable[[], Layer]:
    """After a matching request the invoice of the order can no longer be read."""

    def plant() -> Layer:
        gone: set[str] = set()

        def layer(request: Request, forward: Forward) -> Answer:
            answer = forward(request)
            order = next(iter(re.findall(r"/orders/([^/?]+)", request.path)), "")
            if deed(request, answer):
                gone.add(order)
            elif order in gone and on("GET", INVOICE, 200)(request, answer):
                return error_of(404, "InvoiceDoesNotExist", f"No invoice exists for order {order}.")(answer)
            return answer

        return layer

    return plant


def _nth_is_refused(nth: int) -> Callable[[], Layer]:
    """The nth request for the same invoice is refused."""

    def plant() -> Layer:
        counts: dict[str, int] = {}

        def layer(request: Request, forward: Forward) -> Answer:
            answer = forward(request)
            if _asks_invoice(request) and answer.status == 202:
                counts[request.path] = counts.get(request.path, 0) + 1
                if counts[request.path] == nth:
                    return error_of(409, "InvoiceAlreadyExists")(answer)
            return answer

        return layer

    return plant


def _numbers(change: Callable[[str], Json]) -> Layer:
    """Every order shows another invoice number."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if b'"invoice_number"' not in answer.body or not request.path.startswith("/v1/"):
            return answer
        shown = re.sub(
            rb'"invoice_number":"([^"]*)"',
            lambda one: b'"invoice_number":' + compact(change(one[1].decode())),
            answer.body,
        )
        return answer.but(body=shown)

    return layer


def _number_after(deed: Callable[[Request, Answer], bool]) -> Callable[[], Layer]:
    """After a matching request the order shows another invoice number."""

    def plant() -> Layer:
        touched: set[bytes] = set()

        def layer(request: Request, forward: Forward) -> Answer:
            answer = forward(request)
            for order in touched:
                found = rb'("id":"%s"[^{]*?"billing_name".*?"invoice_number":")' % order
                answer = answer.but(body=re.sub(found, rb"\1NEW-", answer.body, count=1, flags=re.S))
            if deed(request, answer):
                touched.add(next(iter(re.findall(r"/orders/([^/?]+)", request.path)), "").encode())
            return answer

        return layer

    return plant


def _refund_is_told(request: Request, answer: Answer) -> bool:
    return request.method == "PATCH" and "/_mock/" in request.path and b'"refunded"' in request.body


def _needs_body(request: Request, forward: Forward) -> Answer:
    if _asks_invoice(request) and not request.body:
        answer = forward(request)
        return error_of(422, "RequestValidationError")(answer) if answer.status == 202 else answer
    return forward(request)


def _refuses_body(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    return answer.but(status=400) if _asks_invoice(request) and request.body and answer.status == 202 else answer


def _lost_now_and_then() -> Layer:
    """Every third request is accepted, but has no effect."""
    numbers = itertools.count(1)

    def layer(request: Request, forward: Forward) -> Answer:
        if _asks_invoice(request):
            order = _order(request, forward)
            is_good = order is not None and order["paid"] and not _is_bare(order)
            if is_good and not order["is_invoice_generated"] and next(numbers) % 3 == 0:
                return ACCEPTED
        return forward(request)

    return layer


_PATCHED, _POSTED = on("PATCH", ORDER, 200), on("POST", INVOICE, 202)

STATES: list[Mutant] = [
    mutant("rule", "void orders are accepted", _when(lambda one: one["status"] == "void", lambda _: ACCEPTED)),
    mutant(
        "rule",
        "partially refunded orders are refused",
        _when(lambda one: one["status"] == "partially_refunded", _not_paid),
    ),
    mutant(
        "rule", "an empty name is missing", _when(lambda one: one["paid"] and one["billing_name"] == "", _no_billing)
    ),
    mutant(
        "rule",
        "an address alone is enough",
        _when(
            lambda one: one["paid"] and one["billing_name"] is None and one["billing_address"] is not None,
            lambda _: ACCEPTED,
        ),
    ),
    mutant(
        "rule", "billing is looked at before payment", _when(lambda one: not one["paid"] and _is_bare(one), _no_billing)
    ),
    mutant(
        "rule",
        "line1 is required",
        _when(lambda one: one["paid"] and not _is_bare(one) and one["billing_address"]["line1"] is None, _no_billing),
    ),
    mutant(
        "rule",
        "issued invoices need no billing",
        _when(lambda one: one["is_invoice_generated"] and _is_bare(one), lambda _: ACCEPTED),
    ),
    Mutant("a refusal is remembered", "rule", _remembered(422)),
    Mutant("an acceptance is remembered", "rule", _remembered(202)),
    mutant("rule", "asking for the invoice makes it", _reading_makes_it),
    mutant("rule", "PATCH makes the invoice", _patch_makes_it),
    Mutant("PATCH takes the invoice away", "rule", _gone_after(_PATCHED)),
    Mutant("a refund takes the invoice away", "rule", _gone_after(_refund_is_told)),
    Mutant("the third request is refused", "rule", _nth_is_refused(3)),
    mutant("rule", "a request without a body is refused", _needs_body),
    mutant("rule", "a request with a body is refused", _refuses_body),
    Mutant("some requests are forgotten", "rule", _lost_now_and_then),
    mutant("rule", "all orders have the same number", _numbers(lambda _: "CORE-0001")),
    mutant("rule", "numbers are numbers", _numbers(lambda text: int(text.rpartition("-")[2]))),
    mutant("rule", "numbers without their prefix", _numbers(lambda text: text.partition("-")[2])),
    Mutant("PATCH renumbers", "rule", _number_after(_PATCHED)),
    Mutant("the invoice renumbers", "rule", _number_after(_POSTED)),
    mutant(
        "rule",
        "a missing invoice is 204",
        changing(on("GET", INVOICE, 404, "InvoiceDoesNotExist"), lambda one: one.but(status=204, body=b"")),
    ),
    mutant(
        "rule",
        "a missing invoice is an empty link",
        changing(on("GET", INVOICE, 404, "InvoiceDoesNotExist"), lambda one: one.but(status=200, body=b'{"url":""}')),
    ),
]
