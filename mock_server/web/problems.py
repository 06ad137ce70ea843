"""The one table from errors to responses: the exact status, body and headers of each error.

Bodies come in the service's three forms: `{error, detail}`, validation items, and the OAuth pair, which alone is
written with blanks. Source: observed on the service, April 2026.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from mock_server.contract.errors import BodySyntaxInvalid, BodyUnreadable, RequestInvalid
from mock_server.domain.errors import (
    BillingDetailsMissing,
    CallerGone,
    EndpointUnknown,
    EventUnknown,
    FieldRefusal,
    InputRefused,
    InvoiceNotIssued,
    OrderNotPaid,
    OrderNotRetriable,
    OrderUnknown,
    PaymentMethodForeign,
    PaymentUnderWay,
    RetriesUsedUp,
    RoleRefused,
    TooManyRequests,
)
from mock_server.views.basics import compact
from mock_server.web.exchange import JSON_TYPE, TOO_LARGE, Answer
from polar_contract.json_types import JsonObject, JsonValue

_REALM = 'Bearer realm="polar"'
_INVALID_TOKEN = "The access token provided is expired, revoked, malformed, or invalid for other reasons."  # noqa: S105
_INSUFFICIENT_SCOPE = "The request requires higher privileges than provided by the access token."
_NOT_CACHED = (("Cache-Control", "no-store"), ("Pragma", "no-cache"))


def named(status: int, error: str, detail: JsonValue) -> Answer:
    return Answer(status, compact({"error": error, "detail": detail}))


def framework(status: int, detail: str) -> Answer:
    """The framework's own form, without `error`: unknown routes, wrong methods, unreadable bodies."""
    return Answer(status, compact({"detail": detail}))


UNAUTHORIZED = named(401, "Unauthorized", "Unauthorized").with_headers(("WWW-Authenticate", _REALM))
ROUTE_UNKNOWN = framework(404, "Not Found")
BODY_UNREADABLE = framework(400, "There was an error parsing the body")
SERVER_STOPS = named(503, "ServiceUnavailable", "The server is stopping.")
_NOT_FOUND = named(404, "ResourceNotFound", "Not found")


def _oauth(error: str, description: str, parameters: str = "") -> Answer:
    body = f'{{"error": "{error}", "error_description": "{description}"}}'.encode()
    challenge = f'{_REALM}, {parameters}error="{error}", error_description="{description}"'
    status = 401 if error == "invalid_token" else 403
    return Answer(status, body, (JSON_TYPE, *_NOT_CACHED, ("WWW-Authenticate", challenge)))


TOKEN_INVALID = _oauth("invalid_token", _INVALID_TOKEN)


def insufficient_scope(scopes: Iterable[str]) -> Answer:
    return _oauth("insufficient_scope", _INSUFFICIENT_SCOPE, f'scope="{" ".join(scopes)}", ')


def method_refused(allow: str) -> Answer:
    return framework(405, "Method Not Allowed").with_headers(("Allow", allow))


def redirected(location: str) -> Answer:
    return Answer(307, b"", (("Location", location),))


def body_too_large(limit_bytes: int) -> Answer:
    return named(TOO_LARGE, "RequestBodyTooLarge", f"The request body is larger than {limit_bytes} bytes.")


def body_too_late(seconds: float) -> Answer:
    """The mock's own wording: that of the service is unknown."""
    return named(408, "RequestTimeout", f"The request body did not arrive within {seconds:g} seconds.")


def validation(error: str, items: Iterable[JsonObject]) -> Answer:
    return named(422, error, list(items))


def _refused_field(refusal: FieldRefusal) -> JsonObject:
    return {"type": refusal.kind, "loc": list(refusal.field), "msg": refusal.message, "input": _as_json(refusal.sent)}


def _as_json(value: object) -> JsonValue:
    return value if value is None or isinstance(value, str | int | float | bool | dict | list) else str(value)


def _not_paid(error: OrderNotPaid) -> Answer:
    return named(422, "NotPaidOrder", f"Order {error.order_id} is not paid, so an invoice cannot be generated.")


def _billing_missing(_: BillingDetailsMissing) -> Answer:
    detail = "Billing name and address are required to generate an invoice for this order."
    return named(422, "MissingInvoiceBillingDetails", detail)


_PROBLEMS: Mapping[type[Exception], Callable[..., Answer]] = {
    OrderUnknown: lambda _: _NOT_FOUND,
    CallerGone: lambda _: TOKEN_INVALID,
    EndpointUnknown: lambda _: _NOT_FOUND,
    EventUnknown: lambda _: _NOT_FOUND,
    OrderNotPaid: _not_paid,
    BillingDetailsMissing: _billing_missing,
    InvoiceNotIssued: lambda e: named(404, "InvoiceDoesNotExist", f"No invoice exists for order {e.order_id}."),
    OrderNotRetriable: lambda e: named(
        422, "OrderNotEligibleForRetry", f"Order {e.order_id} is not eligible for payment retry."
    ),
    PaymentUnderWay: lambda e: named(
        409, "PaymentAlreadyInProgress", f"Payment for order {e.order_id} is already in progress"
    ),
    RetriesUsedUp: lambda e: named(
        429,
        "ManualRetryLimitExceeded",
        f"Maximum number of manual payment retry attempts has been reached for order {e.order_id}.",
    ),
    PaymentMethodForeign: lambda _: named(
        422, "PaymentRetryValidationError", "Payment method does not belong to customer"
    ),
    InputRefused: lambda e: validation("PolarRequestValidationError", map(_refused_field, e.refusals)),
    RoleRefused: lambda _: named(403, "NotPermitted", "Only owners and billing managers can access billing features."),
    # No body and no content type. Source: observed on the service, April 2026.
    TooManyRequests: lambda e: Answer(429, b"", (("Retry-After", f"{e.window.total_seconds():.0f}"),)),
    RequestInvalid: lambda e: validation("RequestValidationError", e.items),
    BodySyntaxInvalid: lambda e: validation("RequestValidationError", [e.item]),
    BodyUnreadable: lambda _: BODY_UNREADABLE,
}
REFUSALS = tuple(_PROBLEMS)


def answer_to(error: Exception) -> Answer:
    """The answer to one of `REFUSALS`."""
    return _PROBLEMS[type(error)](error)
