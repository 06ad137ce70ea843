"""Events and their receiver: order, retries, disabling, redelivery, and forbidden destinations."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from mock_server.delivery.retries import retry_delay
from mock_server.delivery.sending import Receipt
from mock_server.delivery.signing import signed_headers
from tests.mock_server.delivery.conftest import ServedWith, a_world, endpoint_of, event_of, patch
from tests.mock_server.delivery.receivers import DOWN, FINE, ScriptedReceiver, answering
from tests.mock_server.web.conftest import Api


class GivenAReceiverThatAnswers:
    def test_when_an_order_is_patched_then_it_gets_the_signed_frozen_payload_once(
        self, api: Api, receiver: ScriptedReceiver
    ) -> None:
        patch(api)
        patch(api, "Later Name")
        api.in_world("POST", "/settle")

        assert len(receiver.sent) == 2
        url, headers, body = receiver.sent[0]
        assert url == "http://127.0.0.1:3000/hook"
        assert headers["User-Agent"] == "polar.sh webhooks"
        assert headers["Content-Type"] == "application/json"
        assert json.loads(body)["data"]["billing_name"] == "New Name"

    def test_then_the_event_and_its_delivery_say_so(self, api: Api) -> None:
        patch(api)
        api.in_world("POST", "/settle")

        listed = api.send("GET", "/v1/webhooks/deliveries", token="oat").json["items"]
        assert [(d["succeeded"], d["http_code"], d["response"]) for d in listed] == [(True, 200, "thanks")]
        assert listed[0]["webhook_event"]["succeeded"] is True
        assert listed[0]["webhook_event"]["last_http_code"] == 200

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

    def test_when_an_order_is_paid_then_events_arrive_in_the_order_in_which_they_were_raised(
        self, api: Api, receiver: ScriptedReceiver
    ) -> None:
        api.in_world("PATCH", f"/orders/{api.world['ids']['order:unpaid']}", {"status": "paid"})
        api.in_world("POST", "/settle")

        assert [json.loads(body)["type"] for _, _, body in receiver.sent] == ["order.updated", "order.paid"]

    def test_when_an_event_is_redelivered_then_id_and_payload_are_the_same(
        self, api: Api, receiver: ScriptedReceiver
    ) -> None:
        patch(api)
        api.in_world("POST", "/settle")
        event_id = event_of(api)["id"]

        answer = api.send("POST", f"/v1/webhooks/events/{event_id}/redeliver", token="oat")
        api.in_world("POST", "/settle")

        assert (answer.status_code, answer.data) == (202, b"null")
        assert receiver.ids == [event_id, event_id]
        assert receiver.sent[0][2] == receiver.sent[1][2]
        assert len(event_of(api)["attempts"]) == 2

    def test_when_the_secret_was_reset_then_the_new_one_signs(self, api: Api, receiver: ScriptedReceiver) -> None:
        patch(api)
        endpoint_id = api.world["ids"]["endpoint:app"]
        new = api.send("PATCH", f"/v1/webhooks/endpoints/{endpoint_id}/secret", token="oat").json["secret"]
        api.in_world("POST", "/settle")

        _, headers, body = receiver.sent[0]
        assert headers == _signed_again(new, headers, body)


def _signed_again(secret: str, headers: dict[str, str], body: bytes) -> dict[str, str]:
    sent_at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    return signed_headers(secret, signing="secret_as_text", event_id=headers["webhook-id"], sent_at=sent_at, body=body)


class GivenAReceiverThatFails:
    @pytest.mark.parametrize("fault", [DOWN, answering(500), answering(301), answering(404)])
    def test_when_it_fails_nine_times_then_the_tenth_attempt_arrives_under_the_same_id(
        self, api: Api, receiver: ScriptedReceiver, fault: Receipt
    ) -> None:
        receiver.answers = [fault] * 9 + [FINE]
        patch(api)
        api.in_world("POST", "/settle")

        assert len(receiver.ids) == 10
        assert len(set(receiver.ids)) == 1
        event = event_of(api)
        assert event["succeeded"] is True
        assert [attempt["succeeded"] for attempt in event["attempts"]] == [False] * 9 + [True]

    def test_when_it_fails_ten_times_then_the_event_has_failed_and_nothing_more_is_tried(
        self, api: Api, receiver: ScriptedReceiver
    ) -> None:
        receiver.answers = [answering(500)]
        patch(api)
        api.in_world("POST", "/settle")

        assert len(receiver.sent) == 10
        assert event_of(api)["succeeded"] is False
        assert api.in_world("POST", "/settle")["ran"] == []
        assert endpoint_of(api)["enabled"] is True

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

    def test_when_one_of_ten_succeeded_then_the_endpoint_stays_enabled(
        self, api: Api, receiver: ScriptedReceiver
    ) -> None:
        receiver.answers = [answering(500)] * 50 + [FINE] + [answering(500)]
        for number in range(10):
            patch(api, f"Name {number}")
            api.in_world("POST", "/settle")

        assert endpoint_of(api)["enabled"] is True

    def test_when_an_endpoint_is_disabled_then_a_redelivery_is_skipped(
        self, api: Api, receiver: ScriptedReceiver
    ) -> None:
        patch(api)
        api.in_world("POST", "/settle")
        endpoint_id = api.world["ids"]["endpoint:app"]
        api.send("PATCH", f"/v1/webhooks/endpoints/{endpoint_id}", token="oat", body={"enabled": False})

        api.send("POST", f"/v1/webhooks/events/{event_of(api)['id']}/redeliver", token="oat")
        api.in_world("POST", "/settle")

        assert len(receiver.sent) == 1
        assert event_of(api)["skipped"] is True

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
