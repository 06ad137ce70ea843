"""Scenarios for webhook events: the event of a change, and its redelivery. Mock server only."""

from __future__ import annotations

from contract_tests.checks.rules import Rule
from contract_tests.suites.scenario_dsl import Scenario


class GivenAReceiverOfUpdates:
    def test_when_an_order_is_patched_then_one_event_is_raised_even_if_nothing_changes(
        self, scenario: Scenario
    ) -> None:
        changed = scenario.patch("paid", billing_name="Ada Changed")
        unchanged = scenario.patch("paid")

        sent = len(scenario.updated_events("paid"))
        if sent != 2:
            scenario.fail(unchanged, Rule.PATCH_EVENT, "2 events after two PATCHes", f"{sent} events")
        assert changed.status == 200

    def test_when_an_event_is_redelivered_then_it_stays_the_same_event(self, scenario: Scenario) -> None:
        scenario.patch("paid", billing_name="Ada Changed")
        before = scenario.updated_events("paid")

        asked = scenario.redeliver(next(iter(before)))
        scenario.world.settle()

        if scenario.updated_events("paid") != before:
            scenario.fail(asked, Rule.REDELIVERY_SILENT, "the same events as before")
