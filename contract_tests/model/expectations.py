"""Lists the answers that a request may get, in the service's order of checks. Pure; independent of the mock server's rules.

Source of the order and of all names: observed on the service, April 2026.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from contract_tests.model.observed_state import KnownOrder, KnownToken, ObservedState, TokenKind
from contract_tests.transport import request_reader
from contract_tests.transport.exchanges import Exchange
from polar_contract.operations import OPEN_TO_EVERY_ROLE, Operation

_SESSION_SCOPES = frozenset({"customer_portal:read", "customer_portal:write"})
# Answers that do not depend on the operation: limits of body size and request rate.
_ALWAYS = frozenset({413, 429})
# Answers of checks that a request passes before its operation runs.
_EARLIER = frozenset({400, 401, 403, 413})
# The sorting keys of each list.
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
    """One possible answer: a status, and its error name if it has one."""

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
    """Every answer that the rules allow; an empty list when the answer can't be checked."""
    if exchange.status in _ALWAYS:
        return []
    if exchange.hides_caller:
        return list(_for_any_caller(exchange, operation, observed_state))
    text = request_reader.bearer(exchange)
    token = observed_state.token(text) if text is not None else None
    if text is not None and (token is None or token.is_expired):
        return [TOKEN_INVALID] if observed_state.is_complete else []
    sent = request_reader.body(exchange) if operation.has_body else request_reader.Body()
    if sent.is_broken:
        return [INVALID, Expected(400)] if token is not None or text is None else []
    refusal = _refusal_of_caller(operation, token)
    # A token that was valid may have expired since.
    uncertain = [] if token is None or observed_state.is_complete else [TOKEN_INVALID]
    if refusal is not None:
        return [refusal, *uncertain]
    return [*uncertain, *_after_authentication(exchange, operation, observed_state, sent=sent, token=token)]


def _for_any_caller(exchange: Exchange, operation: Operation, observed_state: ObservedState) -> Iterator[Expected]:
    """The answers for an unknown caller: kind, scope, role and ownership are not known."""
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
    """The refusal by kind, scope or role, in this order."""
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
    """Whether id, query and body are valid; None when this can't be determined from outside."""
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
    # Very large page numbers made the service fail; the limit is not known.
    is_close = all(len(text) < 10 for text in parameters.get("page", []))
    return True if is_plain and is_close else None


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
            # It may have been seen with another token: whether this token has access is not known.
            yield from () if _was_seen_by(order, token) else (NOT_FOUND,)
    yield from _of_operation(operation, order or KnownOrder(), is_known=order is not None)


def _order(exchange: Exchange, operation: Operation, observed_state: ObservedState) -> KnownOrder | None:
    identifier = request_reader.canonical_id(exchange, operation) if operation.is_about_order else None
    return observed_state.orders.get(identifier) if identifier is not None else None


def _belongs(order: KnownOrder, token: KnownToken | None, operation: Operation) -> bool:
    """Whether the order can be this caller's; unknown values do not count against it."""
    if token is None or (order.world and token.world and order.world != token.world):
        return False
    both_known = operation.is_portal and order.customer_id is not None and token.customer_id is not None
    return not both_known or order.customer_id == token.customer_id


def _was_seen_by(order: KnownOrder, token: KnownToken | None) -> bool:
    return token is not None and token.customer_id is not None and order.customer_id == token.customer_id


def _of_operation(operation: Operation, order: KnownOrder, *, is_known: bool) -> Iterator[Expected]:
    """The answers of the operation itself, after all earlier checks have passed."""
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
            # These operations have many rules of their own; only the documented statuses are checked here.
            earlier = _EARLIER | {404} if is_known else _EARLIER
            yield from (Expected(status) for status in operation.statuses if status not in earlier)


def _of_invoice_request(order: KnownOrder) -> Iterator[Expected]:
    """NotPaidOrder comes before MissingInvoiceBillingDetails."""
    if order.is_paid is not True:
        yield NOT_PAID
    if order.is_paid is not False:
        if order.has_billing is not True:
            yield NO_BILLING
        if order.has_billing is not False:
            yield Expected(202)
