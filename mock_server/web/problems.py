"""The one table from errors to responses: the exact status, body and headers of each error, by the rules of a revision.

Bodies come in the service's three forms: `{error, detail}`, validation items, and the OAuth pair, which alone is
written with blanks. Source: observed on the service, April 2026.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mock_server.contract.errors import BodySyntaxInvalid, BodyUnreadable, RequestInvalid
from mock_server.domain.errors import (
    BillingDetailsMissing,
    CallerGone,
    ChargingSwitchedOff,
    EndpointUnknown,
    EventUnknown,
    FieldRefusal,
    InputRefused,
    InvoiceNotIssued,
    OrderIneligible,
    OrderNotDraft,
    OrderNotRetriable,
    OrderUnknown,
    OrganizationNotReady,
    PaymentActionRequired,
    PaymentFailed,
    PaymentMethodForeign,
    PaymentUnderWay,
    ReceiptNotAllocated,
    RetriesUsedUp,
    RoleRefused,
    TooManyRequests,
)
from mock_server.views.basics import compact
from mock_server.web.exchange import JSON_TYPE, Answer
from polar_contract.behaviour import ErrorRules, Refusal
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


ROUTE_UNKNOWN = framework(404, "Not Found")
BODY_UNREADABLE = framework(400, "There was an error parsing the body")
SERVER_STOPS = named(503, "ServiceUnavailable", "The server is stopping.")


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


def body_too_late(seconds: float) -> Answer:
    """The mock's own wording: that of the service is unknown."""
    return named(408, "RequestTimeout", f"The request body did not arrive within {seconds:g} seconds.")


def validation(error: str, items: Iterable[JsonObject]) -> Answer:
    return named(422, error, list(items))


def _refused_field(refusal: FieldRefusal) -> JsonObject:
    return {"type": refusal.kind, "loc": list(refusal.field), "msg": refusal.message, "input": _as_json(refusal.sent)}


def _as_json(value: object) -> JsonValue:
    return value if value is None or isinstance(value, str | int | float | bool | dict | list) else str(value)


class Problems:
    """The responses to errors, by one revision's rules. Those without facts of the request are built once."""

    def __init__(self, rules: ErrorRules) -> None:
        self.rules = rules
        self._bodies = {refusal: _body_template(refusal) for refusal in rules}
        self.unauthorized = self.refused(rules.unauthorized).with_headers(("WWW-Authenticate", _REALM))
        self.not_found = self.refused(rules.not_found)
        self.length_required = self.refused(rules.length_required)

    def body_too_large(self, limit_bytes: int) -> Answer:
        return self.refused(self.rules.body_too_large, limit_bytes=limit_bytes)

    def refused(self, refusal: Refusal, **facts: object) -> Answer:
        """The response of one of the rules, with the facts that its text may name: ids, statuses and numbers."""
        return Answer(refusal.status, self._bodies[refusal].format(**facts).encode())

    def answer_to(self, error: Exception) -> Answer:
        """The answer to one of `REFUSALS`."""
        return _PROBLEMS[type(error)](error, self)


def _body_template(refusal: Refusal) -> str:
    """The body with the facts still in braces. They are inserted as they are, because none of them needs escaping in JSON."""
    error = compact(refusal.error).decode().replace("{", "{{").replace("}", "}}")
    return f'{{{{"error":{error},"detail":{compact(refusal.detail).decode()}}}}}'


def _about_order(own: Problems, refusal: Refusal, error: Any) -> Answer:
    return own.refused(refusal, order_id=error.order_id)


_PROBLEMS: Mapping[type[Exception], Callable[[Any, Problems], Answer]] = {
    OrderUnknown: lambda _, own: own.not_found,
    CallerGone: lambda _, __: TOKEN_INVALID,
    EndpointUnknown: lambda _, own: own.not_found,
    EventUnknown: lambda _, own: own.not_found,
    OrderIneligible: lambda e, own: own.refused(own.rules.invoice_refused, order_id=e.order_id, order_status=e.status),
    BillingDetailsMissing: lambda e, own: _about_order(own, own.rules.billing_details_missing, e),
    InvoiceNotIssued: lambda e, own: _about_order(own, own.rules.invoice_not_issued, e),
    ReceiptNotAllocated: lambda e, own: _about_order(own, own.rules.receipt_not_issued, e),
    OrderNotDraft: lambda e, own: own.refused(own.rules.order_not_draft, order_id=e.order_id, order_status=e.status),
    ChargingSwitchedOff: lambda _, own: own.refused(own.rules.charging_switched_off),
    OrganizationNotReady: lambda _, own: own.refused(own.rules.organization_not_ready),
    PaymentFailed: lambda e, own: _about_order(own, own.rules.payment_failed, e),
    PaymentActionRequired: lambda e, own: _about_order(own, own.rules.payment_action_required, e),
    OrderNotRetriable: lambda e, own: _about_order(own, own.rules.payment_not_retriable, e),
    PaymentUnderWay: lambda e, own: _about_order(own, own.rules.payment_under_way, e),
    RetriesUsedUp: lambda e, own: _about_order(own, own.rules.payment_retries_used_up, e),
    PaymentMethodForeign: lambda _, own: own.refused(own.rules.payment_method_foreign),
    InputRefused: lambda e, _: validation("PolarRequestValidationError", map(_refused_field, e.refusals)),
    RoleRefused: lambda _, own: own.refused(own.rules.role_refused),
    # No body and no content type. Source: observed on the service, April 2026.
    TooManyRequests: lambda e, _: Answer(429, b"", (("Retry-After", f"{e.window.total_seconds():.0f}"),)),
    RequestInvalid: lambda e, _: validation("RequestValidationError", e.items),
    BodySyntaxInvalid: lambda e, _: validation("RequestValidationError", [e.item]),
    BodyUnreadable: lambda _, __: BODY_UNREADABLE,
}
REFUSALS = tuple(_PROBLEMS)
