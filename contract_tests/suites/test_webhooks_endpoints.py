"""Scenarios for webhook endpoints: while enabled, each gets the events it subscribes to, signed with its secret. Mock server only."""

from __future__ import annotations

import pytest

from contract_tests.checks.channel_messages import NEW, REFUNDED, message_problems
from contract_tests.checks.deliveries import signature_of
from contract_tests.checks.rules import Rule
from contract_tests.runner.context import RunContext
from contract_tests.suites.webhook_dsl import WebhookScenario, webhook_scenario

# Names under `.invalid` never resolve.
_NOWHERE = "https://hooks.invalid/moved"
_ORGANIZATION = "Hooks Inc."


class GivenEndpoints:
    def test_when_one_asked_for_other_events_then_it_gets_only_those(self, webhooks: WebhookScenario) -> None:
        webhooks.move("pending", "paid")
        paid = webhooks.arrived("paid_only")
        if [one.type for one in paid] != ["order.paid"]:
            webhooks.fail(
                Rule.SUBSCRIBED, "order.paid and nothing else", ", ".join(one.type for one in paid) or "no event"
            )

    def test_when_one_asks_for_others_later_then_it_gets_those(self, webhooks: WebhookScenario) -> None:
        changed = webhooks.ask(
            "update_webhook_endpoint", status=200, on="paid_only", body={"events": ["order.updated"]}
        )
        if changed.get("modified_at") is None:
            webhooks.fail(Rule.SUBSCRIBED, "modified_at is the time of the change", "modified_at is null")
        webhooks.move("pending", "paid")
        came = [one.type for one in webhooks.arrived("paid_only")]
        if came != ["order.updated"]:
            webhooks.fail(Rule.SUBSCRIBED, "order.updated and nothing else", ", ".join(came) or "no event")

    def test_when_one_is_switched_off_then_it_gets_nothing_until_it_is_on_again(
        self, webhooks: WebhookScenario
    ) -> None:
        webhooks.ask("update_webhook_endpoint", status=200, body={"enabled": False})
        webhooks.patch("paid", billing_name="Ada Off")
        webhooks.expect_nothing()
        webhooks.ask("update_webhook_endpoint", status=200, body={"enabled": True})
        webhooks.patch("paid", billing_name="Ada On")
        webhooks.expect("order.updated")

    def test_when_one_is_deleted_then_it_gets_nothing(self, webhooks: WebhookScenario) -> None:
        webhooks.ask("delete_webhook_endpoint", status=204)
        webhooks.patch("paid", billing_name="Ada Gone")
        webhooks.expect_nothing()
        for operation in ("get_webhook_endpoint", "reset_webhook_endpoint_secret", "delete_webhook_endpoint"):
            webhooks.ask(operation, status=404)

    def test_when_the_secret_is_renewed_then_the_new_one_signs(self, webhooks: WebhookScenario) -> None:
        old, was_standard = webhooks.secrets["all"], webhooks.signs_as_standard("all")
        webhooks.secrets["all"] = str(webhooks.ask("reset_webhook_endpoint_secret", status=200).get("secret"))
        webhooks.scenario.context.case.redactor.learn(webhooks.secrets["all"], "<renewed secret>")
        webhooks.patch("paid", billing_name="Ada Signed")
        came = webhooks.expect("order.updated")[0]
        if signature_of(came, old, is_standard=was_standard) in came.headers.get("webhook-signature", "").split():
            webhooks.fail(
                Rule.SIGNED, "a signature with the new secret only", "the old secret still signs", delivery=came
            )
        shown = str(webhooks.ask("get_webhook_endpoint", status=200).get("secret"))
        if shown != webhooks.secrets["all"]:
            webhooks.fail(Rule.SECRET_RENEWED, "the endpoint shows its new secret", "the endpoint shows another secret")
        webhooks.secrets["all"] = str(webhooks.ask("reset_webhook_endpoint_secret", status=200).get("secret"))
        webhooks.scenario.context.case.redactor.learn(webhooks.secrets["all"], "<newest secret>")
        if webhooks.secrets["all"] in (old, shown):
            webhooks.fail(Rule.SECRET_RENEWED, "a secret that was not used before", "a former secret")

    @pytest.mark.when({"webhook.secret_can_be_sent": True})
    def test_when_a_secret_is_given_then_it_signs(self, webhooks: WebhookScenario) -> None:
        webhooks.secrets["all"] = "a-secret-of-the-receivers-own-choice-for-events"
        webhooks.scenario.context.case.redactor.learn(webhooks.secrets["all"], "<given secret>")
        webhooks.ask("update_webhook_endpoint", status=200, body={"secret": webhooks.secrets["all"]})
        webhooks.patch("paid", billing_name="Ada Chosen")
        webhooks.expect("order.updated")

    def test_when_it_moves_then_nothing_comes_to_its_old_address(self, webhooks: WebhookScenario) -> None:
        webhooks.ask("update_webhook_endpoint", status=200, body={"url": _NOWHERE})
        webhooks.patch("paid", billing_name="Ada Moved")
        webhooks.expect_nothing()
        got = [(one.get("http_code"), one.get("succeeded"), bool(one.get("response"))) for one in webhooks.listed()]
        if set(got) != {(None, False, True)}:
            webhooks.fail(Rule.DELIVERIES, "a failed delivery without a status code, and with the cause", f"{got}")

    @pytest.mark.parametrize(("endpoint", "other"), [("discord", "slack"), ("slack", "discord")])
    def test_when_it_is_a_channel_then_it_gets_its_own_form_and_after_a_change_the_other(
        self, webhooks: WebhookScenario, endpoint: str, other: str
    ) -> None:
        webhooks.patch("paid", billing_name="Ada Channel")
        _expect_messages(webhooks, endpoint, endpoint, NEW)
        webhooks.ask("update_webhook_endpoint", status=200, on=endpoint, body={"format": other})
        webhooks.move("paid", "refunded")
        _expect_messages(webhooks, endpoint, other, NEW, REFUNDED)


class GivenTwoOrganizations:
    def test_when_something_happens_in_one_then_the_other_gets_and_lists_nothing(
        self, webhooks: WebhookScenario, context: RunContext
    ) -> None:
        with webhook_scenario(context) as other:
            webhooks.patch("paid", billing_name="Ada Here")
            event = webhooks.expect("order.updated")[0]
            webhooks.listed()
            other.last = webhooks.last
            received = other.arrived()
            if received:
                webhooks.fail(
                    Rule.OTHERS_EVENTS,
                    "no event at the other organization's receiver",
                    received[0].type,
                    delivery=received[0],
                )
            seen = other.listed_anywhere()
            if seen:
                other.fail(
                    Rule.OTHERS_EVENTS, "no delivery in the other organization's list", f"{len(seen)} deliveries"
                )
            other.ask("redeliver_webhook_event", status=404, on=event.event_id)
            webhooks.last = other.last
            webhooks.expect()


def _expect_messages(webhooks: WebhookScenario, endpoint: str, form: str, *titles: str) -> None:
    """The channel got messages with these titles in this format about the paid order, in this order."""
    came = webhooks.arrived(endpoint)
    if len(came) != len(titles):
        webhooks.fail(Rule.ANNOUNCED, f"{len(titles)} events for {endpoint}", f"{len(came)} events")
    order = webhooks.order_now("paid")
    for delivery, title in zip(came, titles, strict=True):
        for problem in message_problems(delivery, form, title=title, order=order, organization=_ORGANIZATION):
            webhooks.fail(*problem, delivery=delivery)
