"""Scenarios for what later revisions show of an order's lines: the period, and the units. Mock server only."""

from __future__ import annotations

import pytest

from contract_tests.checks.rules import Rule
from contract_tests.suites.scenario_dsl import Scenario
from polar_contract.json_types import JsonObject, as_list, as_object

pytestmark = pytest.mark.when({"order.have_items_periods": True})


class GivenAnOrder:
    @pytest.mark.parametrize(("order", "has_period"), [("retried", True), ("paid", False)])
    def test_when_it_is_of_a_subscription_then_both_sides_show_the_period_of_its_line(
        self, scenario: Scenario, order: str, has_period: bool
    ) -> None:
        shown = scenario.ask("get", order, status=200)
        (line,) = map(as_object, as_list(as_object(shown.json()).get("items")))
        period: JsonObject = {name: line.get(name) for name in ("start_timestamp", "end_timestamp")}
        if any((one is not None) is not has_period for one in period.values()):
            scenario.fail(shown, Rule.LINE_PERIOD, f"a period: {has_period}", f"{period}")
        answer = scenario.context.client.send(
            "orders:get",
            token=scenario.fixtures.token("organization"),
            object_id=scenario.fixtures.ids[f"order:{order}"],
        )
        others = as_list(as_object(scenario.context.rules.check(answer, status=200).json()).get("items"))
        if {name: as_object(others[0]).get(name) for name in period} != period:
            scenario.fail(answer, Rule.LINE_PERIOD, f"{period}, as on the portal", f"{others[0]}")

    def test_when_its_price_is_not_by_unit_then_it_has_no_units(self, scenario: Scenario) -> None:
        scenario.ask("get", "paid", status=200, shows={"units": None})
