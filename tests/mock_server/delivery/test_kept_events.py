"""A world keeps a bounded number of webhook events: the oldest that are over are forgotten with their deliveries."""

from __future__ import annotations

import pytest

from tests.mock_server.delivery.conftest import a_world, patch
from tests.mock_server.delivery.receivers import ScriptedReceiver
from tests.mock_server.web.conftest import Api


def keeping(api: Api, number: int) -> Api:
    api.in_world("PATCH", "", {"webhooks": {"kept_events": number}})
    return api


def ids_of_events(api: Api) -> list[str]:
    """Oldest first."""
    return [event["id"] for event in api.in_world("GET", "/deliveries")["items"]]


class GivenAWorldThatKeepsTwentyEvents:
    def test_when_there_are_a_tenth_more_then_the_oldest_are_forgotten_with_their_deliveries(self, api: Api) -> None:
        keeping(api, 20)
        seen: list[int] = []
        for _ in range(50):
            patch(api)
            api.in_world("POST", "/settle")
            events = api.in_world("GET", "/deliveries")["items"]
            seen.append(len(events))
            assert all(event["attempts"] for event in events)
        listed = api.send("GET", "/v1/webhooks/deliveries?limit=100", token="oat").json

        assert seen[:22] == list(range(1, 23)), "none is forgotten before there are a tenth more"
        assert set(seen[22:]) <= {21, 22, 23}
        assert len(listed["items"]) == listed["pagination"]["total_count"] == seen[-1]

    def test_when_one_is_forgotten_then_it_cannot_be_sent_again(self, api: Api) -> None:
        keeping(api, 1)
        patch(api)
        api.in_world("POST", "/settle")
        (first,) = ids_of_events(api)
        for _ in range(2):
            patch(api)
            api.in_world("POST", "/settle")

        assert first not in ids_of_events(api)
        assert api.send("POST", f"/v1/webhooks/events/{first}/redeliver", token="oat").status_code == 404

    def test_when_they_wait_to_be_sent_then_none_is_forgotten_and_all_arrive(
        self, api: Api, receiver: ScriptedReceiver
    ) -> None:
        keeping(api, 3)
        for number in range(12):
            patch(api, f"Name {number}")
        assert len(ids_of_events(api)) == 12

        api.in_world("POST", "/settle")
        names = [body.decode().partition('"billing_name":"')[2].partition('"')[0] for _, _, body in receiver.sent]

        assert names == [f"Name {number}" for number in range(12)]

    def test_when_one_is_to_be_sent_again_then_it_is_not_forgotten_before(
        self, api: Api, receiver: ScriptedReceiver
    ) -> None:
        keeping(api, 1)
        patch(api, "First")
        api.in_world("POST", "/settle")
        (first,) = ids_of_events(api)
        assert api.send("POST", f"/v1/webhooks/events/{first}/redeliver", token="oat").status_code == 202
        for number in range(3):
            patch(api, f"Later {number}")
        api.in_world("POST", "/settle")

        assert [body.count(b'"First"') for _, _, body in receiver.sent][:2] == [1, 1]


@pytest.mark.parametrize("kept", [0, -1])
def test_when_a_world_would_keep_none_then_it_is_refused(api: Api, kept: int) -> None:
    answer = api.send("POST", "/_mock/worlds", body={"webhooks": {"kept_events": kept}})

    assert answer.status_code == 422
    assert answer.json["problems"] == [
        {"path": "webhooks.kept_events", "message": f"is {kept}; it has to be at least 1"},
    ]


def test_when_a_document_says_how_many_then_its_world_keeps_as_many(api: Api) -> None:
    assert a_world(api).in_world("PATCH", "", {})["webhooks"] == {"kept_events": 10_000}
