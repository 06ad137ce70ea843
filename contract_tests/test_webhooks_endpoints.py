"""Stories of single webhook endpoints: they get what they ask for while they are on, signed with their own secret. Mock only."""

from __future__ import annotations

import pytest

from contract_tests.webhooks.rules import SIGNED, signature_of
from contract_tests.webhooks.stories import ANNOUNCED, WANTED, WebhookStory

RENEWED = "A renewed secret is a new one, and shown"
FORMATS = "A channel gets the event in its own form"


class GivenEndpoints:
    def test_when_one_asked_for_other_events_then_it_gets_only_those(self, webhooks: WebhookStory) -> None:
        webhooks.move("pending", "paid")
        paid = webhooks.arrived("paid_only")
        if [one.type for one in paid] != ["order.paid"]:
            webhooks.fail(WANTED, "order.paid and nothing else", ", ".join(one.type for one in paid) or "no event")

    def test_when_one_asks_for_others_later_then_it_gets_those(self, webhooks: WebhookStory) -> None:
        changed = webhooks.ask(
            "update_webhook_endpoint", status=200, on="paid_only", body={"events": ["order.updated"]}
        )
        if changed.get("modified_at") is None:
            webhooks.fail(WANTED, "modified_at of the change", "modified_at is null")
        webhooks.move("pending", "paid")
        came = [one.type for one in webhooks.arrived("paid_only")]
        if came != ["order.updated"]:
            webhooks.fail(WANTED, "order.updated and nothing else", ", ".join(came) or "no event")

    def test_when_one_is_switched_off_then_it_gets_nothing_until_it_is_on_again(self, webhooks: WebhookStory) -> None:
        webhooks.ask("update_webhook_endpoint", status=200, body={"enabled": False})
        webhooks.patch("paid", billing_name="Ada Off")
        webhooks.expect_silence()
        webhooks.ask("update_webhook_endpoint", status=200, body={"enabled": True})
        webhooks.patch("paid", billing_name="Ada On")
        webhooks.expect("order.updated")

    def test_when_one_is_deleted_then_it_gets_nothing(self, webhooks: WebhookStory) -> None:
        webhooks.ask("delete_webhook_endpoint", status=204)
        webhooks.patch("paid", billing_name="Ada Gone")
        webhooks.expect_silence()
        for operation in ("get_webhook_endpoint", "reset_webhook_endpoint_secret", "delete_webhook_endpoint"):
            webhooks.ask(operation, status=404)

    def test_when_the_secret_is_renewed_then_the_new_one_signs(self, webhooks: WebhookStory) -> None:
        old = webhooks.secrets["all"]
        webhooks.secrets["all"] = str(webhooks.ask("reset_webhook_endpoint_secret", status=200).get("secret"))
        webhooks.story.judge.case.redactor.learn(webhooks.secrets["all"], "<renewed secret>")
        webhooks.patch("paid", billing_name="Ada Signed")
        came = webhooks.expect("order.updated")[0]
        if signature_of(came, old) in came.headers.get("webhook-signature", "").split():
            webhooks.fail(SIGNED, "a signature by the new secret alone", "the old secret still signs", delivery=came)
        shown = str(webhooks.ask("get_webhook_endpoint", status=200).get("secret"))
        if shown != webhooks.secrets["all"]:
            webhooks.fail(RENEWED, "the endpoint with its new secret", "the endpoint with another secret")
        webhooks.secrets["all"] = str(webhooks.ask("reset_webhook_endpoint_secret", status=200).get("secret"))
        webhooks.story.judge.case.redactor.learn(webhooks.secrets["all"], "<newest secret>")
        if webhooks.secrets["all"] in (old, shown):
            webhooks.fail(RENEWED, "a secret that was never there before", "a former secret")

    def test_when_a_secret_is_given_then_it_signs(self, webhooks: WebhookStory) -> None:
        webhooks.secrets["all"] = "a-secret-of-the-receivers-own-choice-for-events"
        webhooks.story.judge.case.redactor.learn(webhooks.secrets["all"], "<given secret>")
        webhooks.ask("update_webhook_endpoint", status=200, body={"secret": webhooks.secrets["all"]})
        webhooks.patch("paid", billing_name="Ada Chosen")
        webhooks.expect("order.updated")

    @pytest.mark.parametrize(("endpoint", "keys"), [("discord", {"content", "embeds"}), ("slack", {"text", "blocks"})])
    def test_when_it_is_a_channel_then_it_gets_its_own_form(
        self, webhooks: WebhookStory, endpoint: str, keys: set[str]
    ) -> None:
        webhooks.patch("paid", billing_name="Ada Told")
        came = webhooks.arrived(endpoint)
        if len(came) != 1:
            webhooks.fail(ANNOUNCED, f"one event for {endpoint}", f"{len(came)} events")
        if set(came[0].event()) != keys:
            webhooks.fail(FORMATS, f"the keys {sorted(keys)}", f"{sorted(came[0].event())}", delivery=came[0])
