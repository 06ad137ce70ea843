"""`customer.updated` of unchanged records and of members, its message to channels, and asking for it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mock_server.assembly import MockServer
from tests.mock_server.web.conftest import ACME, TEAM, Api, world_of

ME = "/v1/customer-portal/customers/me"
UPDATED = "customer.updated"


def a_world(server: MockServer, document: dict[str, Any], **formats: str) -> Api:
    """A world whose endpoints subscribe to customer changes, one in each format."""
    endpoints = {
        name: {"url": f"http://127.0.0.1:3000/{name}", "events": [UPDATED], "format": form}
        for name, form in formats.items()
    }
    return world_of(server, {**document, "webhook_endpoints": endpoints})


def patch(api: Api, body: dict[str, Any], token: str = "customer") -> int:
    return int(api.send("PATCH", ME, token=token, body=body).status_code)


class GivenAnEndpointThatWantsCustomers:
    @pytest.mark.parametrize("body", [{}, {"tax_id": None}], ids=["nothing", "null"])
    def test_when_the_record_is_written_but_does_not_change_then_the_event_is_raised_too(
        self, server: MockServer, body: dict[str, Any]
    ) -> None:
        raw = a_world(server, ACME, raw="raw")

        patch(raw, body)

        assert len(raw.events(UPDATED)) == 1

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
    def test_when_it_asks_for_customers_over_the_api_then_it_is(self, api: Api) -> None:
        body = {"url": "https://example.com/hook", "format": "raw", "events": [UPDATED]}
        made = api.send("POST", "/v1/webhooks/endpoints", token="oat", body=body)
        assert (made.status_code, made.json["events"]) == (201, [UPDATED])

        patch(api, {"billing_name": "Jane & Co"})

        assert [event["endpoint_id"] for event in api.events(UPDATED)] == [made.json["id"]]
