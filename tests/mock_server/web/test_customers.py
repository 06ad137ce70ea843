"""The portal's customer: reading and changing one's own record, and asking whom a token stands for."""

from __future__ import annotations

from typing import Any

import pytest

from mock_server.assembly import MockServer
from tests.mock_server.web.conftest import ACME, Api

ME = "/v1/customer-portal/customers/me"
SESSION = "/v1/customer-portal/customer-session"
PARIS = {"country": "FR", "city": "Paris"}


def change(api: Api, body: dict[str, Any], token: str = "other") -> Any:
    return api.send("PATCH", ME, token=token, body=body)


class GivenACustomer:
    def test_then_the_billing_name_falls_back_to_the_name(self, api: Api) -> None:
        shown = api.send("GET", ME, token="customer").json

        assert (shown["name"], shown["billing_name"], shown["type"]) == ("Jane Doe", "Jane Doe", "individual")
        assert shown["oauth_accounts"] == {}

    def test_when_billing_details_change_then_new_orders_take_them_and_old_ones_keep_theirs(self, api: Api) -> None:
        before = api.send("GET", api.order("foreign"), token="other").json["billing_name"]

        answer = change(api, {"billing_name": "Bob & Sons", "billing_address": PARIS})
        made = api.in_world("POST", "/orders", {"key": "new", "customer": "other"})

        assert answer.status_code == 200
        new = api.send("GET", f"/v1/customer-portal/orders/{made['id']}", token="other").json
        assert (new["billing_name"], new["billing_address"]["city"]) == ("Bob & Sons", "Paris")
        assert api.send("GET", api.order("foreign"), token="other").json["billing_name"] == before

    @pytest.mark.parametrize(
        ("first", "then", "kind", "message"),
        [
            (
                {"billing_address": PARIS},
                {"billing_address": None},
                "missing",
                "Customer billing address cannot be reset to null once set.",
            ),
            ({}, {"tax_id": "FR61954506077"}, "missing", "Country is required to validate tax ID."),
            ({"billing_address": PARIS}, {"tax_id": "nonsense"}, "invalid", "Invalid tax ID."),
        ],
    )
    def test_when_a_rule_is_broken_then_the_field_is_refused(
        self, api: Api, first: dict[str, Any], then: dict[str, Any], kind: str, message: str
    ) -> None:
        change(api, first)

        answer = change(api, then)

        assert answer.status_code == 422
        assert answer.json["error"] == "PolarRequestValidationError"
        assert [(item["type"], item["msg"]) for item in answer.json["detail"]] == [(kind, message)]

    @pytest.mark.parametrize(
        ("country", "number", "stored"),
        [
            ("FR", "FR 61 954 506 077", ["FR61954506077", "eu_vat"]),
            ("US", "12-3456789", ["123456789", "us_ein"]),
            ("FR", None, None),
            ("FR", "", None),
        ],
    )
    def test_when_a_tax_number_fits_its_country_then_it_is_stored_with_its_format(
        self, api: Api, country: str, number: str | None, stored: list[str] | None
    ) -> None:
        answer = change(api, {"billing_address": {"country": country}, "tax_id": number})

        assert answer.json["tax_id"] == stored

    def test_when_a_plain_member_would_change_it_then_it_is_refused_but_reading_is_not(self, team: Api) -> None:
        assert team.send("GET", ME, token="plain").status_code == 200
        assert change(team, {}, token="plain").status_code == 403
        assert change(team, {}, token="billing").status_code == 200


class GivenASession:
    def test_then_it_tells_when_it_ends(self, api: Api) -> None:
        body = {"external_customer_id": "ext-main", "return_url": "https://example.com/back"}
        opened = api.send("POST", "/v1/customer-sessions/", token="oat", body=body).json

        shown = api.send("GET", f"{SESSION}/introspect", token=opened["token"]).json

        assert shown == {"expires_at": opened["expires_at"], "return_url": "https://example.com/back"}

    def test_then_it_tells_whether_a_customer_or_a_member_acts(self, api: Api, team: Api) -> None:
        customer = api.send("GET", f"{SESSION}/user", token="customer").json
        member = team.send("GET", f"{SESSION}/user", token="plain").json

        assert (customer["type"], customer["email"], customer["role"]) == ("customer", "jane@example.com", None)
        assert (member["type"], member["email"], member["role"]) == ("member", "max@example.com", "member")

    def test_when_the_customer_has_no_address_then_its_members_have_to_be_told_apart(self, server: MockServer) -> None:
        document = {
            **ACME,
            "customers": {**ACME["customers"], "team": {"name": "Team", "type": "team"}},
            "tokens": {"team": {"kind": "customer_session", "customer": "team"}},
        }
        api = Api(server)
        api.world = api.control("POST", "/worlds", document)

        answer = api.send("GET", f"{SESSION}/user", token="team")

        assert answer.status_code == 422
        assert answer.json["detail"][0]["loc"] == ["body"]
        assert "must use member sessions" in answer.json["detail"][0]["msg"]
