"""Scenarios for lists that are longer than the largest page. Mock server only; `checks/pagination.py` checks each page."""

from __future__ import annotations

import pytest

from contract_tests.checks.rules import Rule
from contract_tests.suites.scenario_dsl import Scenario
from contract_tests.transport.exchanges import Exchange
from polar_contract.json_types import JsonObject

_MORE_THAN_A_PAGE = 101
_SIDES = (_PORTAL, _ORGANIZATION) = ("customer_portal:orders:list", "orders:list")


@pytest.fixture(scope="module")
def many_orders(read_scenario: Scenario) -> Scenario:
    """A customer with more orders than fit on a page, each with another amount; another customer has one order."""
    for number in range(_MORE_THAN_A_PAGE):
        _make_order(read_scenario, f"crowd_{number}", "main", amount=7 + 93 * number)
    _make_order(read_scenario, "bargain", "main", amount=9000, discount=8950)
    _make_order(read_scenario, "single", "other", amount=300)
    return read_scenario


class GivenMoreOrdersThanAPageHolds:
    def test_when_the_longest_page_is_asked_for_then_it_holds_a_hundred(self, many_orders: Scenario) -> None:
        for side in _SIDES:
            for limit in ("100", "1000"):
                _listed(many_orders, side, limit=limit)
                _listed(many_orders, side, limit=limit, page="2")

    def test_when_they_are_sorted_then_amounts_are_numbers(self, many_orders: Scenario) -> None:
        for side in _SIDES:
            for sorting in ("amount", "-amount", "net_amount"):
                _listed(many_orders, side, limit="100", sorting=sorting)

    def test_when_they_are_sorted_by_number_then_numbers_are_in_order(self, many_orders: Scenario) -> None:
        for sorting in ("invoice_number", "-invoice_number"):
            _listed(many_orders, _ORGANIZATION, limit="100", sorting=sorting)

    def test_when_the_page_is_given_twice_then_the_last_one_counts(self, many_orders: Scenario) -> None:
        for side in _SIDES:
            _listed(many_orders, side, limit="100", page=["900", "1"])
            _listed(many_orders, side, limit="100", page=["1", "900"])

    def test_when_two_customers_are_asked_for_then_both_are_there(self, many_orders: Scenario) -> None:
        ids = many_orders.fixtures.ids
        every = _total(_listed(many_orders, _ORGANIZATION))
        main = _total(_listed(many_orders, _ORGANIZATION, customer_id=ids["customer:main"]))
        both = _listed(many_orders, _ORGANIZATION, customer_id=[ids["customer:main"], ids["customer:other"]])
        if (main, _total(both)) != (every - 1, every):
            got = f"{main} for one customer and {_total(both)} for both, of {every} orders"
            many_orders.fail(both, Rule.FILTERED, f"{every - 1} for one customer and {every} for both", got)


def _make_order(scenario: Scenario, key: str, customer: str, *, amount: int, discount: int = 0) -> None:
    order: JsonObject = {
        "key": key,
        "customer": customer,
        "product": "guide",
        "status": "paid",
        "subtotal_amount": amount,
        "discount_amount": discount,
    }
    scenario.world.control.call("POST", f"/_mock/worlds/{scenario.world.id}/orders", order)


def _listed(scenario: Scenario, side: str, **query: str | list[str]) -> Exchange:
    who = "customer" if side == _PORTAL else "organization"
    exchange = scenario.context.client.send(side, token=scenario.fixtures.token(who), query=query)
    return scenario.context.rules.check(exchange, status=200)


def _total(exchange: Exchange) -> int:
    answer = exchange.json()
    pagination = answer.get("pagination") if isinstance(answer, dict) else None
    total = pagination.get("total_count") if isinstance(pagination, dict) else None
    return total if isinstance(total, int) else -1
