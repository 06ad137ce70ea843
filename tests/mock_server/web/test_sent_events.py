"""Events on demand: any type, with the caller's data or that of an order of the world."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from mock_server.assembly import MockServer, Settings, assemble
from mock_server.delivery.addresses import WebhookAddress
from mock_server.delivery.sending import Receipt
from mock_server.domain.cancellation import Cancellation
from mock_server.domain.event_types import EVENT_TYPES
from mock_server.domain.webhooks import OrderEvent
from polar_contract import revisions
from tests.mock_server.factories import NOW
from tests.mock_server.web.conftest import ACME, UNKNOWN_ID, Api, problems_of, world_of

HOOK = "http://127.0.0.1:3000/hook"
ALL = {"url": HOOK, "events": list(EVENT_TYPES)}


@pytest.fixture(scope="module")
def received() -> list[dict[str, Any]]:
    return []


@pytest.fixture(scope="module")
def receiving_server(received: list[dict[str, Any]]) -> MockServer:
    def receive(
        address: WebhookAddress, headers: Mapping[str, str], body: bytes, cancellation: Cancellation
    ) -> Receipt:
        received.append(json.loads(body))
        return Receipt(200, "ok")

    return assemble(Settings(), wall=lambda: NOW, send=receive)


@pytest.fixture
def hooked(receiving_server: MockServer, received: list[dict[str, Any]]) -> Iterator[Api]:
    """A world whose one endpoint subscribes to everything, and whose receiver answers 200."""
    received.clear()
    api = world_of(receiving_server, {**ACME, "webhook_endpoints": {"app": ALL}})
    yield api
    api.in_world("DELETE", "")


def post(api: Api, body: Any) -> Any:
    return api.send("POST", f"/_mock/worlds/{api.world['id']}/events", body=body)


class GivenAnEventOfATypeThatTheMockNeverRaises:
    def test_when_it_is_sent_then_the_endpoint_gets_it_before_the_answer(
        self, hooked: Api, received: list[dict[str, Any]]
    ) -> None:
        answer = post(hooked, {"type": "subscription.updated", "data": {"id": "s1", "status": "past_due"}})

        assert answer.status_code == 201
        assert [(event["type"], event["data"]) for event in received] == [
            ("subscription.updated", {"id": "s1", "status": "past_due"})
        ]
        (event,) = answer.json["events"]
        assert (event["succeeded"], event["attempts"][0]["http_code"]) == (True, 200)
        assert hooked.in_world("GET", "/deliveries")["items"] == [event]
        assert json.loads(event["payload"]) == received[0]

    def test_when_the_clock_is_held_then_it_is_sent_as_well(self, hooked: Api) -> None:
        hooked.in_world("PATCH", "/clock", {"mode": "held"})

        assert post(hooked, {"type": "benefit.created", "data": {}}).json["events"][0]["succeeded"] is True

    @pytest.mark.parametrize("event_type", sorted(set(EVENT_TYPES) - set(OrderEvent)))
    def test_then_its_data_may_be_anything(self, hooked: Api, event_type: str) -> None:
        assert post(hooked, {"type": event_type, "data": {"x": [1, None]}}).status_code == 201


class GivenAnEventAboutAnOrder:
    @pytest.mark.parametrize("event_type", list(OrderEvent))
    @pytest.mark.parametrize("revision", [known.revision for known in revisions()])
    @pytest.mark.parametrize("key", ["paid", "no_name"])
    def test_when_it_names_the_order_then_the_data_is_that_of_the_revision(
        self, receiving_server: MockServer, received: list[dict[str, Any]], event_type: str, revision: str, key: str
    ) -> None:
        received.clear()
        api = world_of(receiving_server, {**ACME, "revision": revision, "webhook_endpoints": {"app": ALL}})

        answer = post(api, {"type": event_type, "order": key})

        assert answer.status_code == 201, answer.text
        assert received[0]["type"] == event_type
        assert received[0]["data"]["id"] == api.world["ids"][f"order:{key}"]
        api.in_world("DELETE", "")

    def test_when_it_gives_the_id_and_some_fields_then_these_replace_those_of_the_order(self, hooked: Api) -> None:
        order_id = hooked.world["ids"]["order:paid"]

        answer = post(hooked, {"type": "order.updated", "order": order_id, "data": {"status": "refunded"}})

        assert (answer.json["data"]["id"], answer.json["data"]["status"]) == (order_id, "refunded")
        # The order itself is as it was.
        assert hooked.in_world("GET", "")["orders"]["paid"]["status"] == "paid"

    @pytest.mark.parametrize(
        ("data", "path", "message"),
        [
            ({"status": "payed"}, "data.status", 'is "payed"; it has to be one of: '),
            ({"status": None}, "data.status", "is null; it has to be one of: "),
            ({"id": 7}, "data.id", "is 7; it has to be a text"),
            ({"billing_name": 5}, "data.billing_name", "is 5; it has to be a text or null"),
            ({"created_at": "now"}, "data.created_at", 'is "now"; it has to be a time such as 2026-'),
            ({"metadata": {"a": []}}, "data.metadata.a", "is a list; it has to be a text or a whole number or"),
            ({"items": [{"label": "x"}]}, "data.items.0.amount", "is missing"),
            ({"customer": {}}, "data.customer.id", "is missing"),
            ({"billing_address": {"line1": "x"}}, "data.billing_address.country", "is missing"),
            ({"status": "\ud800"}, "data", "is an object; it has to be JSON that a schema can be applied to"),
        ],
    )
    def test_when_a_field_is_not_as_the_document_says_then_its_path_and_what_is_allowed_are_named(
        self, hooked: Api, received: list[dict[str, Any]], data: Any, path: str, message: str
    ) -> None:
        problems = problems_of(hooked, "POST", "/events", {"type": "order.paid", "order": "paid", "data": data})

        assert problems[path].startswith(message)
        assert received == []
        assert hooked.in_world("GET", "/deliveries")["items"] == []


class GivenABodyThatDescribesNoEvent:
    @pytest.mark.parametrize(
        ("body", "path", "message"),
        [
            ({}, "type", "is missing; it has to be one of: checkout.created, checkout.updated"),
            ({"type": 5}, "type", "is 5; it has to be a text"),
            ({"type": "order.payed"}, "type", "did you mean order.paid or order.updated or order.created?"),
            ({"type": "x"}, "type", "possible are: checkout.created, checkout.updated"),
            ({"type": "order.paid"}, "data", "or `order`, the name or id of the order that it is about"),
            ({"type": "product.updated"}, "data", "is missing; give the event's data, an object"),
            ({"type": "product.updated", "data": []}, "data", "is a list; it has to be an object"),
            ({"type": "product.updated", "order": "paid"}, "order", "goes with these types only: order.created, order"),
            ({"type": "order.paid", "order": "payed"}, "order", "one of: paid, unpaid, no_name, foreign"),
            ({"type": "order.paid", "order": UNKNOWN_ID}, "order", "neither the name nor the id of an order of this"),
            ({"type": "order.paid", "order": 5}, "order", "is 5; it has to be a text"),
            ({"type": "order.paid", "datas": {}}, "datas", "unknown key; did you mean data?"),
        ],
    )
    def test_then_the_path_is_named_with_what_is_possible(self, api: Api, body: Any, path: str, message: str) -> None:
        assert message in problems_of(api, "POST", "/events", body)[path]


class GivenNoEndpointThatWouldGetIt:
    @pytest.mark.parametrize(
        ("endpoints", "detail"),
        [
            ({}, "this world has no webhook endpoint"),
            (
                {"app": {"url": HOOK, "events": ["order.paid"]}},
                "no endpoint of this world subscribes to product.updated;",
            ),
            ({"app": {**ALL, "enabled": False}}, "every endpoint that subscribes to product.updated is disabled"),
        ],
    )
    def test_then_the_answer_says_why_nothing_was_sent(self, server: MockServer, endpoints: Any, detail: str) -> None:
        api = world_of(server, {**ACME, "webhook_endpoints": endpoints})

        answer = post(api, {"type": "product.updated", "data": {}})

        assert (answer.status_code, answer.json["events"]) == (201, [])
        assert answer.json["detail"].startswith(detail)


class GivenAReceiverThatIsDown:
    def test_then_the_event_is_kept_with_its_failed_attempt_and_tried_again_later(self, api: Api) -> None:
        (event,) = post(api, {"type": "order.paid", "order": "paid"}).json["events"]

        assert (event["succeeded"], len(event["attempts"])) == (None, 1)
        assert api.in_world("POST", "/settle")["ran"] != []


class GivenAnEndpointOfAChannel:
    def test_when_the_object_is_not_of_the_mock_then_the_message_names_its_id(self, server: MockServer) -> None:
        api = world_of(server, {**ACME, "webhook_endpoints": {"app": {**ALL, "format": "slack"}}})

        (event,) = post(api, {"type": "product.updated", "data": {"id": "p1"}}).json["events"]

        assert "*Object*\\np1" in event["payload"]
