"""Requests for invoices that are answered or carried out wrongly, depending on the order or on earlier requests."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping

from mutants.planting.messages import ACCEPTED, INVOICE, asked, compact, error_answer, error_name, parsed
from mutants.planting.objects import Json, is_like
from mutants.planting.selecting import When
from mutants.proxy import Answer, Forward, Layer, Request

_IS_INVOICE = re.compile(INVOICE)
_NO_BILLING = "Billing name and address are required to generate an invoice for this order."
_INSTEAD: Mapping[str, Callable[[Json], Answer]] = {
    "accepted": lambda _: ACCEPTED,
    "not paid": lambda order: error_answer(
        422, "NotPaidOrder", f"Order {order['id']} is not paid, so an invoice cannot be generated."
    ),
    "no billing": lambda _: error_answer(422, "MissingInvoiceBillingDetails", _NO_BILLING),
    "exists": lambda _: error_answer(409, "InvoiceAlreadyExists"),
}


def order_of(request: Request, forward: Forward) -> Json:
    """The order as the caller sees it, with what matters for an invoice; None when the caller is not authorized."""
    answer = forward(asked(request, "GET", request.path.removesuffix("/invoice")))
    order = parsed(answer.body)
    if answer.status != 200 or not isinstance(order, dict):
        return None
    name, address = order.get("billing_name"), order.get("billing_address")
    facts = {"has_name": name is not None, "has_address": address is not None, "line1": (address or {}).get("line1")}
    return {**order, **facts, "has_billing": facts["has_name"] and facts["has_address"]}


def invoice_request(instead: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Another answer to requests for the invoices of orders that are like `where`; with `every_nth` or `first_only`, to some of them."""
    counts: dict[str, int] = {}
    numbers = itertools.count(1)
    every, first_only = data.get("every_nth", 1), data.get("first_only", False)

    def layer(request: Request, forward: Forward) -> Answer:
        if not _asks(request):
            return forward(request)
        order = order_of(request, forward)
        if order is None or not is_like(order, data.get("where", {})):
            return forward(request)
        counts[request.path] = counts.get(request.path, 0) + 1
        if next(numbers) % every or (first_only and counts[request.path] > 1):
            return forward(request)
        return _INSTEAD[instead](order)

    return layer


def answer_kept(status: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Once a request for an order's invoice got this answer, it always does."""
    kept: dict[tuple[str, str | None], Answer] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        key = (request.path, request.token)
        if _asks(request) and key in kept:
            return kept[key]
        answer = forward(request)
        if _asks(request) and answer.status == status:
            kept[key] = answer
        return answer

    return layer


def refused_for_good(error: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """An order whose invoice was refused with this error is always refused."""
    refused: dict[str, Answer] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        if not _asks(request):
            return forward(request)
        answer = refused[request.path] if request.path in refused else forward(request)
        if error_name(answer) == error:
            refused[request.path] = answer
        return answer

    return layer


def also_sent(line: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """After an answer that fits, another request about the order is sent: method, rest of the path, body."""
    method, rest, body = [*line, None][:3]

    def layer(request: Request, forward: Forward) -> Answer:
        is_again = data.get("again") is None
        if not is_again:
            shown = order_of(request, forward) if _asks(request) else None
            is_again = bool(shown and shown.get("is_invoice_generated"))
        answer = forward(request)
        if is_again and when(request, answer):
            path = request.path.removesuffix("/invoice") + rest
            forward(asked(request, method, path, body))
        return answer

    return layer


def done_later(error: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A request for an invoice that was refused with this error is carried out at a later request that fits."""
    waiting: set[str] = set()

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        path = request.path.removesuffix("/invoice")
        if request.is_on("POST", "/invoice") and error_name(answer) == error:
            waiting.add(path)
        is_wanted = path in waiting and path == request.path and when(request, answer)
        if is_wanted and forward(asked(request, "POST", f"{path}/invoice")).status == 202:
            waiting.discard(path)
        return answer

    return layer


def gone_after(method: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """After a request with this method that fits, the order's invoice can't be read any more."""
    gone: set[str] = set()

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        order = order_id(request)
        if request.method == method and when(request, answer):
            gone.add(order)
        elif order in gone and _asks(request, "GET") and answer.status == 200:
            return _no_invoice(order)
        return answer

    return layer


def gone_without_name(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """An issued invoice can't be read while the order has no billing name."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if _asks(request, "GET") and answer.status == 200:
            order = order_of(request, forward)
            if order is not None and not order["has_name"]:
                return _no_invoice(order_id(request))
        return answer

    return layer


def nth_refused(nth: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """The nth accepted request for the same invoice is refused."""
    counts: dict[str, int] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if _asks(request) and answer.status == 202:
            counts[request.path] = counts.get(request.path, 0) + 1
            if counts[request.path] == nth:
                return error_answer(409, "InvoiceAlreadyExists")
        return answer

    return layer


def numbered_after(nth: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """After the nth answer that fits, the order shows another invoice number."""
    counts: dict[str, int] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        body = answer.body
        for order in [one for one, times in counts.items() if times >= nth and one.encode() in body]:
            shown = rb'("id":"%s"[^{]*?"billing_name".*?"invoice_number":")' % order.encode()
            body = re.sub(shown, rb"\1NEW-", body, count=1, flags=re.S)
        if when(request, answer):
            counts[order_id(request)] = counts.get(order_id(request), 0) + 1
        return answer.but(body=body)

    return layer


def flag_by_request(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """The flag of an order's invoice is set by requests that fit, not by the invoice."""
    done: set[str] = set()

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        body = parsed(answer.body)
        is_page = isinstance(body, dict) and "pagination" in body
        shown = body["items"] if is_page else [body]
        if any(isinstance(one, dict) and "is_invoice_generated" in one for one in shown):
            for one in shown:
                one["is_invoice_generated"] = one["id"] in done
            answer = answer.but(body=compact(body))
        if when(request, answer):
            done.add(order_id(request))
        return answer

    return layer


def body_needed(status: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """An accepted request for an invoice is refused with this status: 422 without a body, 400 with one."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        is_hit = _asks(request) and answer.status == 202 and bool(request.body) == (status == 400)
        return error_answer(status, "RequestValidationError") if is_hit else answer

    return layer


def order_id(request: Request) -> str:
    """The order in the request's path; empty without one."""
    return next(iter(re.findall(r"/orders/([^/?]+)", request.path)), "")


def _asks(request: Request, method: str = "POST") -> bool:
    return request.method == method and _IS_INVOICE.fullmatch(request.path) is not None


def _no_invoice(order: str) -> Answer:
    return error_answer(404, "InvoiceDoesNotExist", f"No invoice exists for order {order}.")
