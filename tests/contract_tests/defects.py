"""Planted defects: single faults, each applied in front of the good mock, that the judge has to catch."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from mutants.proxy import Answer, Forward, Layer, Request

CALLED_FOR = "The answer is the one that the request calls for"
_JSON = {"content-type": "application/json"}
_INVOICE = "/invoice"
_UUID = re.compile(r"/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(/|$|\?)")


def _accepted() -> Answer:
    return Answer(202, _JSON, b"null")


def on_portal_invoice_request(change: Callable[[Answer], Answer]) -> Layer:
    """A defect in answers to POST of an invoice."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        return change(answer) if request.is_on("POST", _INVOICE) else answer

    return layer


def _replacing(old: bytes, new: bytes) -> Callable[[Answer], Answer]:
    return lambda answer: answer.but(body=answer.body.replace(old, new))


def _with_status(old: int, new: int) -> Callable[[Answer], Answer]:
    return lambda answer: answer.but(status=new) if answer.status == old else answer


def _swapped_errors(answer: Answer) -> Answer:
    names = {b"NotPaidOrder": b"MissingInvoiceBillingDetails", b"MissingInvoiceBillingDetails": b"NotPaidOrder"}
    return answer.but(body=re.sub(b"|".join(names), lambda found: names[found.group()], answer.body))


def _emptied(answer: Answer) -> Answer:
    return answer.but(body=b"") if answer.status == 202 else answer


def _unpaid_is_accepted(answer: Answer) -> Answer:
    return _accepted() if b"NotPaidOrder" in answer.body else answer


def _missing_billing_is_accepted(answer: Answer) -> Answer:
    return _accepted() if b"MissingInvoiceBillingDetails" in answer.body else answer


def second_request_tells_again(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    if request.is_on("POST", _INVOICE) and answer.status == 202:
        order = request.path.removesuffix(_INVOICE)
        read = Request("GET", order, {**request.headers, "content-length": "0"}, b"")
        if b'"is_invoice_generated":true' in forward(read).body:
            forward(Request("PATCH", order, {**request.headers, **_JSON, "content-length": "2"}, b"{}"))
    return answer


def nobody_is_asked_for_a_token(request: Request, forward: Forward) -> Answer:
    if request.method == "GET" and request.token is None and request.path.startswith("/v1/customer-portal/orders/"):
        return Answer(200, _JSON, b'{"items":[],"pagination":{"total_count":0,"max_page":0}}')
    return forward(request)


def malformed_ids_are_not_found(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    if (
        answer.status == 422
        and request.method == "GET"
        and not _UUID.search(request.path)
        and b'"path","id"' in answer.body
    ):
        return Answer(404, _JSON, b'{"error":"ResourceNotFound","detail":"Not found"}')
    return answer


def now_and_then_a_500() -> Layer:
    numbers = itertools.count(1)

    def layer(request: Request, forward: Forward) -> Answer:
        if request.path.startswith("/v1/") and next(numbers) % 97 == 0:
            return Answer(500, {"content-type": "text/plain"}, b"Internal Server Error")
        return forward(request)

    return layer


def patch_forgets(request: Request, forward: Forward) -> Answer:
    """PATCH answers as if it had worked, and nothing is stored."""
    if request.method == "PATCH" and "/customer-portal/orders/" in request.path and b"billing_name" in request.body:
        answer = forward(Request("GET", request.path, {**request.headers, "content-length": "0"}, b""))
        if answer.status == 200:
            try:
                changed = json.loads(answer.body) | json.loads(request.body)
            except ValueError:
                return forward(request)
            return answer.but(body=json.dumps(changed).encode())
    return forward(request)


def invoice_changes_with_the_order() -> Layer:
    numbers = itertools.count(1)

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if answer.body.startswith(b"%PDF-"):
            return answer.but(body=answer.body + b"\n%%%d" % next(numbers))
        return answer

    return layer


def other_customers_orders_are_forbidden(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    is_order = request.method == "GET" and "/customer-portal/orders/" in request.path
    if is_order and answer.status == 404 and b"ResourceNotFound" in answer.body:
        return Answer(403, _JSON, b'{"error":"NotPermitted","detail":"Not yours"}')
    return answer


def a_required_field_is_missing(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    if request.is_on("GET", "/customer-portal/orders/") and answer.status == 200:
        return answer.but(body=answer.body.replace(b'"max_page"', b'"pages"'))
    return answer


@dataclass(frozen=True, slots=True)
class Defect:
    """A layer, and the finding that it has to bring about: the rule, and the end of the operation's id."""

    layer: Layer
    rule: str = CALLED_FOR
    operation: str = "orders:generate_invoice"


DEFECTS = {
    "200 instead of 202": Defect(on_portal_invoice_request(_with_status(202, 200))),
    "400 instead of 422": Defect(on_portal_invoice_request(_with_status(422, 400))),
    "a wrong error name": Defect(on_portal_invoice_request(_replacing(b"NotPaidOrder", b"OrderNotPaid"))),
    "two errors swapped": Defect(on_portal_invoice_request(_swapped_errors)),
    "unpaid accepted": Defect(on_portal_invoice_request(_unpaid_is_accepted)),
    "missing billing accepted": Defect(on_portal_invoice_request(_missing_billing_is_accepted)),
    "an empty 202": Defect(on_portal_invoice_request(_emptied), "A JSON answer is JSON"),
    "HTML instead of JSON": Defect(
        on_portal_invoice_request(lambda answer: answer.but(headers={"content-type": "text/html"})),
        "The content type is documented",
    ),
    "the second request is told again": Defect(
        second_request_tells_again, "An invoice is announced once, by one order.updated", "orders:get"
    ),
    "no token needed": Defect(nobody_is_asked_for_a_token, operation="orders:get"),
    "404 for malformed ids": Defect(malformed_ids_are_not_found, operation="orders:get"),
    "a 500 now and then": Defect(now_and_then_a_500(), "No request makes the server fail", ""),
    "PATCH forgets": Defect(patch_forgets, operation=""),
    "the invoice changes": Defect(
        invoice_changes_with_the_order(), "An issued invoice never changes", "orders:invoice"
    ),
    "403 for other customers' orders": Defect(other_customers_orders_are_forbidden, operation="orders:get"),
    "a required field is missing": Defect(
        a_required_field_is_missing, "The body has its documented shape", "orders:list"
    ),
}
