"""An order against the request and against what was shown before: each kind of contradiction breaks its rule."""

from __future__ import annotations

import json

import pytest

from contract_tests.checks.orders import order_problems
from contract_tests.checks.rules import Rule
from contract_tests.model.known import KnownOrder, KnownToken, TokenKind
from contract_tests.model.observed_state import ObservedState
from contract_tests.transport.exchanges import Exchange
from polar_contract import Contract
from polar_contract.json_types import JsonObject, JsonValue
from polar_contract.operations import Operations
from tests.contract_tests.checks.answers import CUSTOMER, ID, ORDER, OTHER_ID, TOKEN, answered, order, rules_of

GET, UPDATE = "customer_portal:orders:get", "customer_portal:orders:update"
PATH = f"/v1/customer-portal/orders/{ID}"
ADDRESS: JsonObject = {"line1": " 5 New Street ", "city": "", "country": "us", "state": "CA"}
STORED: JsonObject = {
    **{"line1": "5 New Street", "line2": None, "postal_code": None},
    **{"city": None, "state": "US-CA", "country": "US"},
}

# One other value for each kind of field that no operation changes, and for the billing details, which only a PATCH changes.
CHANGED: JsonObject = {
    **{"created_at": "2026-04-15T05:53:56Z", "currency": "eur", "product_id": OTHER_ID, "subtotal_amount": 1},
    **{"discount_amount": 1, "net_amount": 1, "tax_amount": 1, "total_amount": 1, "applied_balance_amount": 1},
    **{"description": "Guide", "metadata": {"weight": 1}, "billing_name": "Another", "billing_address": None},
}


@pytest.fixture(scope="module")
def operations(contract: Contract) -> Operations:
    return Operations(contract.published, contract.effective)


def state(
    *, customer: str | None = CUSTOMER, is_complete: bool = False, is_shared: bool = False, **before: JsonValue
) -> ObservedState:
    """What was seen before: the order with these values, and the customer of the token."""
    known = KnownOrder().with_body(order(**before))
    tokens = {TOKEN: KnownToken(TokenKind.CUSTOMER, customer_id=customer)}
    return ObservedState({ID: known}, tokens, is_complete=is_complete, is_shared=is_shared)


def broken(exchange: Exchange, operations: Operations, observed: ObservedState) -> set[Rule]:
    return rules_of(order_problems(exchange, operations.by_id[str(exchange.operation_id)], observed))


def shown(**changes: JsonValue) -> Exchange:
    return answered(GET, PATH, order(**changes))


def patched(sent: JsonObject, **changes: JsonValue) -> Exchange:
    return answered(UPDATE, PATH, order(**changes), method="PATCH", sent=json.dumps(sent).encode())


@pytest.mark.parametrize(
    ("exchange", "observed"),
    [
        (shown(), ObservedState()),
        (shown(), state()),
        (shown(status="refunded"), state()),
        (shown(billing_name="Another"), state(is_shared=True)),
        (shown(invoice_number=None), state()),
        (shown(is_invoice_generated=True), state()),
        (shown(status="pending", paid=False), state(status="pending", paid=False)),
        (shown(customer_id=OTHER_ID), ObservedState()),
        (patched({"billing_name": "Bob"}, billing_name="Bob"), state()),
        (patched({"billing_address": ADDRESS}, billing_address=STORED), state()),
        (answered(GET, PATH, b"<html>"), state()),
    ],
    ids=[
        *("first seen", "as before", "refunded since", "changed by others", "no number now", "issued since", "still pending"),
        *("of an unknown caller", "a new name", "a new address as it is stored", "no JSON"),
    ],
)  # fmt: skip
def test_when_it_is_right_then_no_rule_is_broken(
    operations: Operations, exchange: Exchange, observed: ObservedState
) -> None:
    assert broken(exchange, operations, observed) == set()


@pytest.mark.parametrize(
    ("exchange", "observed", "rule"),
    [
        (shown(id=OTHER_ID), ObservedState(), Rule.ORDER_ASKED_FOR),
        (shown(customer_id=OTHER_ID), state(customer_id=OTHER_ID), Rule.OWN_ORDERS),
        *((shown(**{name: value}), state(), Rule.ORDER_STABLE) for name, value in CHANGED.items()),
        (shown(status="refunded"), state(is_complete=True), Rule.ORDER_STABLE),
        (shown(invoice_number="ACME-0002"), state(), Rule.NUMBERED),
        (shown(paid=False), state(), Rule.ORDER_STAYS_PAID),
        (shown(is_invoice_generated=False), state(is_invoice_generated=True), Rule.STAYS),
        (patched({"billing_name": "Bob"}), state(), Rule.CHANGE_SHOWN),
        (patched({"billing_name": None}), state(), Rule.CHANGE_SHOWN),
        (patched({"billing_address": ADDRESS}, billing_address=ADDRESS), state(), Rule.CHANGE_SHOWN),
        (patched({"billing_name": "Bob"}, billing_name="Bob", total_amount=1), state(), Rule.ORDER_STABLE),
    ],
    ids=[
        *("another order", "another customer's"),
        *CHANGED,
        *("a status by itself", "another number", "unpaid again", "not issued again"),
        *("a name that stays", "a name that is not removed", "an address as sent", "a change of more"),
    ],
)  # fmt: skip
def test_when_it_contradicts_then_its_rule_is_broken(
    operations: Operations, exchange: Exchange, observed: ObservedState, rule: Rule
) -> None:
    assert broken(exchange, operations, observed) == {rule}


def test_when_one_of_a_list_contradicts_then_its_rule_is_broken(operations: Operations) -> None:
    page: JsonObject = {"items": [{**ORDER, "id": OTHER_ID}, order(currency="eur")], "pagination": {}}
    exchange = answered("customer_portal:orders:list", "/v1/customer-portal/orders/", page)
    assert broken(exchange, operations, state()) == {Rule.ORDER_STABLE}
