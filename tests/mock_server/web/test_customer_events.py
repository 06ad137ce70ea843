"""`customer.updated`: its receivers, its time and its payload."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mock_server.assembly import MockServer
from tests.mock_server.web.conftest import ACME, TEAM, Api

ME = "/v1/customer-portal/customers/me"
UPDATED = "customer.updated"
ADDRESS = {"country": "FR", "city": "Lyon"}


def a_world(server: MockServer, document: dict[str, Any], **formats: str) -> Api:
    """A world whose endpoints subscribe to customer changes, one in each format."""
    endpoints = {
        name: {"url": f"http://127.0.0.1:3000/{name}", "events": [UPDATED], "format": form}
        for name, form in formats.items()
    }
    api = Api(server)
    api.world = api.control("POST", "/worlds", {**document, "webhook_endpoints": endpoints})
    return api


@pytest.fixture
def raw(server: MockServer) -> Api:
    return a_world(server, ACME, raw="raw")


def patch(api: Api, body: dict[str, Any], token: str = "customer") -> int:
    return int(api.send("PATCH", ME, token=token, body=body).status_code)


class GivenAnEndpointThatWantsCustomers:
    @pytest.mark.parametrize(
        "body",
        [{"billing_name": "Jane & Co"}, {"billing_address": ADDRESS}, {"tax_id": "12-3456789"}, {}, {"tax_id": None}],
        ids=["name", "address", "tax number", "nothing", "null"],
    )
    def test_when_the_customer_changes_its_record_then_one_event_shows_the_organizations_customer(
        self, raw: Api, body: dict[str, Any]
    ) -> None:
        assert patch(raw, body) == 200

        (event,) = raw.events(UPDATED)
        payload = json.loads(event["payload"])
        shown = raw.send("GET", raw.org_order("paid"), token="oat").json["customer"]
        assert (event["type"], payload["type"], payload["data"]) == (UPDATED, UPDATED, shown)

    def test_then_it_shows_the_record_after_the_change_and_later_ones_do_not_alter_it(self, raw: Api) -> None:
        patch(raw, {"billing_address": ADDRESS})
        patch(raw, {"billing_address": {"country": "DE"}})

        countries = [
            json.loads(event["payload"])["data"]["billing_address"]["country"] for event in raw.events(UPDATED)
        ]
        assert countries == ["FR", "DE"]

    @pytest.mark.parametrize(
        ("body", "status"),
        [({"billing_address": None}, 422), ({"billing_name": 1}, 422)],
        ids=["a rule is broken", "a field is malformed"],
    )
    def test_when_the_change_is_refused_then_no_event_is_raised(
        self, raw: Api, body: dict[str, Any], status: int
    ) -> None:
        assert patch(raw, body) == status

        assert raw.events(UPDATED) == []

    def test_when_orders_change_or_the_record_is_read_then_no_event_is_raised(self, raw: Api) -> None:
        raw.send("GET", ME, token="customer")
        raw.send("PATCH", raw.order("paid"), token="customer", body={"billing_name": "Someone"})
        raw.in_world("PATCH", f"/orders/{raw.world['ids']['order:unpaid']}", {"status": "paid"})

        assert raw.events(UPDATED) == []

    def test_when_a_member_changes_the_record_then_the_event_is_raised_too(self, server: MockServer) -> None:
        team = a_world(server, TEAM, raw="raw")

        assert patch(team, {"billing_name": "Team Ltd"}, token="billing") == 200

        assert [json.loads(event["payload"])["data"]["email"] for event in team.events(UPDATED)] == ["team@example.com"]

    def test_when_another_format_is_wanted_then_the_message_names_object_and_organization(
        self, server: MockServer
    ) -> None:
        api = a_world(server, ACME, discord="discord", slack="slack")
        customer_id = api.world["ids"]["customer:main"]

        patch(api, {})

        discord, slack = (json.loads(event["payload"]) for event in api.events(UPDATED))
        facts = [{"name": "Object", "value": customer_id}, {"name": "Organization", "value": "Acme Inc."}]
        assert (discord["content"], discord["embeds"][0]["title"], discord["embeds"][0]["fields"]) == (
            *(UPDATED, UPDATED),
            facts,
        )
        assert (slack["text"], [field["text"] for field in slack["blocks"][0]["fields"]]) == (
            UPDATED,
            [f"*Object*\n{customer_id}", "*Organization*\nAcme Inc."],
        )


class GivenAnEndpointThatWantsOrdersOnly:
    def test_when_the_customer_changes_its_record_then_no_event_is_sent(self, api: Api) -> None:
        patch(api, {"billing_name": "Jane & Co"})

        assert api.in_world("GET", "/deliveries")["items"] == []

    def test_when_it_asks_for_customers_over_the_api_then_it_is(self, api: Api) -> None:
        body = {"url": "https://example.com/hook", "format": "raw", "events": [UPDATED]}
        made = api.send("POST", "/v1/webhooks/endpoints", token="oat", body=body)
        assert (made.status_code, made.json["events"]) == (201, [UPDATED])

        patch(api, {"billing_name": "Jane & Co"})

        assert [event["endpoint_id"] for event in api.events(UPDATED)] == [made.json["id"]]
