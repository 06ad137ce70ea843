"""Values of one body against each other: a right order passes, and each kind of wrong value breaks its rule."""

from __future__ import annotations

import json

import pytest

from contract_tests.checks.invariants import value_problems
from contract_tests.checks.rules import Rule
from contract_tests.transport.exchanges import Exchange
from polar_contract import Contract
from polar_contract.json_types import JsonObject, JsonValue
from polar_contract.operations import Operations
from tests.contract_tests.checks.answers import ID, ORDER, OTHER_ID, answered, order, rules_of

GET, LIST, SESSION, LINK = "orders:get", "orders:list", "customer-sessions:create", "orders:invoice"
MADE, LATER = "2026-04-15T05:53:56.123456Z", "2026-04-15T06:53:56Z"


@pytest.fixture(scope="module")
def operations(contract: Contract) -> Operations:
    return Operations(contract.published, contract.effective)


def broken(exchange: Exchange, operations: Operations, contract: Contract) -> set[Rule]:
    return rules_of(value_problems(exchange, operations.by_id[str(exchange.operation_id)], contract.behaviour))


def shown(**changes: JsonValue) -> Exchange:
    return answered(GET, f"/v1/orders/{ID}", order(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"net_amount": 911, "total_amount": 1000, "due_amount": 911},
        {"applied_balance_amount": -5000, "due_amount": 0},
        {"status": "pending", "paid": False},
        {"status": "refunded", "refunded_amount": 1000, "refunded_tax_amount": 89, "applied_balance_amount": 0, "due_amount": 1089},
        {"amount": 1000, "from_balance_amount": -89},
        {"modified_at": None},
        {"modified_at": MADE},
        {"product_id": None, "product": None, "description": "Atlas"},
        {"is_invoice_generated": True},
        {"total_amount": "1089"},
        {"metadata": {"weight": 0.5, "seen_at": "2026-04-15"}},
    ],
    ids=[
        *("as it is", "tax included", "balance above the total", "pending", "refunded", "former names", "never changed"),
        *("changed when made", "no product", "issued", "an amount of another type", "merchant's own data"),
    ],
)  # fmt: skip
def test_when_an_order_is_right_then_no_rule_is_broken(
    operations: Operations, contract: Contract, changes: JsonObject
) -> None:
    assert broken(shown(**changes), operations, contract) == set()


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"net_amount": 999, "total_amount": 1088, "due_amount": 999}, Rule.AMOUNTS),
        ({"total_amount": 1090, "due_amount": 1001}, Rule.AMOUNTS),
        ({"due_amount": 1089}, Rule.AMOUNTS),
        ({"amount": 1}, Rule.AMOUNTS),
        ({"from_balance_amount": 1}, Rule.AMOUNTS),
        ({"items": [{"label": "Atlas", "amount": 1199}]}, Rule.AMOUNTS),
        ({"paid": False}, Rule.ORDER_PAID),
        ({"status": "void"}, Rule.ORDER_PAID),
        ({"refunded_amount": 5}, Rule.REFUND_STATUS),
        ({"status": "refunded", "refunded_amount": 1001}, Rule.REFUND_LIMIT),
        ({"status": "refunded", "refunded_amount": -1}, Rule.REFUND_LIMIT),
        ({"status": "refunded", "refunded_amount": 1000, "refunded_tax_amount": 90}, Rule.REFUND_LIMIT),
        ({"customer": {"id": OTHER_ID, "email": "ada@example.com"}}, Rule.NESTED),
        ({"product": {"id": OTHER_ID, "name": "Atlas"}}, Rule.NESTED),
        ({"description": "Guide"}, Rule.NESTED),
        ({"items": []}, Rule.NESTED),
        ({"is_invoice_generated": True, "invoice_number": None}, Rule.NESTED),
        ({"modified_at": "2026-04-15T05:53:56.123455Z"}, Rule.NOT_BEFORE_CREATED),
        ({"modified_at": "2026-04-15T05:53:56Z"}, Rule.NOT_BEFORE_CREATED),
        ({"created_at": "2026-04-15T05:53:56+00:00"}, Rule.TIME_UTC),
        ({"created_at": "2026-04-15T05:53:56.123Z"}, Rule.TIME_UTC),
        ({"customer": {**ORDER["customer"], "created_at": "today"}}, Rule.TIME_UTC),  # type: ignore[dict-item]  # an object
    ],
    ids=lambda value: value.id if isinstance(value, Rule) else ", ".join(value),
)  # fmt: skip
def test_when_a_value_is_wrong_then_its_rule_is_broken(
    operations: Operations, contract: Contract, changes: JsonObject, rule: Rule
) -> None:
    assert broken(shown(**changes), operations, contract) == {rule}


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        (b'"tax_amount": 89,', b'"tax_amount": 89.0,', {Rule.WHOLE_AMOUNTS}),
        (b'"due_amount": 1000,', b'"due_amount": 1e3,', {Rule.WHOLE_AMOUNTS}),
        (b'"paid": true,', b'"paid": true, "paid": true,', {Rule.KEY_ONCE}),
        (b'"weight": 0.5', b'"weight": 0.25', set()),
        (b"{", b"", set()),
    ],
    ids=["a decimal point", "an exponent", "a duplicate key", "a merchant's decimal", "no JSON"],
)
def test_when_parsing_hides_something_then_the_raw_body_shows_it(
    operations: Operations, contract: Contract, old: bytes, new: bytes, rules: set[Rule]
) -> None:
    raw = json.dumps(ORDER).encode().replace(old, new, 1)
    found = broken(answered(GET, f"/v1/orders/{ID}", raw), operations, contract)
    # An amount with a decimal point is no integer, so that no sum is checked.
    assert found == rules


def test_when_a_list_has_one_wrong_order_then_its_rule_is_broken(operations: Operations, contract: Contract) -> None:
    page: JsonObject = {"items": [order(), order(id=OTHER_ID, paid=False)], "pagination": {}}
    assert broken(answered(LIST, "/v1/orders/", page), operations, contract) == {Rule.ORDER_PAID}


@pytest.mark.parametrize(
    ("expires_at", "rules"),
    [(LATER, set()), (MADE, {Rule.EXPIRES}), ("2026-04-15T05:53:56Z", {Rule.EXPIRES})],
    ids=["later", "at once", "before"],
)
def test_when_a_session_is_opened_then_it_expires_later(
    operations: Operations, contract: Contract, expires_at: str, rules: set[Rule]
) -> None:
    made: JsonObject = {"created_at": MADE, "expires_at": expires_at}
    exchange = answered(SESSION, "/v1/customer-sessions/", made, status=201, method="POST")
    assert broken(exchange, operations, contract) == rules


@pytest.mark.parametrize(
    ("url", "rules"),
    [
        ("https://f.test/i.pdf?X-Amz-Date=1&X-Amz-Expires=600&X-Amz-Signature=2", set()),
        ("https://f.test/i.pdf", {Rule.LINK}),
    ],
)
def test_when_a_link_is_given_then_it_is_checked(
    operations: Operations, contract: Contract, url: str, rules: set[Rule]
) -> None:
    assert broken(answered(LINK, f"/v1/orders/{ID}/invoice", {"url": url}), operations, contract) == rules
