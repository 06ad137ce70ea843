"""The portal's own record: its effect on new orders, the numbers of tax offices, and combinations of fields."""

from __future__ import annotations

from typing import Any

import pytest

from mock_server.assembly import MockServer
from tests.mock_server.web.conftest import ACME, Api, world_of

ME = "/v1/customer-portal/customers/me"
PARIS = {"country": "FR", "city": "Paris"}
VAT = "FR61954506077"


def item(kind: str, field: str, message: str, sent: str | None = None) -> dict[str, Any]:
    return {"type": kind, "loc": ["body", field], "msg": message, "input": sent}


NO_RESET = item("missing", "billing_address", "Customer billing address cannot be reset to null once set.")
NO_COUNTRY = item("missing", "billing_address", "Country is required to validate tax ID.")


def wrong_number(sent: str | None) -> dict[str, Any]:
    return item("invalid", "tax_id", "Invalid tax ID.", sent)


def change(api: Api, body: dict[str, Any]) -> Any:
    return api.send("PATCH", ME, token="other", body=body)


class GivenACustomer:
    def test_when_billing_details_change_then_new_orders_take_them(self, api: Api) -> None:
        change(api, {"billing_name": "Bob & Sons", "billing_address": PARIS})
        made = api.in_world("POST", "/orders", {"key": "new", "customer": "other"})

        new = api.send("GET", f"/v1/customer-portal/orders/{made['id']}", token="other").json
        assert (new["billing_name"], new["billing_address"]["city"]) == ("Bob & Sons", "Paris")

    @pytest.mark.parametrize("sent", [None, "", " \t\n"], ids=repr)
    def test_when_nothing_is_sent_and_nothing_was_set_then_the_record_is_an_individuals_and_unmodified(
        self, api: Api, sent: str | None
    ) -> None:
        record = change(api, {"billing_name": sent, "tax_id": sent}).json

        assert (record["modified_at"], record["type"]) == (None, "individual")

    @pytest.mark.parametrize(
        ("first", "then", "refusal"),
        [
            ({}, {"billing_address": None, "tax_id": VAT}, NO_RESET),
            ({}, {"tax_id": "nonsense", "billing_name": "Lost"}, NO_COUNTRY),
            ({}, {"billing_address": PARIS, "tax_id": " nonsense "}, wrong_number("nonsense")),
            (
                {"billing_address": PARIS, "tax_id": VAT},
                {"billing_address": {"country": "US"}, "tax_id": None},
                wrong_number(None),
            ),
        ],
        ids=["no address and a number", "a wrong number and no country", "with blanks", "another country and null"],
    )
    def test_when_two_fields_are_sent_then_one_item_says_what_is_wrong_and_neither_is_stored(
        self, api: Api, first: dict[str, Any], then: dict[str, Any], refusal: dict[str, Any]
    ) -> None:
        before = change(api, first).json

        answer = change(api, then)

        assert answer.json == {"error": "PolarRequestValidationError", "detail": [refusal]}
        assert api.send("GET", ME, token="other").json == before

    @pytest.mark.parametrize(
        ("country", "number", "stored"),
        [
            ("FR", " FR 61 954 506 077 ", [VAT, "eu_vat"]),
            ("US", "12-3456789", ["123456789", "us_ein"]),
        ],
    )
    def test_when_a_tax_number_fits_its_country_then_it_is_stored_with_its_format_and_stays_with_another_street(
        self, api: Api, country: str, number: str, stored: list[str]
    ) -> None:
        assert change(api, {"billing_address": {"country": country}, "tax_id": number}).json["tax_id"] == stored

        moved = change(api, {"billing_address": {"country": country, "line1": "3 Rue Vieille"}})

        assert moved.json["tax_id"] == stored


def test_when_a_customer_has_no_address_then_its_session_is_told_to_be_a_members(server: MockServer) -> None:
    document = {
        **ACME,
        "customers": {**ACME["customers"], "team": {"name": "Team", "type": "team"}},
        "tokens": {"team": {"kind": "customer_session", "customer": "team"}},
    }
    api = world_of(server, document)

    (item,) = api.send("GET", "/v1/customer-portal/customer-session/user", token="team").json["detail"]

    assert item["loc"] == ["body"]
    assert "must use member sessions" in item["msg"]
