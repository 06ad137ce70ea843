"""The oracle: what is known decides, what is unknown leaves both answers open, and less knowledge never forbids an answer."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.model.known import KnownOrder, KnownToken, Lack, TokenKind
from contract_tests.model.outcomes import Request, outcomes
from polar_contract import Contract, load_contract
from polar_contract.json_types import JsonObject
from polar_contract.operations import Operations

ID, WORLD, CUSTOMER = "0b020ec5-4626-4c62-bc50-8ab49f8f2d34", "w1", "c1"
INVOICE, DOCUMENT, UPDATE = (f"customer_portal:orders:{name}" for name in ("generate_invoice", "invoice", "update"))
OWN = KnownToken(TokenKind.CUSTOMER, WORLD, CUSTOMER)
MEMBER = KnownToken(TokenKind.MEMBER, WORLD, CUSTOMER, role="owner")
ORGANIZATION = KnownToken(TokenKind.ORGANIZATION, WORLD, scopes=frozenset({"orders:read"}))
ADDRESS: JsonObject = {"country": "US", "state": "US-NY", "line1": None}
PAID = KnownOrder(WORLD, CUSTOMER, "paid", True, True, False, {"billing_address": ADDRESS})


@cache
def contract() -> Contract:
    return load_contract("0.1.0")


@cache
def operations() -> Operations:
    return Operations(contract().published, contract().effective)


@dataclass(frozen=True)
class Known:
    """One caller and one order."""

    caller_: KnownToken | Lack
    order_: KnownOrder | Lack
    is_complete: bool = True
    has_object_: bool | None = None

    def caller(self, token: str | None) -> KnownToken | Lack:
        return self.caller_

    def order(self, identifier: str) -> KnownOrder | Lack:
        return self.order_

    def has_object(self, identifier: str) -> bool | None:
        return self.has_object_


def allowed(request: Request, known: Known) -> list[str]:
    return [str(one) for one in outcomes(request, known, contract().behaviour)]


def asked(operation: str = INVOICE, **parts: Any) -> Request:
    return Request(operations().by_id[operation], "a token", **{"object_id": ID, "is_valid": True, **parts})


class GivenFullKnowledge:
    @pytest.mark.parametrize(
        ("request_", "caller", "order", "answer"),
        [
            (asked(), OWN, PAID, "202"),
            (asked(), MEMBER, PAID, "202"),
            (asked(), OWN, replace(PAID, status="refunded"), "202"),
            (asked(), OWN, replace(PAID, status="pending"), "422 NotPaidOrder"),
            (asked(), OWN, replace(PAID, status="void"), "422 NotPaidOrder"),
            (asked(), OWN, replace(PAID, status="pending", has_name=False), "422 NotPaidOrder"),
            (asked(), OWN, replace(PAID, has_name=False), "422 MissingInvoiceBillingDetails"),
            (asked(), OWN, replace(PAID, has_address=False), "422 MissingInvoiceBillingDetails"),
            (asked(), OWN, Lack.ABSENT, "404 ResourceNotFound"),
            (asked(), OWN, replace(PAID, customer_id="c2"), "404 ResourceNotFound"),
            (asked(), OWN, replace(PAID, world="w2"), "404 ResourceNotFound"),
            (asked(is_valid=False), OWN, Lack.ABSENT, "422 RequestValidationError"),
            (asked(is_valid=False), replace(MEMBER, role="member"), PAID, "403 NotPermitted"),
            (asked(), ORGANIZATION, PAID, "401 Unauthorized"),
            (asked(), Lack.ABSENT, PAID, "401 Unauthorized"),
            (asked(), replace(OWN, is_expired=True), PAID, "401 invalid_token"),
            (asked(), replace(OWN, scopes=frozenset({"none"})), PAID, "403 insufficient_scope"),
            (asked(DOCUMENT), OWN, PAID, "404 InvoiceDoesNotExist"),
            (asked(DOCUMENT), OWN, replace(PAID, is_invoiced=True), "200"),
            (asked("orders:update"), ORGANIZATION, PAID, "403 insufficient_scope"),
            (asked(UPDATE, address={"country": "US", "state": "NY"}), OWN, PAID, "200"),
            (asked(UPDATE, address={"country": "DE"}), OWN, PAID, "422 PolarRequestValidationError"),
            (asked(UPDATE, address={"country": "DE"}), OWN, replace(PAID, has_address=False), "200"),
        ],
        ids=[
            *("paid", "by a member", "refunded", "pending", "void", "pending before billing", "no name", "no address"),
            *("no order", "another customer's", "another world's", "validated before it is looked for", "role before validation"),
            *("another kind of token", "no token", "expired", "scopes of a token", "not issued", "issued", "scopes of an organization"),
            *("the same country", "another country", "no country before"),
        ],
    )  # fmt: skip
    def test_then_one_answer_is_allowed(
        self, request_: Request, caller: KnownToken | Lack, order: KnownOrder | Lack, answer: str
    ) -> None:
        assert allowed(request_, Known(caller, order)) == [answer]


class GivenAnUnknownFact:
    @pytest.mark.parametrize(
        ("request_", "known", "answers"),
        [
            (asked(), Known(OWN, replace(PAID, status=None)), ["422 NotPaidOrder", "202"]),
            (asked(), Known(OWN, replace(PAID, has_name=None)), ["422 MissingInvoiceBillingDetails", "202"]),
            (asked(), Known(OWN, replace(PAID, status=None, has_name=False)), ["422 NotPaidOrder", "422 MissingInvoiceBillingDetails"]),
            (asked(is_valid=None), Known(OWN, PAID), ["422 RequestValidationError", "202"]),
            (asked(DOCUMENT), Known(OWN, replace(PAID, is_invoiced=None)), ["404 InvoiceDoesNotExist", "200"]),
            (asked(), Known(replace(MEMBER, role=None), PAID), ["403 NotPermitted", "202"]),
            (asked(), Known(OWN, PAID, is_complete=False), ["401 invalid_token", "403 insufficient_scope", "202"]),
            (asked(is_broken=True), Known(OWN, PAID), ["400", "422 RequestValidationError"]),
        ],
        ids=["status", "name", "status without a name", "validity", "invoice", "role", "time of the token", "encoding"],
    )  # fmt: skip
    def test_then_both_answers_are_allowed_in_the_order_of_the_checks(
        self, request_: Request, known: Known, answers: list[str]
    ) -> None:
        assert allowed(request_, known) == answers


_STATUSES = st.sampled_from(["draft", "pending", "paid", "refunded", "partially_refunded", "void"])
_NAMES = st.sampled_from(["w1", "w2"])
_TOKENS = st.builds(
    KnownToken,
    kind=st.sampled_from(TokenKind),
    world=_NAMES,
    customer_id=_NAMES,
    role=st.sampled_from(["owner", "billing_manager", "member"]),
    scopes=st.sampled_from(
        [frozenset({"orders:read"}), frozenset({"orders:read", "orders:write"}), frozenset({"none"})]
    ),
    is_expired=st.booleans(),
)
_ORDERS = st.builds(
    KnownOrder,
    world=_NAMES,
    customer_id=_NAMES,
    status=_STATUSES,
    has_name=st.booleans(),
    has_address=st.booleans(),
    is_invoiced=st.booleans(),
    seen=st.just({"billing_address": ADDRESS}),
)
_FORGETTABLE = {
    KnownToken: ("customer_id", "role", "scopes"),
    KnownOrder: ("customer_id", "status", "has_name", "has_address", "is_invoiced"),
}


@given(
    operation=st.sampled_from([one.id for one in operations()]),
    address=st.none() | st.sampled_from([{"country": "US"}, {"country": "DE"}]),
    is_valid=st.booleans(),
    token=_TOKENS,
    order=_ORDERS,
    data=st.data(),
)
def test_when_less_is_known_then_no_answer_is_allowed_no_more(
    operation: str,
    address: dict[str, Any] | None,
    is_valid: bool,
    token: KnownToken,
    order: KnownOrder,
    data: st.DataObject,
) -> None:
    request = asked(operation, address=address, is_valid=is_valid)
    has_object = data.draw(st.booleans())
    known = Known(token, order, has_object_=has_object)
    less_request = replace(request, is_valid=data.draw(st.sampled_from([is_valid, None])))
    caller = _without_some(token, data)
    # In a complete state, no scopes are the usual ones.
    may_be_complete = not isinstance(caller, KnownToken) or caller.scopes is not None
    less = Known(
        caller,
        _without_some(order, data),
        is_complete=may_be_complete and data.draw(st.booleans()),
        has_object_=data.draw(st.sampled_from([has_object, None])),
    )

    assert set(allowed(request, known)) <= set(allowed(less_request, less))


def _without_some(fact: Any, data: st.DataObject) -> Any:
    """The object with some of its facts unknown, or nothing known of it at all."""
    if data.draw(st.integers(0, 4)) == 0:
        return Lack.UNKNOWN
    forgotten = data.draw(st.sets(st.sampled_from(_FORGETTABLE[type(fact)])))
    return replace(fact, **dict.fromkeys(forgotten))


def test_every_fact_that_may_be_unknown_is_one_of_the_object() -> None:
    assert all(set(names) <= {one.name for one in fields(kind)} for kind, names in _FORGETTABLE.items())
