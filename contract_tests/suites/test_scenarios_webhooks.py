"""Scenarios for webhook events: the event of a change, and its redelivery. Mock server only."""

from __future__ import annotations

from contract_tests.checks.rules import Rule
from contract_tests.suites.scenario_dsl import Story


class GivenAReceiverOfUpdates:
    def test_when_an_order_is_patched_then_one_event_is_raised_even_if_nothing_changes(self, story: Story) -> None:
        changed = story.patch("paid", billing_name="Ada Changed")
        unchanged = story.patch("paid")

        sent = len(story.updated_events("paid"))
        if sent != 2:
            story.fail(unchanged, Rule.PATCH_EVENT, "2 events after two PATCHes", f"{sent} events")
        assert changed.status == 200

    def test_when_an_event_is_redelivered_then_it_stays_the_same_event(self, story: Story) -> None:
        story.patch("paid", billing_name="Ada Changed")
        before = story.updated_events("paid")

        asked = story.redeliver(next(iter(before)))
        story.world.settle()

        if story.updated_events("paid") != before:
            story.fail(asked, Rule.REDELIVERY_SILENT, "the same events as before")
