"""Webhook endpoints over HTTP: the form of a new secret, the order of the list, and events that nobody is to get."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mock_server.web.conftest import Api

ENDPOINTS = "/v1/webhooks/endpoints"
NEW = {"url": "https://example.com/hook", "format": "raw", "events": ["order.updated"]}


def create(api: Api, **more: Any) -> Any:
    return api.send("POST", ENDPOINTS, token="oat", body={**NEW, **more}).json


class GivenANewEndpoint:
    def test_then_it_is_its_organizations_with_a_secret_of_the_services_form_and_is_listed_first(
        self, api: Api
    ) -> None:
        made = create(api)

        assert made["secret"].startswith("polar_whs_")
        assert len(made["secret"]) == 53
        assert made["organization_id"] == api.world["ids"]["organization:acme"]
        (first,) = api.send("GET", f"{ENDPOINTS}?limit=1", token="oat").json["items"]
        assert first["id"] == made["id"]

    def test_when_an_organization_is_named_then_the_refusal_says_why(self, api: Api) -> None:
        organization_id = api.world["ids"]["organization:acme"]

        assert create(api, organization_id=organization_id)["detail"] == [
            {
                "type": "organization_token",
                "loc": ["body", "organization_id"],
                "msg": "Setting organization_id is disallowed when using an organization token.",
                "input": organization_id,
            }
        ]

    def test_when_it_is_deleted_then_the_empty_answer_names_a_type_and_the_list_does_not_have_it(
        self, api: Api
    ) -> None:
        answer = api.send("DELETE", f"{ENDPOINTS}/{create(api)['id']}", token="oat")

        assert (answer.data, answer.headers["Content-Type"]) == (b"", "application/json")
        assert api.send("GET", ENDPOINTS, token="oat").json["pagination"]["total_count"] == 1

    @pytest.mark.parametrize(("method", "body"), [("PATCH", {"enabled": False}), ("DELETE", None)])
    def test_when_it_is_off_or_gone_then_no_event_is_raised_for_it(self, api: Api, method: str, body: Any) -> None:
        api.send(method, f"{ENDPOINTS}/{create(api)['id']}", token="oat", body=body)

        api.send("PATCH", api.order("paid"), token="customer", body={})

        assert [event["endpoint_id"] for event in api.events()] == [api.world["ids"]["endpoint:app"]]
