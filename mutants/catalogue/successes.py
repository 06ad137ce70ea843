"""Success statuses and refusals that differ from the documented ones, operation by operation."""

from __future__ import annotations

from mutants.operators import (
    INVOICE,
    LISTS,
    ORDER,
    ORGANIZATION,
    PORTAL,
    Mutant,
    changing,
    error_of,
    mutant,
    on,
    status,
)
from mutants.proxy import Answer

_ME, _SESSION = "/v1/customer-portal/customers/me", "/v1/customer-portal/customer-session/"
_ENDPOINTS, _ENDPOINT = "/v1/webhooks/endpoints", "/v1/webhooks/endpoints/[^/]+"
_PAYMENT, _CONFIRM = PORTAL + "[^/]+/payment-status", PORTAL + "[^/]+/confirm-payment"
# The request, the answer of the service, the answer of the defect.
_SUCCESSES = (
    ("orders are listed", "GET", LISTS, 200, 206),
    ("an order is read", "GET", ORDER, 200, 203),
    ("an order is changed", "PATCH", ORDER, 200, 202),
    ("an order is changed by the organization", "PATCH", ORGANIZATION + "[^/]+", 200, 201),
    ("an invoice is asked for by the organization", "POST", ORGANIZATION + "[^/]+/invoice", 202, 200),
    ("an invoice is read", "GET", INVOICE, 200, 201),
    ("a payment is looked at", "GET", _PAYMENT, 200, 202),
    ("an order is paid", "POST", _CONFIRM, 200, 201),
    ("the own record is read", "GET", _ME, 200, 206),
    ("the own record is changed", "PATCH", _ME, 200, 202),
    ("a session is looked at", "GET", _SESSION + "introspect", 200, 201),
    ("a session is asked whose it is", "GET", _SESSION + "user", 200, 201),
    ("a member's session is opened", "POST", "/v1/member-sessions/", 201, 200),
    ("endpoints are listed", "GET", _ENDPOINTS, 200, 206),
    ("an endpoint is made", "POST", _ENDPOINTS, 201, 200),
    ("an endpoint is read", "GET", _ENDPOINT, 200, 201),
    ("an endpoint is changed", "PATCH", _ENDPOINT, 200, 201),
    ("a secret is renewed", "PATCH", _ENDPOINT + "/secret", 200, 201),
    ("deliveries are listed", "GET", "/v1/webhooks/deliveries", 200, 206),
    ("an event is redelivered", "POST", "/v1/webhooks/events/[^/]+/redeliver", 202, 200),
)
_REFUSALS = (
    ("an unknown order to change", "PATCH", ORDER, 404, 403),
    ("an unknown order to bill", "POST", INVOICE, 404, 400),
    ("a missing invoice", "GET", INVOICE, 404, 409),
    ("an unknown endpoint", "GET", _ENDPOINT, 404, 410),
    ("an unknown event", "POST", "/v1/webhooks/events/[^/]+/redeliver", 404, 202),
    ("an order that can't be paid", "POST", _CONFIRM, 422, 409),
    ("a second payment meanwhile", "POST", _CONFIRM, 409, 422),
    ("one payment too many", "POST", _CONFIRM, 429, 422),
    ("a session of nobody", "POST", "/v1/customer-sessions/", 422, 404),
    ("a bad endpoint", "POST", _ENDPOINTS, 422, 400),
    ("a bad filter of deliveries", "GET", "/v1/webhooks/deliveries", 422, 200),
    ("an invalid token", "GET", LISTS, 401, 403),
    ("no token for a change", "PATCH", ORDER, 401, 403),
    ("no token for an invoice", "POST", INVOICE, 401, 404),
    ("no scope for sessions", "POST", "/v1/customer-sessions/", 403, 401),
    ("no scope for endpoints", "POST", _ENDPOINTS, 403, 401),
)


def _emptied(answer: Answer) -> Answer:
    return answer.but(status=204, body=b"")


SUCCESSES: list[Mutant] = [
    *(
        mutant("status", f"{other} instead of {good} when {what}", changing(on(method, path, good), status(other)))
        for what, method, path, good, other in _SUCCESSES
    ),
    *(
        mutant("status", f"{other} instead of {good} for {what}", changing(on(method, path, good), status(other)))
        for what, method, path, good, other in _REFUSALS
    ),
    mutant("status", "204 instead of 202 when an invoice is asked for", changing(on("POST", INVOICE, 202), _emptied)),
    mutant(
        "status", "404 for what may not be seen", changing(on("GET", ORDER, 403), error_of(404, "ResourceNotFound"))
    ),
    mutant(
        "error",
        "scope and role swapped",
        changing(on("GET", ORDER, 403, "NotPermitted"), error_of(403, "insufficient_scope")),
    ),
    mutant(
        "error",
        "a missing scope is not permitted",
        changing(on("PATCH", ORDER, 403, "insufficient_scope"), error_of(403, "NotPermitted")),
    ),
    mutant(
        "error",
        "a missing token is invalid",
        changing(on("GET", ORDER, 401, "Unauthorized"), error_of(401, "invalid_token")),
    ),
    mutant(
        "error",
        "a malformed body is a missing order",
        changing(on("PATCH", ORDER, 422), error_of(404, "ResourceNotFound")),
    ),
    mutant("error", "an unknown order is not paid", changing(on("POST", INVOICE, 404), error_of(422, "NotPaidOrder"))),
    mutant(
        "error",
        "an unpaid order is unknown",
        changing(on("POST", INVOICE, 422, "NotPaidOrder"), error_of(404, "ResourceNotFound", "Not found")),
    ),
    mutant(
        "error",
        "missing billing is a malformed request",
        changing(on("POST", INVOICE, 422, "MissingInvoiceBillingDetails"), error_of(422, "RequestValidationError")),
    ),
]
