"""Adding a customer, product or token to an existing world; and revoking a token."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mock_server.web.conftest import Api, problems_of

ME = "/v1/customer-portal/customers/me"
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
            ("orders", {"key": "paid", "customer": "main"}, "key"),
            ("orders", {"key": "x", "customer": "main", "id": "{order:paid}"}, "id"),
            ("orders", {"key": "x", "customer": "main", "item_id": "{item:paid}"}, "item_id"),
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
            ("products", {"price_amount": "5"}, "price_amount", "a whole number"),
            ("tokens", {"kind": "oat"}, "kind", 'is "oat"; one of: customer_session'),
            ("tokens", {"kind": "customer_session", "customer": "x"}, "customer", 'is "x"; one of: main, other'),
            ("tokens", {"kind": "member_session", "customer": "main"}, "member", "the customer main has no members"),
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
