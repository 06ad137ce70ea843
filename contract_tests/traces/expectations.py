"""Which answers a request may get, in the service's order of checks. Pure; an independent reading of the rules.

Source of the order and of all names: observed on the service, April 2026.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from contract_tests.exchanges import Exchange
from contract_tests.operations import OPEN_TO_EVERY_ROLE, Operation
from contract_tests.traces import request_reader
from contract_tests.traces.observed_state import KnownOrder, KnownToken, ObservedState, TokenKind

_SESSION_SCOPES = frozenset({"customer_portal:read", "customer_portal:write"})
# Answers that do not depend on what is asked: limits of size and pace.
_ALWAYS = frozenset({413, 429})
# Answers of checks that a request has passed before its operation is asked.
_EARLIER = frozenset({400, 401, 403, 413})
# Which sorting each list takes.
_PORTAL_SORTING = ("created_at", "amount", "net_amount", "product", "subscription")
_ORGANIZATION_SORTING = (
    *("created_at", "status", "invoice_number", "amount", "net_amount"),
    *("customer", "product", "discount", "subscription"),
)
SORTINGS: Mapping[str, Sequence[str]] = {
    "customer_portal:orders:list": _PORTAL_SORTING,
    "orders:list": _ORGANIZATION_SORTING,
}


@dataclass(frozen=True, slots=True)
class Expected:
    """One possible answer: a status, and its error name where it has one."""

    status: int
    error: str | None = None

    def __str__(self) -> str:
        return f"{self.status} {self.error or ''}".rstrip()


UNAUTHORIZED, TOKEN_INVALID = Expected(401, "Unauthorized"), Expected(401, "invalid_token")
NO_SCOPE, NO_ROLE = Expected(403, "insufficient_scope"), Expected(403, "NotPermitted")
INVALID, REFUSED = Expected(422, "RequestValidationError"), Expected(422, "PolarRequestValidationError")
NOT_FOUND = Expected(404, "ResourceNotFound")
NOT_PAID = Expected(422, "NotPaidOrder")
NO_BILLING = Expected(422, "MissingInvoiceBillingDetails")
NO_INVOICE = Expected(404, "InvoiceDoesNotExist")


def expected_answers(exchange: Exchange, operation: Operation, observed_state: ObservedState) -> list[Expected]:
    """Every answer that the rules allow; an empty list where nothing can be said."""
    if exchange.status in _ALWAYS:
        return []
    if exchange.hides_caller:
        return list(_whoever_asks(exchange, operation, observed_state))
    text = request_reader.bearer(exchange)
    token = observed_state.token(text) if text is not None else None
    if text is not None and (token is None or token.is_expired):
        return [TOKEN_INVALID] if observed_state.is_complete else []
    sent = request_reader.body(exchange) if operation.has_body else request_reader.Body()
    if sent.is_broken:
        return [INVALID, Expected(400)] if token is not None or text is None else []
    refusal = _refusal_of_caller(operation, token)
    # A token may have expired since it was good.
    doubts = [] if token is None or observed_state.is_complete else [TOKEN_INVALID]
    if refusal is not None:
        return [refusal, *doubts]
    return [*doubts, *_after_authentication(exchange, operation, observed_state, sent=sent, token=token)]


def _whoever_asks(exchange: Exchange, operation: Operation, observed_state: ObservedState) -> Iterator[Expected]:
    """What any caller may get: kind, scope, role and ownership are not known."""
    yield from (UNAUTHORIZED, TOKEN_INVALID)
    sent = request_reader.body(exchange) if operation.has_body else request_reader.Body()
    if sent.is_broken:
        yield from (INVALID, Expected(400))
        return
    yield from (NO_SCOPE, NO_ROLE)
    validity = _is_valid(exchange, operation, sent)
    if validity is not True:
        yield INVALID
    if validity is not False:
        order = _order(exchange, operation, observed_state)
        if operation.is_about_order:
            yield NOT_FOUND
        yield from _of_operation(operation, order or KnownOrder(), is_known=order is not None)


def _refusal_of_caller(operation: Operation, token: KnownToken | None) -> Expected | None:
    """Kind, scope and role, in this order."""
    if token is None or token.kind not in operation.schemes:
        return UNAUTHORIZED
    scopes = token.scopes if token.kind is TokenKind.ORGANIZATION else token.scopes or _SESSION_SCOPES
    if scopes is not None and operation.scopes.isdisjoint(scopes):
        return NO_SCOPE
    if token.role == "member" and operation.id not in OPEN_TO_EVERY_ROLE:
        return NO_ROLE
    return None


def _after_authentication(
    exchange: Exchange,
    operation: Operation,
    observed_state: ObservedState,
    *,
    sent: request_reader.Body,
    token: KnownToken | None,
) -> Iterator[Expected]:
    if token is not None and token.scopes is None and not observed_state.is_complete:
        yield NO_SCOPE
    if token is not None and token.role is None and token.kind is TokenKind.MEMBER:
        yield NO_ROLE
    validity = _is_valid(exchange, operation, sent)
    if validity is not True:
        yield INVALID
    if validity is not False:
        yield from _of_known(exchange, operation, observed_state, token)


def _is_valid(exchange: Exchange, operation: Operation, sent: request_reader.Body) -> bool | None:
    """Whether id, query and body have the form that they need; None where this can't be told from outside."""
    if operation.has_id and request_reader.canonical_id(exchange, operation) is None:
        return False
    parameters = request_reader.query(exchange)
    for name in ("page", "limit"):
        if name in parameters and operation.is_list and not _is_positive(parameters[name][-1]):
            return False
    sortings = SORTINGS.get(operation.id)
    if sortings and any(text.removeprefix("-") not in sortings for text in parameters.get("sorting", [])):
        return False
    if operation.has_body and (sent.is_absent or not sent.is_json or not isinstance(sent.value, dict)):
        return False
    is_plain = set(parameters) <= {"page", "limit", "sorting"} and not (operation.has_body and sent.value)
    # A page far away made the service fail; where it begins to is not known.
    is_near = all(len(text) < 10 for text in parameters.get("page", []))
    return True if is_plain and is_near else None


