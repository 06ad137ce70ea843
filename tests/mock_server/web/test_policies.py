"""Changing how a running world behaves: invoices, rate limit, session lifetime and webhook endpoints."""

from __future__ import annotations

from typing import Any

import pytest

from mock_server.assembly import MockServer
from tests.mock_server.web.conftest import ACME, Api, problems_of, world_of

ME = "/v1/customer-portal/customers/me"
PRESENT = {
    "invoices": {"generation": "delayed", "delay_seconds": 3.0, "reissue": "as-documented", "automatic": False},
    "rate_limits": None,
    "sessions": {"lifetime_seconds": 3600.0},
    "webhooks": {"kept_events": 10000},
    "journal": {"kept_requests": 10000},
}


class GivenPolicies:
    def test_when_nothing_is_sent_then_it_says_how_they_are(self, api: Api) -> None:
        answer = api.in_world("PATCH", "", {})

        assert {name: answer[name] for name in PRESENT} == PRESENT
        assert answer["webhook_endpoints"]["app"]["url"] == "http://127.0.0.1:3000/hook"

    def test_when_invoices_are_automatic_then_a_reset_schedules_those_of_the_document_again(
        self, server: MockServer
    ) -> None:
        api = world_of(server, {**ACME, "invoices": {"automatic": True}})
        made = api.invoices_made(api.in_world("POST", "/settle")["ran"])

        api.in_world("POST", "/reset")

        assert api.invoices_made(api.in_world("POST", "/settle")["ran"]) == made != []

    @pytest.mark.parametrize(
        ("body", "changed"),
        [
            ({"rate_limits": "sandbox"}, {"rate_limits": {"profile": "sandbox", "requests": 100}}),
            ({"rate_limits": {"requests": 2}}, {"rate_limits": {"profile": "sandbox", "requests": 2}}),
            ({"invoices": {"delay_seconds": 9}}, {"invoices": {**PRESENT["invoices"], "delay_seconds": 9.0}}),  # type: ignore[dict-item]
            ({"sessions": {"lifetime_seconds": 60}}, {"sessions": {"lifetime_seconds": 60.0}}),
            ({"webhooks": {"kept_events": 7}}, {"webhooks": {"kept_events": 7}}),
            ({"sessions": None}, {}),
        ],
    )
    def test_when_one_is_changed_then_the_others_stay_and_a_reset_takes_it_back(
        self, api: Api, body: dict[str, Any], changed: dict[str, Any]
    ) -> None:
        answer = api.in_world("PATCH", "", body)

        assert {name: answer[name] for name in PRESENT} == {**PRESENT, **changed}
        written = api.in_world("GET", "")
        assert {name: written[name] for name in PRESENT} == {**PRESENT, **changed}
        api.in_world("POST", "/reset")
        assert {name: api.in_world("PATCH", "", {})[name] for name in PRESENT} == PRESENT

    def test_when_the_rate_limit_is_changed_then_it_holds_from_the_next_request_on(self, api: Api) -> None:
        api.in_world("PATCH", "", {"rate_limits": {"requests": 1}})

        assert [api.send("GET", ME, token="customer").status_code for _ in range(2)] == [200, 429]
        api.in_world("PATCH", "", {"rate_limits": None})
        assert api.send("GET", ME, token="customer").status_code == 200

    def test_when_the_delay_is_changed_then_invoices_asked_for_before_keep_theirs(self, api: Api) -> None:
        api.send("POST", f"{api.order('paid')}/invoice", token="customer")
        api.in_world("PATCH", "", {"invoices": {"delay_seconds": 60}})
        api.in_world("PATCH", f"/orders/{api.world['ids']['order:foreign']}", {"billing_address": {"country": "FR"}})
        api.send("POST", f"{api.order('foreign')}/invoice", token="other")

        ran = [api.in_world("PATCH", "/clock", {"advance_seconds": seconds})["ran"] for seconds in (4, 60)]

        assert [api.invoices_made(jobs) for jobs in ran] == [
            [api.world["ids"]["order:paid"]],
            [api.world["ids"]["order:foreign"]],
        ]

    def test_when_the_lifetime_is_changed_then_sessions_opened_from_now_on_have_it(self, api: Api) -> None:
        api.in_world("PATCH", "", {"sessions": {"lifetime_seconds": 60}})
        opened = api.send("POST", "/v1/customer-sessions/", token="oat", body={"external_customer_id": "ext-main"}).json

        api.in_world("PATCH", "/clock", {"advance_seconds": 61})

        assert api.send("GET", ME, token=opened["token"]).status_code == 401
        assert api.send("GET", ME, token="customer").status_code == 200

    def test_when_an_endpoint_is_changed_then_the_next_event_goes_there(self, api: Api) -> None:
        api.in_world(
            "PATCH", "", {"webhook_endpoints": {"app": {"url": "http://127.0.0.1:4000/new", "events": ["order.paid"]}}}
        )

        (shown,) = api.send("GET", "/v1/webhooks/endpoints", token="oat").json["items"]
        assert (shown["url"], shown["events"]) == ("http://127.0.0.1:4000/new", ["order.paid"])
        assert shown["modified_at"] is not None
        assert shown["secret"] == api.world["webhook_secrets"]["app"]

    @pytest.mark.parametrize(
        ("body", "path", "said"),
        [
            (
                {"colour": 1},
                "colour",
                "unknown key; possible are: invoices, journal, payments, rate_limits, sessions, versions, webhooks, webhook_endpoints",
            ),
            ({"orders": {}}, "orders", "POST to /orders of the world adds one"),
            ({"subscriptions": {}}, "subscriptions", "can't be changed in a world that is there"),
            ({"scenario": "demo"}, "scenario", "unknown key"),
            (
                {"webhook_endpoints": {"nope": {"url": "x"}}},
                "webhook_endpoints.nope",
                "is not in this world; one of: app",
            ),
            ({"webhook_endpoints": {"app": None}}, "webhook_endpoints.app", "enabled: false disables it"),
            ({"webhook_endpoints": {"app": 5}}, "webhook_endpoints.app", "is 5; it has to be an object"),
            ({"webhook_endpoints": {"app": {"id": "x"}}}, "webhook_endpoints.app.id", "unknown key"),
            ({"webhook_endpoints": {"app": {"url": "ftp://x"}}}, "webhook_endpoints.app.url", 'is "ftp://x"'),
            ({"webhook_endpoints": {"app": {"url": None}}}, "webhook_endpoints.app.url", "is missing"),
            (
                {"webhook_endpoints": {"app": {"events": ["order.payed"]}}},
                "webhook_endpoints.app.events.0",
                "order.paid or",
            ),
            ({"webhook_endpoints": None}, "webhook_endpoints", "is null"),
            ({"sessions": {"lifetime_seconds": 0}}, "sessions.lifetime_seconds", "more than 0"),
            ({"sessions": {"lifetime": 5}}, "sessions.lifetime", "did you mean lifetime_seconds?"),
            ({"invoices": {"delay_seconds": "3"}}, "invoices.delay_seconds", 'is "3"; it has to be a number'),
            ({"rate_limits": "none"}, "rate_limits", "sandbox, production"),
        ],
    )
    def test_when_one_does_not_fit_then_nothing_at_all_changes(
        self, api: Api, body: dict[str, Any], path: str, said: str
    ) -> None:
        before = api.in_world("GET", "")

        assert said in problems_of(api, "PATCH", "", {"invoices": {"automatic": True}, **body})[path]
        assert api.in_world("GET", "") == before
