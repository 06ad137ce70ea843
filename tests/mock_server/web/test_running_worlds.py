"""Changing a world that is there: its policies and endpoints, one more customer, product or token, a token taken back."""

from __future__ import annotations

from typing import Any

import pytest

from mock_server.assembly import MockServer
from tests.mock_server.web.conftest import ACME, TEAM, Api

ME = "/v1/customer-portal/customers/me"
PRESENT = {
    "invoices": {"generation": "delayed", "delay_seconds": 3.0, "reissue": "as-documented", "automatic": False},
    "rate_limits": None,
    "sessions": {"lifetime_seconds": 3600.0},
}


def problems_of(api: Api, method: str, path: str, body: Any) -> dict[str, str]:
    answer = api.send(method, f"/_mock/worlds/{api.world['id']}{path}", body=body)
    assert answer.status_code == 422, answer.text
    return {problem["path"]: problem["message"] for problem in answer.json["problems"]}


class GivenPolicies:
    def test_when_nothing_is_sent_then_it_says_how_they_are(self, api: Api) -> None:
        answer = api.in_world("PATCH", "", {})

        assert {name: answer[name] for name in PRESENT} == PRESENT
        assert answer["webhook_endpoints"]["app"]["url"] == "http://127.0.0.1:3000/hook"

    @pytest.mark.parametrize(
        ("body", "changed"),
        [
            ({"rate_limits": "sandbox"}, {"rate_limits": {"profile": "sandbox", "requests": 100}}),
            ({"rate_limits": {"requests": 2}}, {"rate_limits": {"profile": "sandbox", "requests": 2}}),
            ({"invoices": {"delay_seconds": 9}}, {"invoices": {**PRESENT["invoices"], "delay_seconds": 9.0}}),  # type: ignore[dict-item]
            ({"sessions": {"lifetime_seconds": 60}}, {"sessions": {"lifetime_seconds": 60.0}}),
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
            ({"colour": 1}, "colour", "unknown key; possible are: invoices, rate_limits, sessions, webhook_endpoints"),
            ({"orders": {}}, "orders", "POST to /orders of the world adds one"),
            ({"subscriptions": {}}, "subscriptions", "can't be changed in a world that is there"),
            ({"scenario": "demo"}, "scenario", "unknown key"),
            (
                {"webhook_endpoints": {"nope": {"url": "x"}}},
                "webhook_endpoints.nope",
                "is not in this world; one of: app",
            ),
            ({"webhook_endpoints": {"app": None}}, "webhook_endpoints.app", "enabled: false silences it"),
            ({"webhook_endpoints": {"app": 5}}, "webhook_endpoints.app", "is 5; it has to be an object"),
            ({"webhook_endpoints": {"app": {"id": "x"}}}, "webhook_endpoints.app.id", "unknown key"),
            ({"webhook_endpoints": {"app": {"url": "ftp://x"}}}, "webhook_endpoints.app.url", 'is "ftp://x"'),
            ({"webhook_endpoints": {"app": {"url": None}}}, "webhook_endpoints.app.url", "is missing"),
            (
                {"webhook_endpoints": {"app": {"events": ["order.payed"]}}},
                "webhook_endpoints.app.events.0",
                "order.paid?",
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


CUSTOMER = {
    "key": "new",
    "email": "new@example.com",
    "name": "Nia New",
    "billing_address": {"country": "DE"},
    "tax_id": "DE123456789",
    "metadata": {"plan": "trial"},
}


class GivenASignUp:
    def test_then_no_new_world_is_needed_and_all_of_it_survives_being_written_down(self, api: Api) -> None:
        customer = api.in_world("POST", "/customers", CUSTOMER)
        product = api.in_world("POST", "/products", {"key": "gold", "price_amount": 5000, "benefits": ["Lounge"]})
        token = api.in_world("POST", "/tokens", {"key": "new", "kind": "customer_session", "customer": "new"})
        order = api.in_world("POST", "/orders", {"key": "first", "customer": "new", "product": "gold"})

        def listed() -> Any:
            return api.send("GET", "/v1/customer-portal/orders/", token=token["token"]).json

        assert customer["ids"] == {"customer:new": customer["id"]}
        assert product["ids"].keys() == {"product:gold", "price:gold", "benefit:gold"}
        assert [item["id"] for item in listed()["items"]] == [order["id"]]
        before = listed()
        document = api.in_world("GET", "")
        api.in_world("DELETE", "")
        api.world = api.control("POST", "/worlds", document)

        assert listed() == before
        assert api.world["tokens"]["new"] == token["token"]
        assert api.world["ids"]["customer:new"] == customer["id"]
        assert api.in_world("GET", "") == document

    def test_when_the_world_is_reset_then_it_is_gone(self, api: Api) -> None:
        api.in_world("POST", "/customers", CUSTOMER)
        token = api.in_world("POST", "/tokens", {"key": "new", "kind": "customer_session", "customer": "new"})["token"]

        made = api.in_world("POST", "/reset")

        assert (made["ids"], made["tokens"]) == (api.world["ids"], api.world["tokens"])
        assert api.send("GET", ME, token=token).status_code == 401
        api.in_world("POST", "/customers", CUSTOMER)

    def test_when_a_customer_has_members_then_each_can_have_a_token(self, team: Api) -> None:
        members = {"owner": {"role": "owner"}, "clerk": {}}
        ids = team.in_world("POST", "/customers", {"key": "two", "members": members})["ids"]
        token = {"kind": "member_session", "customer": "two"}

        assert ids.keys() == {"customer:two", "member:two.owner", "member:clerk"}
        for key in members:
            text = team.in_world("POST", "/tokens", {"key": f"two_{key}", **token, "member": key})["token"]
            shown = team.send("GET", "/v1/customer-portal/customer-session/user", token=text).json
            assert shown["member_id"] == ids["member:two.owner" if key == "owner" else "member:clerk"]

    @pytest.mark.parametrize("section", ["customers", "products", "tokens", "orders"])
    @pytest.mark.parametrize(
        ("key", "said"),
        [(None, "is missing; a new"), ("", 'is ""; a new'), (5, "is 5; a new"), (["x"], "is a list; a new")],
        ids=["none", "empty", "number", "list"],
    )
    def test_when_it_has_no_name_then_it_is_asked_for_one(self, api: Api, section: str, key: Any, said: str) -> None:
        body = {"kind": "organization_access_token", "key": key} if section == "tokens" else {"key": key}

        assert problems_of(api, "POST", f"/{section}", body)["key"].startswith(said)

    @pytest.mark.parametrize(
        ("section", "body", "path"),
        [
            ("customers", {"key": "main"}, "key"),
            ("products", {"key": "pro"}, "key"),
            ("tokens", {"key": "customer", "kind": "customer_session", "customer": "main"}, "key"),
            ("customers", {"key": "x", "id": "{customer:main}"}, "id"),
            ("products", {"key": "x", "price_id": "{price:pro}"}, "price_id"),
            ("tokens", {"key": "x", "kind": "customer_session", "customer": "main", "token": "{token}"}, "token"),
        ],
    )
    def test_when_a_name_an_id_or_a_token_is_taken_then_it_is_refused_and_nothing_is_added(
        self, api: Api, section: str, body: dict[str, str], path: str
    ) -> None:
        known = {**api.world["ids"], "token": api.world["tokens"]["customer"]}
        body = {name: known.get(value.strip("{}"), value) if value[0] == "{" else value for name, value in body.items()}
        before = api.in_world("GET", "")

        answer = api.send("POST", f"/_mock/worlds/{api.world['id']}/{section}", body=body)

        assert (answer.status_code, answer.json["path"]) == (409, path)
        assert api.in_world("GET", "") == before

    @pytest.mark.parametrize(
        ("section", "body", "path", "said"),
        [
            ("customers", {"emial": "x"}, "emial", "did you mean email?"),
            ("customers", {"billing_address": {}}, "billing_address.country", "is missing; an address needs"),
            ("products", {"price_amount": "5"}, "price_amount", "a whole number"),
            ("products", {"metadata": {"x": None}}, "metadata", "an object of texts, finite numbers and booleans"),
            ("tokens", {}, "kind", "is missing; one of: customer_session, member_session"),
            ("tokens", {"kind": "oat"}, "kind", 'is "oat"; one of: customer_session'),
            ("tokens", {"kind": "customer_session"}, "customer", "is missing; one of: main, other"),
            ("tokens", {"kind": "customer_session", "customer": "x"}, "customer", 'is "x"; one of: main, other'),
            ("tokens", {"kind": "member_session", "customer": "main"}, "member", "the customer main has no members"),
            ("orders", {"customer": "main", "product": "x"}, "product", 'is "x"; one of: pro, club'),
            ("orders", {"customer": "main", "subscription": "x"}, "subscription", "this world has no subscriptions"),
        ],
    )
    def test_when_it_does_not_fit_then_it_says_where(
        self, api: Api, section: str, body: dict[str, Any], path: str, said: str
    ) -> None:
        assert said in problems_of(api, "POST", f"/{section}", {"key": "x", **body})[path]


class GivenATokenThatIsTakenBack:
    def test_then_it_is_refused_as_an_unknown_one_is_and_its_name_is_free(self, api: Api) -> None:
        unknown = api.send("GET", ME, token="polar_cst_unknown")

        assert api.in_world("DELETE", "/tokens/customer") is None

        refused = api.send("GET", ME, token="customer")
        assert (refused.status_code, refused.data) == (401, unknown.data)
        assert refused.headers.get("WWW-Authenticate") == unknown.headers.get("WWW-Authenticate")
        assert "customer" not in api.in_world("GET", "")["tokens"]
        again = api.in_world("POST", "/tokens", {"key": "customer", "kind": "customer_session", "customer": "main"})
        assert api.send("GET", ME, token=again["token"]).status_code == 200
        assert api.send("GET", ME, token="customer").status_code == 401

    def test_when_the_world_is_reset_then_it_works_again(self, api: Api) -> None:
        api.in_world("DELETE", "/tokens/customer")

        assert api.in_world("POST", "/reset")["tokens"] == api.world["tokens"]
        assert api.send("GET", ME, token="customer").status_code == 200

    def test_when_a_session_was_opened_over_the_api_then_its_name_is_the_documents(self, api: Api) -> None:
        body = {"external_customer_id": "ext-main"}
        opened = api.send("POST", "/v1/customer-sessions/", token="oat", body=body).json["token"]
        (name,) = [key for key, one in api.in_world("GET", "")["tokens"].items() if one["token"] == opened]

        api.in_world("DELETE", f"/tokens/{name}")

        assert api.send("GET", ME, token=opened).status_code == 401

    def test_when_there_is_no_such_name_then_it_says_which_there_are(self, api: Api) -> None:
        answer = api.send("DELETE", f"/_mock/worlds/{api.world['id']}/tokens/nope")

        assert (answer.status_code, answer.json["error"]) == (404, "TokenUnknown")
        assert "customer, other" in answer.json["detail"]


class GivenAScenarioWithChanges:
    @pytest.mark.parametrize("word", ["scenario", "extends"])
    def test_then_any_number_of_such_worlds_can_be(self, server: MockServer, word: str) -> None:
        api = Api(server)
        body = {word: "demo", "orders": {"extra": {"customer": "main"}}, "invoices": {"generation": "immediate"}}

        first, second = (api.control("POST", "/worlds", body) for _ in range(2))

        assert "order:extra" in first["ids"]
        assert set(first["ids"].values()).isdisjoint(second["ids"].values())
        assert api.control("GET", f"/worlds/{first['id']}")["invoices"]["generation"] == "immediate"


@pytest.mark.parametrize("document", [ACME, TEAM], ids=["customers", "members"])
def test_a_written_document_is_written_the_same_again(server: MockServer, document: dict[str, Any]) -> None:
    api = Api(server)
    api.world = api.control("POST", "/worlds", document)
    written = api.in_world("GET", "")
    api.in_world("DELETE", "")

    again = api.control("POST", "/worlds", written)

    assert api.control("GET", f"/worlds/{again['id']}") == written
