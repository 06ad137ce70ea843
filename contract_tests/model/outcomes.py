"""The oracle: the answers that the rules of the operations allow a request, from what is known of its caller and its object. Pure.

Who is refused, who may have an invoice and which errors say so is stated here once. The stateful model, the checks of
sessions and recordings and the checks of a live account use it; the table of test cases states its expectations by
hand, and a test compares both. Limits of body size and request rate, and the router, answer before these rules.
Source of the order of checks and of all names: observed on the service, April 2026.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from contract_tests.model.addresses import changed_parts, stored_address
from contract_tests.model.known import KnownOrder, KnownState, KnownToken, Lack, TokenKind
from polar_contract.behaviour import Behaviour, Refusal
from polar_contract.json_types import JsonObject
from polar_contract.operations import OPEN_TO_EVERY_ROLE, Operation

_SESSION_SCOPES = frozenset({"customer_portal:read", "customer_portal:write"})
# Answers of checks that a request passes before its operation runs.
_EARLIER = frozenset({400, 401, 403, 411, 413})


@dataclass(frozen=True, slots=True)
class Outcome:
    """One possible answer: a status, and its error name if it has one."""

    status: int
    error: str | None = None

    def __str__(self) -> str:
        return f"{self.status} {self.error or ''}".rstrip()


TOKEN_INVALID = Outcome(401, "invalid_token")
NO_SCOPE = Outcome(403, "insufficient_scope")
# The validator's refusal, and the refusal of a well-formed request by a rule of its operation.
INVALID, REFUSED = Outcome(422, "RequestValidationError"), Outcome(422, "PolarRequestValidationError")
UNDECODABLE = Outcome(400)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the rules see it. `token`: None when none was sent; `hides_token`: a recording that does not show it.

    `object_id`: the canonical id in the path, if it is one. `is_valid`: whether the validator accepts id, query and
    body; None when this can't be determined. `is_broken`: the body is not JSON. `address`: a new billing address, as sent.
    """

    operation: Operation
    token: str | None
    hides_token: bool = False
    object_id: str | None = None
    is_valid: bool | None = None
    is_broken: bool = False
    address: JsonObject | None = None


Check = tuple[bool | None, Outcome]
"""One check of the service: whether it refuses the request (None: not known), and the answer of a refusal."""


def outcomes(request: Request, known: KnownState, behaviour: Behaviour) -> list[Outcome]:
    """Every answer that the rules allow, in the service's order of checks: one if everything relevant is known."""
    caller = Lack.UNKNOWN if request.hides_token else known.caller(request.token)
    order: KnownOrder | Lack = Lack.UNKNOWN
    has_object: bool | None = None
    if request.object_id is not None and request.operation.is_about_order:
        order = known.order(request.object_id)
    elif request.object_id is not None:
        has_object = known.has_object(request.object_id)
    access = _Access(request, caller, order, has_object, is_complete=known.is_complete)
    return _until_refused(_checks(access, behaviour), _of_operation(access, behaviour))


def invoice_outcomes(order: KnownOrder, behaviour: Behaviour) -> list[Outcome]:
    """The answers to a request for an invoice; the status counts before the billing details."""
    checks = [
        (
            None if order.status is None else order.status in behaviour.invoice.refused_statuses,
            _named(behaviour.error.invoice_refused),
        ),
        (_not(order.has_billing), _named(behaviour.error.billing_details_missing)),
    ]
    return _until_refused(checks, [Outcome(202)])


def _until_refused(checks: Iterable[Check], otherwise: Iterable[Outcome]) -> list[Outcome]:
    """The possible refusals up to the first certain one; without a certain one also the answers of a request that passes."""
    possible = []
    for refuses, outcome in checks:
        if refuses is not False:
            possible.append(outcome)
        if refuses:
            return possible
    return [*possible, *otherwise]


