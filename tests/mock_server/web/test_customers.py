"""The portal's customer: reading and changing the own record, and the subject of a token."""

from __future__ import annotations

from typing import Any

import pytest

from mock_server.assembly import MockServer
from tests.mock_server.web.conftest import ACME, Api

ME = "/v1/customer-portal/customers/me"
SESSION = "/v1/customer-portal/customer-session"
PARIS = {"country": "FR", "city": "Paris"}
VAT = "FR61954506077"
NO_RESET = {
    "type": "missing",
    "loc": ["body", "billing_address"],
    "msg": "Customer billing address cannot be reset to null once set.",
    "input": None,
}
NO_COUNTRY = {**NO_RESET, "msg": "Country is required to validate tax ID."}


def wrong_number(sent: str | None) -> dict[str, Any]:
    return {"type": "invalid", "loc": ["body", "tax_id"], "msg": "Invalid tax ID.", "input": sent}


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

    @pytest.mark.parametrize("sent", [None, "", "  ", "\t\n"], ids=repr)
    def test_when_a_text_is_null_or_blank_then_the_one_that_was_set_stays(self, api: Api, sent: str | None) -> None:
        before = change(api, {"billing_name": "Bob & Sons", "billing_address": PARIS, "tax_id": VAT}).json

        for body in ({"billing_name": sent}, {"tax_id": sent}, {"billing_name": sent, "tax_id": sent}):
            answer = change(api, body)

            assert (answer.status_code, answer.json) == (200, before)

    @pytest.mark.parametrize("sent", [None, "", "  "], ids=repr)
    def test_when_a_text_is_null_or_blank_and_none_was_set_then_there_is_still_none(
        self, api: Api, sent: str | None
    ) -> None:
        answer = change(api, {"billing_name": sent, "tax_id": sent})

        assert answer.status_code == 200
        assert (answer.json["billing_name"], answer.json["tax_id"]) == ("Bob Roe", None)
        assert answer.json["modified_at"] is None

    def test_when_a_text_has_blanks_around_it_then_it_is_trimmed(self, api: Api) -> None:
        answer = change(api, {"billing_name": "  Bob & Sons\n", "billing_address": PARIS, "tax_id": f" {VAT} "})

        assert (answer.json["billing_name"], answer.json["tax_id"]) == ("Bob & Sons", [VAT, "eu_vat"])

    @pytest.mark.parametrize(
        ("first", "then", "refusal"),
        [
            ({"billing_address": PARIS}, {"billing_address": None}, NO_RESET),
            ({}, {"billing_address": None}, NO_RESET),
            ({}, {"billing_address": None, "billing_name": "Lost"}, NO_RESET),
            ({}, {"billing_address": None, "tax_id": VAT}, NO_RESET),
            ({}, {"tax_id": VAT}, NO_COUNTRY),
            ({}, {"tax_id": "nonsense", "billing_name": "Lost"}, NO_COUNTRY),
            ({"billing_address": PARIS}, {"tax_id": "nonsense"}, wrong_number("nonsense")),
            ({}, {"billing_address": PARIS, "tax_id": " nonsense "}, wrong_number("nonsense")),
            (
                {"billing_address": PARIS, "tax_id": VAT},
                {"billing_address": {"country": "US"}, "billing_name": "Lost"},
                wrong_number(None),
            ),
            (
                {"billing_address": PARIS, "tax_id": VAT},
                {"billing_address": {"country": "US"}, "tax_id": None},
                wrong_number(None),
            ),
        ],
        ids=[
            *("an address to null", "none to null", "and a name", "and a number", "a number without a country"),
            *("a wrong one without", "a wrong number", "a wrong number with blanks", "another country's", "to null"),
        ],
    )
    def test_when_a_rule_is_broken_then_one_item_says_where_and_nothing_changes(
        self, api: Api, first: dict[str, Any], then: dict[str, Any], refusal: dict[str, Any]
    ) -> None:
        change(api, first)
        before = api.send("GET", ME, token="other").json

        answer = change(api, then)

        assert answer.status_code == 422
        assert answer.json == {"error": "PolarRequestValidationError", "detail": [refusal]}
        assert api.send("GET", ME, token="other").json == before

    @pytest.mark.parametrize(
        ("country", "number", "stored"),
        [
            ("FR", "FR 61 954 506 077", ["FR61954506077", "eu_vat"]),
            ("US", "12-3456789", ["123456789", "us_ein"]),
        ],
    )
    def test_when_a_tax_number_fits_its_country_then_it_is_stored_with_its_format(
        self, api: Api, country: str, number: str, stored: list[str]
    ) -> None:
        answer = change(api, {"billing_address": {"country": country}, "tax_id": number})

        assert answer.json["tax_id"] == stored

    def test_when_the_street_changes_then_the_tax_number_stays(self, api: Api) -> None:
        change(api, {"billing_address": PARIS, "tax_id": VAT})

        answer = change(api, {"billing_address": {**PARIS, "line1": "3 Rue Vieille"}})

        assert (answer.json["tax_id"], answer.json["billing_address"]["line1"]) == ([VAT, "eu_vat"], "3 Rue Vieille")

    def test_when_a_plain_member_would_change_it_then_it_is_refused_but_reading_is_not(self, team: Api) -> None:
        assert team.send("GET", ME, token="plain").status_code == 200
        assert change(team, {}, token="plain").status_code == 403
        assert change(team, {}, token="billing").status_code == 200


class GivenASession:
    def test_then_it_says_when_it_ends(self, api: Api) -> None:
        body = {"external_customer_id": "ext-main", "return_url": "https://example.com/back"}
        opened = api.send("POST", "/v1/customer-sessions/", token="oat", body=body).json

        shown = api.send("GET", f"{SESSION}/introspect", token=opened["token"]).json

        assert shown == {"expires_at": opened["expires_at"], "return_url": "https://example.com/back"}

    def test_then_it_says_whether_a_customer_or_a_member_acts(self, api: Api, team: Api) -> None:
        customer = api.send("GET", f"{SESSION}/user", token="customer").json
        member = team.send("GET", f"{SESSION}/user", token="plain").json

        assert (customer["type"], customer["email"], customer["role"]) == ("customer", "jane@example.com", None)
        assert (member["type"], member["email"], member["role"]) == ("member", "max@example.com", "member")

    def test_when_the_customer_has_no_address_then_its_members_have_to_be_distinguishable(
        self, server: MockServer
    ) -> None:
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
