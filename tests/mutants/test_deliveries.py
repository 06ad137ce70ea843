"""Planted defects of webhooks, checked at a receiver that is independent of the contract tests."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
import requests
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from mock_server.testing import RunningMock, free_port
from mutants.defects import planted
from mutants.proxy import Layer, proxy
from mutants.webhook_proxy import between
from sdk.receiving import receiving

Delivery = dict[str, Any]
Story = tuple[dict[str, Any], list[Delivery]]
"""The created world, and the deliveries that arrived."""


def deliveries_of(mock: RunningMock, layer: Layer) -> Story:
    """Change an order twice; the deliveries that an endpoint for all order events receives."""
    with receiving() as receiver, proxy(mock.base_url, layer) as faulty:
        document = {
            "organization": {"slug": "hooks"},
            "products": {"guide": {"name": "Field Guide", "price_amount": 2500}},
            "customers": {"ada": {"email": "ada@example.com", "name": "Ada Example"}},
            "orders": {"paid": {"customer": "ada", "product": "guide", "status": "paid"}},
            "tokens": {"organization": {"kind": "organization_access_token"}},
            "webhook_endpoints": {"all": {"url": receiver.url, "events": ["order.updated", "order.paid"]}},
        }
        world = asked(faulty.base_url, "POST", "/_mock/worlds", document)
        headers = {"Authorization": f"Bearer {world['tokens']['organization']}"}
        for name in ("First", "Second"):
            path = f"/v1/orders/{world['ids']['order:paid']}"
            asked(faulty.base_url, "PATCH", path, {"billing_name": name}, headers)
            asked(faulty.base_url, "POST", f"/_mock/worlds/{world['id']}/settle")
        path = f"/v1/webhooks/endpoints/{world['ids']['endpoint:all']}"
        world["endpoint"] = asked(faulty.base_url, "GET", path, None, headers)
        world["receiver"] = receiver.url
        assert faulty.mistakes == []
        return world, [{**one["headers"], "body": one["body"]} for one in receiver.got]  # type: ignore[dict-item]  # headers are a mapping


def asked(
    base_url: str, method: str, path: str, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None
) -> dict[str, Any]:
    answer = requests.request(method, base_url + path, json=body, headers=headers, timeout=20)
    answer.raise_for_status()
    parsed: dict[str, Any] = answer.json() if answer.content else {}
    return parsed


def is_signed(delivery: Delivery, secret: str) -> bool:
    try:
        Webhook(base64.b64encode(secret.encode()).decode()).verify(delivery["body"], dict(delivery))
    except WebhookVerificationError:
        return False
    return True


def events(deliveries: list[Delivery]) -> list[dict[str, Any]]:
    return [json.loads(one["body"]) for one in deliveries]


def names(deliveries: list[Delivery]) -> list[str | None]:
    return [event["data"].get("billing_name") for event in events(deliveries)]


class GivenALayerThatPassesOn:
    def test_when_orders_change_then_signed_events_arrive_and_the_endpoint_shows_the_receiver(
        self, good_mock: RunningMock
    ) -> None:
        world, came = deliveries_of(good_mock, between()())
        assert names(came) == ["First", "Second"]
        assert all(is_signed(one, world["webhook_secrets"]["all"]) for one in came)
        assert world["endpoint"]["url"] == world["receiver"]


_ARRIVES: list[tuple[str, Callable[[Story], bool]]] = [
    ("unsigned", lambda story: all("webhook-signature" not in one for one in story[1])),
    ("events come twice", lambda story: names(story[1]) == ["First", "First", "Second", "Second"]),
    ("events come out of order", lambda story: names(story[1]) == ["Second", "First"]),
    ("no event arrives", lambda story: story[1] == []),
    ("the first event is lost", lambda story: names(story[1]) == ["Second"]),
    ("another type", lambda story: {event["type"] for event in events(story[1])} == {"order.changed"}),
    ("every event has the same id", lambda story: len({one["webhook-id"] for one in story[1]}) == 1),
    ("an event with the id alone", lambda story: all(set(event["data"]) == {"id"} for event in events(story[1]))),
    ("the body indented", lambda story: all(one["body"].startswith('{\n  "type"') for one in story[1])),
    ("a timestamp in milliseconds", lambda story: all(len(one["webhook-timestamp"]) == 13 for one in story[1])),
]
_BADLY_SIGNED = [
    *(
        "unsigned",
        "signed with another secret",
        "signed for another body",
        "signed in hexadecimal",
        "signed with SHA-1",
    ),
    *("signed over the body alone", "an old timestamp", "no timestamp", "no webhook-id"),
]


class GivenADefectOfWebhooks:
    @pytest.mark.parametrize(("name", "holds"), _ARRIVES, ids=[name for name, _ in _ARRIVES])
    def test_when_orders_change_then_what_arrives_is_wrong_as_its_name_says(
        self, good_mock: RunningMock, name: str, holds: Callable[[Story], bool]
    ) -> None:
        story = deliveries_of(good_mock, planted(f"webhook: {name}"))
        assert holds(story), story[1]

    @pytest.mark.parametrize("name", _BADLY_SIGNED)
    def test_when_the_signature_is_the_defect_then_a_verifier_refuses_it(
        self, good_mock: RunningMock, name: str
    ) -> None:
        world, came = deliveries_of(good_mock, planted(f"webhook: {name}"))
        assert len(came) == 2
        assert not any(is_signed(one, world["webhook_secrets"]["all"]) for one in came)

    @pytest.mark.parametrize("name", ["an event with another total", "the time of another day", "ids are no UUIDs"])
    def test_when_the_content_is_the_defect_then_its_signature_is_valid(
        self, good_mock: RunningMock, name: str
    ) -> None:
        world, came = deliveries_of(good_mock, planted(f"webhook: {name}"))
        assert [is_signed(one, world["webhook_secrets"]["all"]) for one in came] == [True, True]


def test_when_the_receiver_has_gone_then_the_mock_gets_no_response_and_this_is_no_mistake_of_the_layer(
    good_mock: RunningMock,
) -> None:
    with proxy(good_mock.base_url, between()()) as faulty:
        document = {"webhook_endpoints": {"gone": {"url": f"http://127.0.0.1:{free_port()}", "events": ["order.paid"]}}}
        asked(faulty.base_url, "POST", "/_mock/worlds", document)
        with pytest.raises(requests.ConnectionError):
            requests.post(f"{faulty.base_url}/_hook/0", data=b"{}", timeout=10)
        assert faulty.mistakes == []
