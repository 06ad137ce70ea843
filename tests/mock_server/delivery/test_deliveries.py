"""Attempts in the world's time, events that are skipped or forgotten, and finding a delivery by parts of its ids."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from mock_server.delivery.retries import retry_delay
from mock_server.delivery.sending import Receipt
from tests.mock_server.delivery.conftest import ServedWith, a_world, endpoint_of, event_of, patch
from tests.mock_server.delivery.receivers import FINE, ScriptedReceiver, answering
from tests.mock_server.web.conftest import Api


class GivenAReceiverThatAnswers:
    @pytest.mark.parametrize(
        ("query", "found"), [("{id}", 1), ("{event}", 1), ("20", 1), ("New Name", 0), ("404404", 0)]
    )
    def test_then_it_is_found_by_its_ids_and_its_code_and_not_by_what_was_sent(
        self, api: Api, query: str, found: int
    ) -> None:
        patch(api)
        api.in_world("POST", "/settle")
        listed = api.send("GET", "/v1/webhooks/deliveries", token="oat").json["items"][0]
        text = query.format(id=listed["id"].upper(), event=listed["webhook_event"]["id"][:13])

        answer = api.send("GET", f"/v1/webhooks/deliveries?query={quote(text)}", token="oat")

        assert len(answer.json["items"]) == found


class GivenAReceiverThatFails:
    def test_then_retries_follow_the_worlds_clock_at_the_services_pace(
        self, api: Api, receiver: ScriptedReceiver
    ) -> None:
        receiver.answers = [answering(500), answering(500), FINE]
        patch(api)
        api.in_world("PATCH", "/clock", {"advance_seconds": 0})
        assert len(receiver.sent) == 1

        wait = retry_delay(receiver.ids[0], 1, base_seconds=2, cap_seconds=2).total_seconds()
        api.in_world("PATCH", "/clock", {"advance_seconds": wait - 0.01})
        assert len(receiver.sent) == 1
        api.in_world("PATCH", "/clock", {"advance_seconds": 0.02})
        assert len(receiver.sent) == 2
        api.in_world("PATCH", "/clock", {"advance_seconds": 2})
        assert len(receiver.sent) == 3

    def test_when_the_clock_is_advanced_far_then_all_attempts_that_fall_due_are_made(
        self, api: Api, receiver: ScriptedReceiver
    ) -> None:
        receiver.answers = [answering(500)] * 4 + [FINE]
        patch(api)
        api.in_world("PATCH", "/clock", {"advance_seconds": 60})

        assert len(receiver.sent) == 5
        times = [attempt["created_at"] for attempt in event_of(api)["attempts"]]
        assert times == sorted(times)
        assert len(set(times)) == 5

    def test_when_ten_events_in_a_row_have_failed_then_the_endpoint_is_disabled_and_what_waits_is_skipped(
        self, api: Api, receiver: ScriptedReceiver
    ) -> None:
        receiver.answers = [answering(500)]
        for number in range(11):
            patch(api, f"Name {number}")
        api.in_world("POST", "/settle")

        items = api.in_world("GET", "/deliveries")["items"]
        assert endpoint_of(api)["enabled"] is False
        assert len(receiver.sent) <= 110
        assert [item["succeeded"] for item in items].count(False) == 10
        assert [item["skipped"] for item in items].count(True) == 1
        patch(api, "Nobody hears of this")
        assert len(api.in_world("GET", "/deliveries")["items"]) == 11

    def test_when_the_world_is_reset_while_it_is_sent_to_then_nothing_is_recorded(
        self, served_with: ServedWith
    ) -> None:
        shops: list[Api] = []

        def resetting(*_: object, **__: object) -> Receipt:
            shops[0].in_world("POST", "/reset")
            return FINE

        api = a_world(served_with(resetting))
        shops.append(api)
        patch(api)
        api.in_world("POST", "/settle")

        assert api.in_world("GET", "/deliveries")["items"] == []