def _is_positive(text: str) -> bool:
    """Whether text is a positive integer as the service reads one."""
    digits = text.strip().removeprefix("+").replace("_", "")
    whole, _, fraction = digits.partition(".")
    return whole.isdecimal() and int(whole) > 0 and set(fraction) <= {"0"}


def _of_known(
    exchange: Exchange, operation: Operation, observed_state: ObservedState, token: KnownToken | None
) -> Iterator[Expected]:
    order = _order(exchange, operation, observed_state)
    if operation.is_about_order:
        if order is None:
            yield NOT_FOUND
            if observed_state.is_complete:
                return
        elif not _belongs(order, token, operation):
            yield NOT_FOUND
            return
        elif order.world is None:
            # Seen with another token, perhaps: whether this one may see it is not known.
            yield from () if _was_seen_by(order, token) else (NOT_FOUND,)
    yield from _of_operation(operation, order or KnownOrder(), is_known=order is not None)


def _order(exchange: Exchange, operation: Operation, observed_state: ObservedState) -> KnownOrder | None:
    identifier = request_reader.canonical_id(exchange, operation) if operation.is_about_order else None
    return observed_state.orders.get(identifier) if identifier is not None else None


def _belongs(order: KnownOrder, token: KnownToken | None, operation: Operation) -> bool:
    """Whether the order may be this caller's; what is not known does not speak against it."""
    if token is None or (order.world and token.world and order.world != token.world):
        return False
    both_known = operation.is_portal and order.customer_id is not None and token.customer_id is not None
    return not both_known or order.customer_id == token.customer_id


def _was_seen_by(order: KnownOrder, token: KnownToken | None) -> bool:
    return token is not None and token.customer_id is not None and order.customer_id == token.customer_id


def _of_operation(operation: Operation, order: KnownOrder, *, is_known: bool) -> Iterator[Expected]:
    """The answers of the operation itself, once everything before it has passed."""
    match operation.id.rpartition(":")[2]:
        case "generate_invoice":
            yield from _of_invoice_request(order)
        case "invoice":
            if order.is_invoiced is not False:
                yield Expected(200)
            if order.is_invoiced is not True:
                yield NO_INVOICE
        case "list" | "get" | "get_payment_status":
            yield Expected(200)
        case _:
            # Their own rules are many; the documented answers are all that is held against them.
            earlier = _EARLIER | {404} if is_known else _EARLIER
            yield from (Expected(status) for status in operation.statuses if status not in earlier)


def _of_invoice_request(order: KnownOrder) -> Iterator[Expected]:
    """Not paid comes before billing details that are missing."""
    if order.is_paid is not True:
        yield NOT_PAID
    if order.is_paid is not False:
        if order.has_billing is not True:
            yield NO_BILLING
        if order.has_billing is not False:
            yield Expected(202)
