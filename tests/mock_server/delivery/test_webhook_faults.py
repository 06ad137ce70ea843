"""Webhooks that faults lose, double, reorder or delay; the list of deliveries shows what was really sent."""

from __future__ import annotations

import json
from threading import Event
from typing import Any

import pytest

from mock_server.delivery.sending import Receipt
from tests.mock_server.delivery.conftest import patch
from tests.mock_server.delivery.receivers import FINE, ScriptedReceiver, answering
from tests.mock_server.delivery.test_worker import TIMEOUT_SECONDS, working
from tests.mock_server.web.conftest import ACME, Api, world_of


def add(api: Api, **rule: Any) -> None:
    api.in_world("POST", "/faults", rule)


def advance(api: Api, seconds: float = 0) -> None:
    api.in_world("PATCH", "/clock", {"mode": "held", "advance_seconds": seconds})


def pay(api: Api, order: str = "unpaid") -> None:
    """Raises order.updated, and then order.paid."""
    api.in_world("PATCH", f"/orders/{api.world['ids']['order:' + order]}", {"status": "paid"})


def types_sent(receiver: ScriptedReceiver) -> list[str]:
    return [json.loads(body)["type"].removeprefix("order.") for _, _, body in receiver.sent]


class GivenWebhooksThatAreLost:
    def test_then_none_is_sent_and_the_event_is_skipped_without_attempts(
        self, api: Api, receiver: ScriptedReceiver
    ) -> None:
        add(api, webhooks="lost", type="order.paid")
        pay(api)
        api.in_world("POST", "/settle")

        assert types_sent(receiver) == ["updated"]
        (lost,) = api.events("order.paid")
        assert (lost["fault"], lost["skipped"], lost["succeeded"], lost["attempts"]) == ("lost", True, None, [])
        (sent,) = api.events("order.updated")
        assert (sent["fault"], sent["skipped"], len(sent["attempts"])) == (None, False, 1)

    def test_when_it_is_sent_again_by_request_then_it_arrives(self, api: Api, receiver: ScriptedReceiver) -> None:
        add(api, webhooks="lost", type="order.paid")
        pay(api)
        (lost,) = api.events("order.paid")
        api.send("POST", f"/v1/webhooks/events/{lost['id']}/redeliver", token="oat")
        api.in_world("POST", "/settle")

        assert types_sent(receiver) == ["updated", "paid"]
        assert len(api.events("order.paid")[0]["attempts"]) == 1


class GivenWebhooksThatAreDoubled:
    def test_then_each_is_sent_twice_with_the_same_id(self, api: Api, receiver: ScriptedReceiver) -> None:
        add(api, set="webhooks-twice")
        pay(api)
        api.in_world("POST", "/settle")

        assert types_sent(receiver) == ["updated", "updated", "paid", "paid"]
        assert len(set(receiver.ids)) == 2
        assert [len(event["attempts"]) for event in api.events("order.paid")] == [2]

    def test_when_the_first_attempt_fails_then_both_go_on_until_they_are_received(
        self, api: Api, receiver: ScriptedReceiver
    ) -> None:
        receiver.answers = [answering(500), FINE]
        add(api, webhooks="doubled")
        patch(api)
        api.in_world("POST", "/settle")

        assert [attempt["succeeded"] for attempt in api.events()[0]["attempts"]] == [False, True, True]


class GivenWebhooksThatAreLate:
    def test_then_they_are_sent_when_the_worlds_clock_says_so_and_others_overtake_them(
        self, api: Api, receiver: ScriptedReceiver
    ) -> None:
        add(api, webhooks="late", type="order.updated", seconds=3600)
        advance(api)
        pay(api)
        advance(api, 3599)
        assert types_sent(receiver) == ["paid"]

        advance(api, 1)
        assert types_sent(receiver) == ["paid", "updated"]
        assert api.events("order.updated")[0]["fault"] == "late"

    def test_when_the_world_is_settled_then_they_are_sent(self, api: Api, receiver: ScriptedReceiver) -> None:
        add(api, webhooks="late", seconds=86_400)
        pay(api)
        api.in_world("POST", "/settle")

        assert sorted(types_sent(receiver)) == ["paid", "updated"]

    def test_when_one_of_two_is_late_in_a_running_world_then_the_other_is_sent_at_once(self) -> None:
        received = Event()

        def send(*_: Any) -> Receipt:
            received.set()
            return FINE

        hook = {"url": "http://127.0.0.1:2/", "events": ["order.updated", "order.paid"]}
        with working(send) as server:
            api = world_of(server, {**ACME, "webhook_endpoints": {"app": hook}, "invoices": {"delay_seconds": 3600}})
            add(api, webhooks="late", type="order.paid", seconds=7200)
            # Something is planned that is due in between.
            api.send("POST", f"{api.order('paid')}/invoice", token="customer")
            pay(api)

            assert received.wait(TIMEOUT_SECONDS)


