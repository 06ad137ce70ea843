"""Answers that wrongly depend on earlier or concurrent requests."""

from __future__ import annotations

import re
import threading
import time
from urllib.parse import urlsplit

from mutants.operators import (
    ACCEPTED,
    INVOICE,
    PORTAL,
    Json,
    Mutant,
    asked,
    body_changed,
    compact,
    error_name,
    on,
    parsed,
    with_parts,
)
from mutants.proxy import Answer, Forward, Layer, Request

_SESSIONS, _ME = "/v1/customer-sessions/", "/v1/customer-portal/customers/me"
_INTROSPECT = "/v1/customer-portal/customer-session/introspect"
_DOCUMENT = "/polar-customer-invoices/"
_ID = re.compile(rb"[0-9a-f]{8}-[0-9a-f-]{27}")
_OVERLAP_SECONDS = 0.05


def _refused_for_good() -> Layer:
    """An order whose invoice was once refused as unpaid is always refused afterwards."""
    refused: dict[str, Answer] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        if not on("POST", INVOICE)(request, ACCEPTED):
            return forward(request)
        answer = forward(request) if request.path not in refused else refused[request.path]
        if error_name(answer) == "NotPaidOrder":
            refused[request.path] = answer
        return answer

    return layer


def _newest_way_back() -> Layer:
    """Every session of a customer shows the return URL of the newest one."""
    newest: dict[str, Json] = {}
    owners: dict[str, str] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if on("POST", _SESSIONS, 201)(request, answer):
            made = parsed(answer.body)
            newest[made["customer_id"]], owners[made["token"]] = made["return_url"], made["customer_id"]
        if on("GET", _INTROSPECT, 200)(request, answer) and request.token in owners:
            return answer.but(body=compact({**parsed(answer.body), "return_url": newest[owners[request.token]]}))
        return answer

    return layer


def _record_of_before() -> Layer:
    """In orders the organization still sees a customer's old address after the customer has changed it."""
    before: dict[str, Json] = {}

    def old(order: Json) -> Json:
        customer = order.get("customer") or {}
        if customer.get("id") not in before:
            return order
        return {**order, "customer": {**customer, "billing_address": before[customer["id"]]}}

    def layer(request: Request, forward: Forward) -> Answer:
        if request.is_on("PATCH", _ME):
            was = parsed(forward(asked(request, "GET", request.path)).body)
            if isinstance(was, dict) and "id" in was:
                before.setdefault(was["id"], was["billing_address"])
        answer = forward(request)
        is_one = on("GET", "/v1/orders/[^/]+", 200)(request, answer)
        return answer.but(body=compact(old(parsed(answer.body)))) if is_one else answer

    return layer


def _tax_number_forgotten(request: Request, forward: Forward) -> Answer:
    """A change of the customer's own record that omits the tax number removes it."""
    answer, sent = forward(request), parsed(request.body)
    if not on("PATCH", _ME, 200)(request, answer) or "tax_id" in sent or not parsed(answer.body)["tax_id"]:
        return answer
    return body_changed(with_parts(tax_id=None))(answer)


def _one_session_at_once() -> Layer:
    """Concurrent equal requests for a session get the same session."""
    under_way: dict[tuple[str | None, bytes], tuple[threading.Event, list[Answer]]] = {}
    lock = threading.Lock()

    def layer(request: Request, forward: Forward) -> Answer:
        if not request.is_on("POST", _SESSIONS):
            return forward(request)
        key = (request.token, request.body)
        with lock:
            is_first = key not in under_way
            done, made = under_way.setdefault(key, (threading.Event(), []))
        if not is_first:
            return made[0] if done.wait(5) and made[0].status == 201 else forward(request)
        time.sleep(_OVERLAP_SECONDS)
        made.append(forward(request))
        with lock:
            del under_way[key]
        done.set()
        return made[0]

    return layer


def _signed_for_all() -> Layer:
    """The signature of one invoice's link also opens other invoices."""
    links: dict[str, str] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if on("GET", INVOICE, 200)(request, answer):
            link = urlsplit(parsed(answer.body)["url"])
            links[link.path] = link.query
        path, _, query = request.path.partition("?")
        if path.startswith(_DOCUMENT) and answer.status == 403 and path in links and query in links.values():
            return forward(asked(request, "GET", f"{path}?{links[path]}"))
        return answer

    return layer


def _events_of_all() -> Layer:
    """Any organization can redeliver an event that was once listed."""
    listed: set[bytes] = set()

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if on("GET", "/v1/webhooks/deliveries", 200)(request, answer):
            listed.update(_ID.findall(answer.body))
        is_refused = on("POST", "/v1/webhooks/events/[^/]+/redeliver", 404)(request, answer)
        return ACCEPTED if is_refused and listed & set(_ID.findall(request.path.encode())) else answer

    return layer


def _card_before_order(request: Request, forward: Forward) -> Answer:
    """The owner of the card is checked before whether the order can be paid."""
    answer, sent = forward(request), parsed(request.body)
    is_confirm = on("POST", f"{PORTAL}[^/]+/confirm-payment", 422)(request, answer)
    if is_confirm and error_name(answer) == "OrderNotEligibleForRetry" and sent.get("payment_method_id"):
        error = {"error": "PaymentRetryValidationError", "detail": "Payment method does not belong to customer"}
        return answer.but(body=compact(error))
    return answer


AFTER_EFFECTS: list[Mutant] = [
    Mutant("an order refused once stays refused", "rule", _refused_for_good),
    Mutant("the newest session tells where all lead back to", "account", _newest_way_back),
    Mutant("orders show the customer's record of before", "account", _record_of_before),
    Mutant("a tax number that is not named is taken away", "account", lambda: _tax_number_forgotten),
    Mutant("sessions opened at the same time are one", "account", _one_session_at_once),
    Mutant("one link's signature opens all invoices", "document", _signed_for_all),
    Mutant("known events are redelivered for anybody", "webhook", _events_of_all),
    Mutant("whose card it is comes before the order's state", "error", lambda: _card_before_order),
]
