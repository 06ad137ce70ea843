"""Stories of webhooks as a receiver sees them: signed, complete, once, in order, and again when they fail. Mock only."""

from __future__ import annotations

import pytest

from contract_tests.polling import wait_for
from contract_tests.webhooks.receiving import Delivery
from contract_tests.webhooks.rules import SIGNED, signature_of
from contract_tests.webhooks.stories import ANNOUNCED, RECORDED, WANTED, WebhookStory, for_all_endpoints
from polar_contract.json_types import JsonObject, JsonValue, as_object

SAME_EVENT = "A redelivery is the same event, signed anew"
FROZEN = "An event shows what was when it was raised"
RENEWED = "A renewed secret is a new one, and shown"
FORMATS = "A channel gets the event in its own form"
# Source: facts of the service: a background job sends an event right after the change.
_SOON_SECONDS = 10.0


class GivenAReceiver:
    @pytest.mark.parametrize("order", ["paid", "pending"])
    def test_when_billing_is_changed_then_one_event_shows_the_order(self, webhooks: WebhookStory, order: str) -> None:
        webhooks.patch(order, billing_name="Ada Chänged")
        event = webhooks.expect("order.updated")[0]
        webhooks.expect_order_shown(event, order)
        webhooks.patch(order)
        webhooks.expect("order.updated")

    def test_when_nobody_moves_the_world_then_the_event_comes_by_itself(self, webhooks: WebhookStory) -> None:
        webhooks.patch("paid", billing_name="Ada Unattended")
        came = wait_for(lambda: webhooks.arrived(settled=False) or None, _SOON_SECONDS)
        if [one.type for one in came or []] != ["order.updated"]:
            webhooks.fail(ANNOUNCED, f"order.updated within {_SOON_SECONDS:g} seconds", "no event")

    def test_when_an_invoice_is_made_then_one_event_shows_it_and_a_second_request_is_silent(
        self, webhooks: WebhookStory
    ) -> None:
        webhooks.last = webhooks.story.request_invoice("paid")
        event = webhooks.expect("order.updated")[0]
        webhooks.expect_order_shown(event, "paid")
        webhooks.last = webhooks.story.request_invoice("paid")
        webhooks.expect()

    def test_when_an_order_goes_its_way_then_its_events_come_in_their_order(self, webhooks: WebhookStory) -> None:
        webhooks.move("pending", "paid")
        webhooks.expect("order.updated", "order.paid")
        webhooks.move("spare", "void")
        webhooks.expect("order.updated")

    def test_when_billing_is_sent_as_it_was_or_by_the_organization_then_an_event_tells(
        self, webhooks: WebhookStory
    ) -> None:
        webhooks.patch("paid", billing_name="Ada Same")
        webhooks.expect("order.updated")
        webhooks.patch("paid", billing_name="Ada Same")
        webhooks.expect("order.updated")
        webhooks.patch_as_organization("paid", billing_name="Ada by the Organization")
        webhooks.expect_order_shown(webhooks.expect("order.updated")[0], "paid")

    @pytest.mark.parametrize("statuses", [("partially_refunded", "refunded"), ("refunded",)])
    def test_when_an_order_is_refunded_then_events_show_what_was_refunded(
        self, webhooks: WebhookStory, statuses: tuple[str, ...]
    ) -> None:
        for status in statuses:
            webhooks.move("paid", status)
            for event in webhooks.expect("order.updated", "order.refunded"):
                webhooks.expect_order_shown(event, "paid")

    def test_when_requests_are_refused_then_nothing_is_announced(self, webhooks: WebhookStory) -> None:
        webhooks.last = webhooks.story.request_invoice("pending", status=422, error="NotPaidOrder")
        refused: JsonValue = {"billing_address": {"country": "DE"}}
        webhooks.last = webhooks.story.ask(
            "update", "paid", status=422, error="PolarRequestValidationError", body=refused
        )
        webhooks.expect()

    def test_when_several_changes_are_made_then_each_event_shows_its_own(self, webhooks: WebhookStory) -> None:
        names = ["First", "Second", "Third"]
        for name in names:
            webhooks.patch("paid", billing_name=name)
        came = webhooks.expect("order.updated", "order.updated", "order.updated")
        shown = [_data(delivery).get("billing_name") for delivery in came]
        if shown != names:
            webhooks.fail(FROZEN, ", ".join(names), ", ".join(map(str, shown)))


class GivenADeliveredEvent:
    def test_when_it_is_redelivered_then_the_same_event_comes_once_more(self, webhooks: WebhookStory) -> None:
        webhooks.patch("paid", billing_name="Ada Once")
        first = webhooks.expect("order.updated")
        webhooks.patch("paid", billing_name="Ada Later")
        webhooks.expect("order.updated")
        webhooks.ask("redeliver_webhook_event", status=202, on=first[0].event_id)
        again = webhooks.expect("order.updated")
        webhooks.expect_same_event([*first, *again], SAME_EVENT)

    def test_when_it_is_listed_then_the_record_tells_the_event_and_the_answer(self, webhooks: WebhookStory) -> None:
        webhooks.patch("paid", billing_name="Ada Listed")
        came = webhooks.expect("order.updated")[0]
        records = webhooks.listed()
        told = [(one.get("http_code"), one.get("succeeded"), one.get("response")) for one in records]
        if told != [(200, True, "ok")]:
            webhooks.fail(RECORDED, "one delivery, answered 200 with `ok`", f"{told}")
        event = records[0].get("webhook_event")
        payload = event.get("payload") if isinstance(event, dict) else None
        if not isinstance(event, dict) or event.get("id") != came.event_id or payload != came.body.decode():
            webhooks.fail(RECORDED, f"event {came.event_id} with the payload that was sent", str(event)[:300])

    def test_when_deliveries_are_filtered_then_only_those_are_listed_newest_first(self, webhooks: WebhookStory) -> None:
        webhooks.receiver.statuses.extend(for_all_endpoints(404))
        webhooks.patch("paid", billing_name="Ada Failed")
        webhooks.arrived()
        webhooks.move("pending", "paid")
        webhooks.arrived()
        every = webhooks.listed()
        times = [str(one.get("created_at")) for one in every]
        if times != sorted(times, reverse=True):
            webhooks.fail(RECORDED, "the newest first", ", ".join(times))
        for query, kept in (
            ({"succeeded": "false"}, [one for one in every if one.get("succeeded") is False]),
            ({"succeeded": "true"}, [one for one in every if one.get("succeeded") is True]),
            ({"event_type": "order.paid"}, [one for one in every if _type_of(one) == "order.paid"]),
            ({"http_code_class": "4xx"}, [one for one in every if one.get("http_code") == 404]),
        ):
            told = webhooks.listed(**query)
            if [one.get("id") for one in told] != [one.get("id") for one in kept] or not kept:
                webhooks.fail(RECORDED, f"{len(kept)} deliveries for {query}", f"{len(told)} deliveries")
        for query in (
            {"start_timestamp": "2101-01-01T00:00:00Z"},
            {"end_timestamp": "2001-01-01T00:00:00Z"},
            {"query": "a text that is nowhere"},
        ):
            if webhooks.listed(**query):
                webhooks.fail(RECORDED, f"no delivery for {query}", "some")


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


def _type_of(record: JsonObject) -> str:
    return str(as_object(record.get("webhook_event")).get("type"))


def _data(delivery: Delivery) -> dict[str, object]:
    data = delivery.event().get("data")
    return dict(data) if isinstance(data, dict) else {}