class GivenWebhooksThatAreReordered:
    @pytest.mark.parametrize("rule", [{}, {"type": "order.updated"}, {"times": 1}], ids=["all", "one type", "once"])
    def test_when_two_events_follow_each_other_then_the_second_is_sent_first(
        self, api: Api, receiver: ScriptedReceiver, rule: dict[str, Any]
    ) -> None:
        add(api, webhooks="reordered", **rule)
        pay(api)
        api.in_world("POST", "/settle")

        assert types_sent(receiver) == ["paid", "updated"]

    def test_when_more_follow_then_every_pair_is_reordered(self, api: Api, receiver: ScriptedReceiver) -> None:
        add(api, webhooks="reordered")
        for name in ("A", "B", "C", "D"):
            patch(api, name)
        api.in_world("POST", "/settle")

        names = [json.loads(body)["data"]["billing_name"] for _, _, body in receiver.sent]
        assert names == ["B", "A", "D", "C"]

    def test_when_the_next_event_comes_later_then_it_is_sent_first_too(
        self, api: Api, receiver: ScriptedReceiver
    ) -> None:
        add(api, webhooks="reordered", times=1, order="no_name", seconds=60)
        advance(api)
        api.send("PATCH", api.order("no_name"), token="customer", body={"billing_name": "Jane"})
        advance(api)
        assert receiver.sent == []

        patch(api)
        advance(api)

        orders = [json.loads(body)["data"]["id"] for _, _, body in receiver.sent]
        assert orders == [api.world["ids"]["order:paid"], api.world["ids"]["order:no_name"]]

    def test_when_no_event_follows_then_it_is_sent_at_the_end_of_its_wait(
        self, api: Api, receiver: ScriptedReceiver
    ) -> None:
        add(api, webhooks="reordered", seconds=60)
        advance(api)
        patch(api)
        advance(api, 59)
        assert receiver.sent == []

        advance(api, 1)
        assert types_sent(receiver) == ["updated"]

        patch(api)
        patch(api)
        advance(api, 60)
        assert len(set(receiver.ids)) == len(receiver.ids) == 3

    def test_when_the_next_one_is_lost_then_it_goes_on_waiting(self, api: Api, receiver: ScriptedReceiver) -> None:
        add(api, webhooks="reordered", type="order.updated", seconds=60)
        add(api, webhooks="lost", type="order.paid")
        advance(api)
        pay(api)
        advance(api, 59)
        assert receiver.sent == []

        advance(api, 1)
        assert types_sent(receiver) == ["updated"]


class GivenAFaultOfSomeWebhooks:
    def test_when_others_are_raised_then_they_are_sent_as_ever(self, api: Api, receiver: ScriptedReceiver) -> None:
        api.in_world("POST", "/faults", {"webhooks": "lost", "order": "paid", "from": 2, "times": 1})
        for _ in range(3):
            patch(api)
        pay(api)
        api.in_world("POST", "/settle")

        assert [event["fault"] for event in api.events()] == [None, "lost", None, None]
        assert len(receiver.sent) == 4
        counted = api.in_world("GET", "/faults")["items"][0]
        assert (counted["matched"], counted["struck"]) == (3, 1)

    def test_when_the_faults_are_removed_while_one_waits_then_it_is_sent_once(
        self, api: Api, receiver: ScriptedReceiver
    ) -> None:
        add(api, webhooks="reordered", seconds=60)
        patch(api)
        api.in_world("DELETE", "/faults")
        patch(api)
        api.in_world("POST", "/settle")

        assert len(set(receiver.ids)) == len(receiver.ids) == 2