@dataclass(frozen=True, slots=True)
class _Access:
    """A request with what is known of its caller and its object."""

    request: Request
    caller: KnownToken | Lack
    order: KnownOrder | Lack
    has_object: bool | None
    is_complete: bool

    @property
    def has_refused_token(self) -> bool | None:
        """A token that was valid may have expired since."""
        if isinstance(self.caller, KnownToken):
            return self.caller.is_expired or (False if self.is_complete else None)
        return False if self.caller is Lack.ABSENT else None

    @property
    def is_of_wrong_kind(self) -> bool | None:
        if isinstance(self.caller, KnownToken):
            return self.caller.kind.schemes.isdisjoint(self.request.operation.schemes)
        return True if self.caller is Lack.ABSENT else None

    @property
    def lacks_scope(self) -> bool | None:
        if not isinstance(self.caller, KnownToken):
            return None
        scopes = self.caller.scopes
        if scopes is None and self.caller.kind is not TokenKind.ORGANIZATION:
            scopes = _SESSION_SCOPES
        if scopes is not None and self.request.operation.scopes.isdisjoint(scopes):
            return True
        return None if self.caller.scopes is None and not self.is_complete else False

    @property
    def lacks_role(self) -> bool | None:
        if not isinstance(self.caller, KnownToken):
            return None
        if self.caller.kind is not TokenKind.MEMBER or self.request.operation.id in OPEN_TO_EVERY_ROLE:
            return False
        return None if self.caller.role is None else self.caller.role == "member"

    @property
    def is_without_object(self) -> bool | None:
        """Whether the object of the request does not exist, or is an order that is not this caller's."""
        if self.request.operation.is_about_order:
            return self._is_without_order
        return _not(self.has_object) if self.request.operation.has_id else False

    @property
    def _is_without_order(self) -> bool | None:
        if not isinstance(self.order, KnownOrder):
            return True if self.order is Lack.ABSENT else None
        if not isinstance(self.caller, KnownToken):
            return None
        if self.order.world and self.caller.world and self.order.world != self.caller.world:
            return True
        both = (self.order.customer_id, self.caller.customer_id)
        if self.request.operation.is_portal and None not in both and both[0] != both[1]:
            return True
        # Without a world, the order may have been seen with another token: whether this one has access is not known.
        return False if self.order.world is not None or (both[1] is not None and both[0] == both[1]) else None


def _checks(access: _Access, behaviour: Behaviour) -> Iterator[Check]:
    """The checks before the operation itself, in the service's order."""
    request, error = access.request, behaviour.error
    yield access.has_refused_token, TOKEN_INVALID
    yield None if request.is_broken else False, UNDECODABLE
    yield request.is_broken, INVALID
    yield access.is_of_wrong_kind, _named(error.unauthorized)
    yield access.lacks_scope, NO_SCOPE
    yield access.lacks_role, _named(error.role_refused)
    yield _not(request.is_valid), INVALID
    yield access.is_without_object, _named(error.not_found)


def _of_operation(access: _Access, behaviour: Behaviour) -> Iterator[Outcome]:
    """The answers of the operation itself."""
    order = access.order if isinstance(access.order, KnownOrder) else KnownOrder()
    match access.request.operation.id.removeprefix("customer_portal:"):
        case "orders:generate_invoice":
            yield from invoice_outcomes(order, behaviour)
        case "orders:invoice":
            checks = [(_not(order.is_invoiced), _named(behaviour.error.invoice_not_issued))]
            yield from _until_refused(checks, [Outcome(200)])
        case "orders:receipt":
            checks = [(_not(order.has_receipt), _named(behaviour.error.receipt_not_issued))]
            yield from _until_refused(checks, [Outcome(202), Outcome(200)])
        case "orders:finalize":
            checks = [(_is_not(order.status, "draft"), _named(behaviour.error.order_not_draft))]
            yield from _until_refused(checks, _of_charge(behaviour))
        case "orders:create":
            yield from (_named(behaviour.error.charging_switched_off), REFUSED, Outcome(201))
        case "orders:update":
            checks = [(_changes_fixed_part(order, access.request.address, behaviour), REFUSED)]
            yield from _until_refused(checks, [Outcome(200)])
        case "orders:list" | "orders:get" | "orders:get_payment_status" | "customers:get":
            yield Outcome(200)
        case _:
            # These operations have many rules of their own; only the documented statuses are checked here.
            earlier = _EARLIER | {404} if isinstance(access.order, KnownOrder) else _EARLIER
            yield from (Outcome(status) for status in access.request.operation.statuses if status not in earlier)


def _of_charge(behaviour: Behaviour) -> Iterator[Outcome]:
    """The answers to finalizing a draft: what the organization may do, and the outcome of the charge, are not seen from outside."""
    error = behaviour.error
    yield from map(_named, (error.charging_switched_off, error.organization_not_ready))
    yield from map(_named, (error.payment_failed, error.payment_action_required))
    yield from (REFUSED, Outcome(200))


def _changes_fixed_part(order: KnownOrder, address: JsonObject | None, behaviour: Behaviour) -> bool | None:
    """Whether a new address changes a part of the order's address that is fixed."""
    if address is None or order.has_address is False:
        return False
    old = order.seen.get("billing_address")
    if order.has_address is None or not isinstance(old, dict):
        return None
    return bool(changed_parts(old, stored_address(address), behaviour.billing.fixed_address_fields))


def _is_not(value: str | None, wanted: str) -> bool | None:
    return None if value is None else value != wanted


def _named(refusal: Refusal) -> Outcome:
    return Outcome(refusal.status, refusal.error)


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value
