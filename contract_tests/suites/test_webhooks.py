"""Scenarios for webhooks at a receiver: signed, complete, sent once, in order, and recorded as deliveries. Mock server only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone

import pytest

from contract_tests.checks.rules import Rule
from contract_tests.suites.webhook_dsl import WebhookScenario, for_all_endpoints
from contract_tests.transport.deliveries import Delivery
from contract_tests.transport.polling import wait_for
from polar_contract.json_types import JsonObject, JsonValue, as_object

# Source: facts of the service: a background job sends an event right after the change.
_SOON_SECONDS = 10.0
# Source: facts of the service.
_KEPT_CHARACTERS = 2048
_BETWEEN_SECONDS = 60.0


class GivenAReceiver:
    @pytest.mark.parametrize("order", ["paid", "pending"])
    def test_when_billing_is_changed_then_one_event_shows_the_order(
        self, webhooks: WebhookScenario, order: str
    ) -> None:
        webhooks.patch(order, billing_name="Ada Chänged")
        event = webhooks.expect("order.updated")[0]
        webhooks.expect_order_shown(event, order)
        webhooks.patch(order)
        webhooks.expect("order.updated")

    def test_when_the_world_is_not_settled_then_the_event_still_comes_soon(self, webhooks: WebhookScenario) -> None:
        webhooks.patch("paid", billing_name="Ada Unattended")
        came = wait_for(lambda: webhooks.arrived(settled=False) or None, _SOON_SECONDS)
        if [one.type for one in came or []] != ["order.updated"]:
            webhooks.fail(Rule.ANNOUNCED, f"order.updated within {_SOON_SECONDS:g} seconds", "no event")

    def test_when_an_invoice_is_made_then_one_event_shows_it_and_a_second_request_sends_none(
        self, webhooks: WebhookScenario
    ) -> None:
        webhooks.last = webhooks.scenario.request_invoice("paid")
        event = webhooks.expect("order.updated")[0]
        webhooks.expect_order_shown(event, "paid")
        webhooks.last = webhooks.scenario.request_invoice("paid")
        webhooks.expect()

    def test_when_the_status_changes_then_its_events_come_in_order(self, webhooks: WebhookScenario) -> None:
        webhooks.move("pending", "paid")
        webhooks.expect("order.updated", "order.paid")
        webhooks.move("spare", "void")
        webhooks.expect("order.updated")

    def test_when_billing_is_sent_as_it_was_or_by_the_organization_then_an_event_is_sent(
        self, webhooks: WebhookScenario
    ) -> None:
        webhooks.patch("paid", billing_name="Ada Same")
        webhooks.expect("order.updated")
        webhooks.patch("paid", billing_name="Ada Same")
        webhooks.expect("order.updated")
        webhooks.patch_as_organization("paid", billing_name="Ada by the Organization")
        webhooks.expect_order_shown(webhooks.expect("order.updated")[0], "paid")

    @pytest.mark.parametrize("parts", [(1000, 1800), ()], ids=["in parts", "at once"])
    def test_when_an_order_is_refunded_then_events_show_what_was_refunded(
        self, webhooks: WebhookScenario, parts: tuple[int, ...]
    ) -> None:
        refunds: list[tuple[str, dict[str, int]]] = [
            ("partially_refunded", {"refunded_amount": part}) for part in parts
        ]
        for status, refund in [*refunds, ("refunded", {"refunded_amount": 2500})]:
            webhooks.move("paid", status, **refund)
            for event in webhooks.expect("order.updated", "order.refunded"):
                webhooks.expect_order_shown(event, "paid")

    def test_when_requests_are_refused_then_nothing_is_announced(self, webhooks: WebhookScenario) -> None:
        if webhooks.scenario.refuses_invoice("pending"):
            webhooks.last = webhooks.scenario.request_invoice("pending", status=422, error="NotPaidOrder")
        refused: JsonValue = {"billing_address": {"country": "DE"}}
        webhooks.last = webhooks.scenario.ask(
            "update", "paid", status=422, error="PolarRequestValidationError", body=refused
        )
        webhooks.expect()

    def test_when_several_changes_are_made_then_each_event_shows_its_own(self, webhooks: WebhookScenario) -> None:
        names = ["First", "Second", "Third"]
        for name in names:
            webhooks.patch("paid", billing_name=name)
        came = webhooks.expect("order.updated", "order.updated", "order.updated")
        shown = [_data(delivery).get("billing_name") for delivery in came]
        if shown != names:
            webhooks.fail(Rule.EVENT_FROZEN, ", ".join(names), ", ".join(map(str, shown)))


class GivenADeliveredEvent:
    def test_when_it_is_redelivered_then_the_same_event_comes_once_more(self, webhooks: WebhookScenario) -> None:
        webhooks.patch("paid", billing_name="Ada Once")
        first = webhooks.expect("order.updated")
        webhooks.patch("paid", billing_name="Ada Later")
        later = webhooks.expect("order.updated")
        webhooks.ask("redeliver_webhook_event", status=202, on=first[0].event_id)
        again = webhooks.expect("order.updated")
        webhooks.expect_same_event([*first, *again], Rule.REDELIVERED)
        got = [_event_of(one).get("id") for one in webhooks.listed()]
        expected = [one.event_id for one in (*again, *later, *first)]
        if got != expected:
            webhooks.fail(Rule.DELIVERIES, f"deliveries of the events {expected}", f"{got}")

    def test_when_it_is_listed_then_the_record_shows_the_event_and_the_answer(self, webhooks: WebhookScenario) -> None:
        webhooks.receiver.text = "ä" * (_KEPT_CHARACTERS + 1)
        webhooks.patch("paid", billing_name="Ada Listed")
        came = webhooks.expect("order.updated")[0]
        records = webhooks.listed()
        got = [(one.get("http_code"), one.get("succeeded"), one.get("response")) for one in records]
        if got != [(200, True, "ä" * _KEPT_CHARACTERS)]:
            answers = ", ".join(f"{code} with {len(str(text))} characters" for code, _, text in got)
            webhooks.fail(
                Rule.DELIVERIES, f"one delivery, answered 200 with the first {_KEPT_CHARACTERS} characters", answers
            )
        event = records[0].get("webhook_event")
        payload = event.get("payload") if isinstance(event, dict) else None
        if not isinstance(event, dict) or event.get("id") != came.event_id or payload != came.body.decode():
            webhooks.fail(Rule.DELIVERIES, f"event {came.event_id} with the payload that was sent", str(event)[:300])

    def test_when_deliveries_are_filtered_then_only_those_are_listed_newest_first(
        self, webhooks: WebhookScenario
    ) -> None:
        webhooks.receiver.statuses.extend(for_all_endpoints(404))
        webhooks.patch("paid", billing_name="Ada Failed")
        webhooks.arrived()
        webhooks.scenario.world.advance(_BETWEEN_SECONDS)
        webhooks.move("pending", "paid")
        webhooks.arrived()
        every = webhooks.listed()
        codes = [one.get("http_code") for one in every]
        if codes != [200, 200, 200, 404]:
            webhooks.fail(Rule.DELIVERIES, "three deliveries answered 200, after one answered 404", f"{codes}")
        times = [str(one.get("created_at")) for one in every]
        if times != sorted(times, reverse=True):
            webhooks.fail(Rule.DELIVERIES, "the newest first", ", ".join(times))
        for query, kept in _narrowed(every):
            got = webhooks.listed(**query)
            if [one.get("id") for one in got] != [one.get("id") for one in kept]:
                webhooks.fail(Rule.DELIVERIES, f"{len(kept)} deliveries for {query}", f"{len(got)} deliveries")
        both, other = webhooks.listed("all", "paid_only"), webhooks.listed("paid_only")
        if not other or {str(one.get("id")) for one in both} != {str(one.get("id")) for one in (*every, *other)}:
            webhooks.fail(Rule.DELIVERIES, "the deliveries of both endpoints", f"{len(both)} deliveries")


def _narrowed(every: Sequence[JsonObject]) -> Iterator[tuple[dict[str, str | list[str]], list[JsonObject]]]:
    """Queries, and the deliveries that match them: some of each kind, all, or none."""
    newest, oldest = every[0], every[-1]
    middle = _moment_of(oldest) + timedelta(seconds=_BETWEEN_SECONDS / 2)
    early, late = "2001-01-01T00:00:00Z", "2101-01-01T00:00:00Z"
    one_type = [one for one in every if _type_of(one) == "order.updated"]
    failed, taken = (_with(every, "succeeded", value) for value in (False, True))
    yield {"succeeded": "false"}, failed
    yield {"succeeded": "true"}, taken
    yield {"event_type": "order.paid"}, [one for one in every if _type_of(one) == "order.paid"]
    yield {"event_type": ["order.paid", "order.updated"]}, list(every)
    yield {"succeeded": "false", "event_type": "order.updated"}, _with(one_type, "succeeded", False)
    yield {"succeeded": "false", "event_type": "order.paid"}, []
    yield {"http_code_class": "4xx"}, _with(every, "http_code", 404)
    yield {"http_code_class": "2xx"}, _with(every, "http_code", 200)
    yield {"http_code_class": "5xx"}, []
    yield {"start_timestamp": middle.isoformat()}, [one for one in every if _moment_of(one) > middle]
    yield {"end_timestamp": middle.isoformat()}, [one for one in every if _moment_of(one) < middle]
    elsewhere = middle.astimezone(timezone(timedelta(hours=5, minutes=30)))
    yield {"start_timestamp": elsewhere.isoformat()}, [one for one in every if _moment_of(one) > middle]
    yield {"end_timestamp": elsewhere.isoformat()}, [one for one in every if _moment_of(one) < middle]
    yield {"start_timestamp": early, "end_timestamp": late}, list(every)
    yield {"start_timestamp": late}, []
    yield {"end_timestamp": early}, []
    event_id = str(_event_of(newest).get("id"))
    yield {"query": event_id}, [one for one in every if _event_of(one).get("id") == event_id]
    yield {"query": "a text that is nowhere"}, []


def _with(records: Sequence[JsonObject], name: str, value: JsonValue) -> list[JsonObject]:
    return [one for one in records if one.get(name) == value]


def _moment_of(record: JsonObject) -> datetime:
    return datetime.fromisoformat(str(record.get("created_at")))


def _event_of(record: JsonObject) -> JsonObject:
    return as_object(record.get("webhook_event"))


def _type_of(record: JsonObject) -> str:
    return str(_event_of(record).get("type"))


def _data(delivery: Delivery) -> dict[str, object]:
    data = delivery.event().get("data")
    return dict(data) if isinstance(data, dict) else {}
