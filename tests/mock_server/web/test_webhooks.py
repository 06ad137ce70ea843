"""Webhook endpoints, deliveries and redelivery over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mock_server.web.conftest import UNKNOWN_ID, Api

ENDPOINTS = "/v1/webhooks/endpoints"
NEW = {"url": "https://example.com/hook", "format": "raw", "events": ["order.updated"]}


def create(api: Api, **more: Any) -> Any:
    return api.send("POST", ENDPOINTS, token="oat", body={**NEW, **more})


class GivenANewEndpoint:
    def test_then_it_is_enabled_and_has_a_secret_of_the_services_form(self, api: Api) -> None:
        made = create(api).json

        assert made["enabled"] is True
        assert made["secret"].startswith("polar_whs_")
        assert len(made["secret"]) == 53
        assert made["organization_id"] == api.world["ids"]["organization:acme"]

    @pytest.mark.parametrize(
        ("more", "kind", "loc"),
        [
            ({"url": "http://example.com"}, "url_scheme", ["body", "url"]),
            ({"url": "https://localhost/x"}, "value_error", ["body", "url"]),
            ({"url": "https://10.0.0.1/x"}, "value_error", ["body", "url"]),
            ({"url": "nope"}, "url_parsing", ["body", "url"]),
            ({"events": ["order.exploded"]}, "enum", ["body", "events", 0]),
            ({"format": "xml"}, "enum", ["body", "format"]),
            ({"secret": "short"}, "string_too_short", ["body", "secret"]),
        ],
    )
    def test_when_a_field_is_wrong_then_it_is_refused(
        self, api: Api, more: dict[str, Any], kind: str, loc: list[Any]
    ) -> None:
        answer = create(api, **more)

        assert answer.status_code == 422
        assert [(item["type"], item["loc"]) for item in answer.json["detail"]] == [(kind, loc)]

    def test_when_an_organization_is_named_then_it_is_refused(self, api: Api) -> None:
        organization_id = api.world["ids"]["organization:acme"]

        answer = create(api, organization_id=organization_id)

        assert answer.status_code == 422
        assert answer.json["detail"] == [
            {
                "type": "organization_token",
                "loc": ["body", "organization_id"],
                "msg": "Setting organization_id is disallowed when using an organization token.",
                "input": organization_id,
            }
        ]


class GivenAnEndpoint:
    @pytest.fixture
    def endpoint(self, api: Api) -> str:
        return f"{ENDPOINTS}/{create(api).json['id']}"

    def test_when_it_is_changed_then_null_leaves_a_field_alone(self, api: Api, endpoint: str) -> None:
        api.send("PATCH", endpoint, token="oat", body={"name": "N", "enabled": False})

        answer = api.send("PATCH", endpoint, token="oat", body={"name": None, "url": None})

        assert answer.json is not None
        assert (answer.json["name"], answer.json["url"], answer.json["enabled"]) == ("N", NEW["url"], False)

    def test_when_its_secret_is_reset_then_it_is_another(self, api: Api, endpoint: str) -> None:
        before = api.send("GET", endpoint, token="oat").json["secret"]

        assert api.send("PATCH", f"{endpoint}/secret", token="oat").json["secret"] != before
        assert api.send("POST", f"{endpoint}/secret", token="oat").status_code == 405

    def test_when_it_is_deleted_then_it_is_gone_and_raises_nothing(self, api: Api, endpoint: str) -> None:
        answer = api.send("DELETE", endpoint, token="oat")

        assert (answer.status_code, answer.data) == (204, b"")
        assert answer.headers["Content-Type"] == "application/json"
        for method in ("GET", "DELETE"):
            assert api.send(method, endpoint, token="oat").status_code == 404
        api.send("PATCH", api.order("paid"), token="customer", body={})
        assert len(api.events()) == 1

    def test_when_it_is_disabled_then_it_gets_no_events(self, api: Api, endpoint: str) -> None:
        api.send("PATCH", endpoint, token="oat", body={"enabled": False})

        api.send("PATCH", api.order("paid"), token="customer", body={})

        assert [event["endpoint_id"] for event in api.events()] == [api.world["ids"]["endpoint:app"]]

    def test_then_the_list_shows_the_newest_first(self, api: Api, endpoint: str) -> None:
        answer = api.send("GET", f"{ENDPOINTS}?limit=1", token="oat")

        assert [item["id"] for item in answer.json["items"]] == [endpoint.rpartition("/")[2]]
        assert answer.json["pagination"] == {"total_count": 2, "max_page": 2}


class GivenEvents:
    def test_when_an_order_is_paid_then_updated_comes_before_paid(self, api: Api) -> None:
        order_id = api.world["ids"]["order:unpaid"]

        api.in_world("PATCH", f"/orders/{order_id}", {"status": "paid"})

        assert [event["type"] for event in api.in_world("GET", "/deliveries")["items"]] == [
            "order.updated",
            "order.paid",
        ]

    def test_then_they_can_be_redelivered_by_their_organization_only(self, api: Api, team: Api) -> None:
        api.send("PATCH", api.order("paid"), token="customer", body={})
        event = f"/v1/webhooks/events/{api.events()[0]['id']}/redeliver"

        assert api.send("POST", event, token="oat").status_code == 202
        assert team.send("POST", event, token="oat").status_code == 404
        assert api.send("POST", f"/v1/webhooks/events/{UNKNOWN_ID}/redeliver", token="oat").status_code == 404

    @pytest.mark.parametrize(
        "query", ["", "?succeeded=true", "?http_code_class=2xx", "?start_timestamp=2026-01-01T00:00:00Z", "?query=x"]
    )
    def test_when_nothing_was_delivered_then_the_list_is_empty(self, api: Api, query: str) -> None:
        answer = api.send("GET", f"/v1/webhooks/deliveries{query}", token="oat")

        assert answer.json == {"items": [], "pagination": {"total_count": 0, "max_page": 0}}

    def test_when_a_time_has_no_zone_then_it_is_refused(self, api: Api) -> None:
        answer = api.send("GET", "/v1/webhooks/deliveries?start_timestamp=2026-01-01T00:00:00", token="oat")

        assert answer.status_code == 422
