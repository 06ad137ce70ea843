"""Scenarios for billing details: they are stored exactly as sent and shown on both sides of the API. Mock server only."""

from __future__ import annotations

import pytest

from contract_tests.checks.rules import Rule
from contract_tests.suites.scenario_dsl import Scenario
from polar_contract.json_types import JsonObject, JsonValue, as_object

_NAMES = {
    "markup": "Ada <b>& Sons</b> \"Ltd\" 'and' &amp;",
    "letters of many scripts": "Zoë Łukasz Ωmega Жанна 東京 😀",
    "letters with their accents apart": "Zoe\u0308 A\u030angstro\u0308m",
    "mixed case": "mcDonald O'NEIL gmbh",
    "long": "A very long name of a company with limited liability " * 4,
    "blanks around and within": "  Ada   Spaced  ",
    "one letter": "A",
    "digits": "0012",
}
_FULL: JsonObject = {
    "line1": "1 <Main> Street & Sons",
    "line2": "Apt. 4, Hinterhof Ü",
    "postal_code": "01234",
    "city": "New York",
    "state": "US-NY",
    "country": "US",
}


_LETTERS_AND_SIGNS: JsonObject = {
    "line1": "c/o mcDonald, 5th St. #7",
    "line2": "PO box 12-b",
    "postal_code": "k1a-0B1",
    "city": "l'Haÿ-les-Roses",
    "state": "US-NY",
    "country": "US",
}


class GivenBillingDetails:
    @pytest.mark.parametrize("name", _NAMES.values(), ids=list(_NAMES))
    def test_when_a_name_is_sent_then_it_is_stored_letter_by_letter(self, scenario: Scenario, name: str) -> None:
        before = scenario.ask("get", "paid", status=200)
        address = _address_of(before.json())
        wanted: JsonObject = {"billing_name": name, "billing_address": address}
        scenario.ask("update", "paid", status=200, body={"billing_name": name}, shows=wanted)
        scenario.ask("get", "paid", status=200, shows=wanted)
        scenario.expect_for_organization("paid", wanted)

    @pytest.mark.parametrize("address", [_FULL, _LETTERS_AND_SIGNS], ids=["markup", "letters and signs"])
    def test_when_an_address_is_sent_then_every_part_of_it_is_stored(
        self, scenario: Scenario, address: JsonObject
    ) -> None:
        wanted: JsonObject = {"billing_address": address}
        scenario.ask("update", "paid", status=200, body=wanted, shows={**wanted, "billing_name": "Ada Example"})
        scenario.ask("get", "paid", status=200, shows=wanted)
        scenario.expect_for_organization("paid", wanted)

    def test_when_parts_are_left_out_then_they_are_null_afterwards(self, scenario: Scenario) -> None:
        scenario.ask("update", "paid", status=200, body={"billing_address": _FULL})
        short: JsonObject = {"country": "US", "state": "US-NY", "city": "Albany"}
        wanted: JsonObject = {"billing_address": {**dict.fromkeys(_FULL), **short}}
        scenario.ask("update", "paid", status=200, body={"billing_address": short}, shows=wanted)
        scenario.ask("get", "paid", status=200, shows=wanted)

    def test_when_the_organization_changes_them_then_the_portal_shows_it(self, scenario: Scenario) -> None:
        wanted: JsonObject = {"billing_name": "Ada by the Shop", "billing_address": _FULL}
        answer = scenario.context.client.send(
            "orders:update",
            token=scenario.fixtures.token("organization"),
            object_id=scenario.fixtures.ids["order:paid"],
            body=wanted,
        )
        scenario.context.rules.check(answer, status=200, shows=wanted)
        scenario.ask("get", "paid", status=200, shows=wanted)


class GivenAnOrder:
    def test_when_it_is_read_then_it_shows_what_it_was_made_of(self, scenario: Scenario) -> None:
        customer: JsonObject = {
            "id": scenario.fixtures.ids["customer:main"],
            "email": "ada@example.com",
            "name": "Ada Example",
        }
        wanted: JsonObject = {
            "status": "paid",
            "currency": "usd",
            "billing_reason": "purchase",
            "subtotal_amount": 2500,
            "total_amount": 2500,
            "refunded_amount": 0,
            "description": "Field Guide",
            "modified_at": None,
        }
        shown = scenario.ask("get", "paid", status=200, shows=wanted)
        number = str(as_object(shown.json()).get("invoice_number"))
        if not number.startswith("SCENARIO-"):
            scenario.fail(shown, Rule.NUMBER_PREFIX, "SCENARIO-", number)
        scenario.expect_for_organization("paid", {**wanted, "customer": customer})

    def test_when_it_was_discounted_and_taxed_then_each_amount_is_right(self, scenario: Scenario) -> None:
        shown: JsonObject = {
            "subtotal_amount": 2500,
            "discount_amount": 500,
            "net_amount": 2000,
            "tax_amount": 160,
            "total_amount": 2160,
            "due_amount": 2160,
        }
        scenario.ask("get", "reduced", status=200, shows=shown)
        scenario.move("reduced", "refunded")
        scenario.ask("get", "reduced", status=200, shows={**shown, "refunded_amount": 2000, "refunded_tax_amount": 160})

    def test_when_its_currency_has_no_smaller_unit_then_amounts_are_whole_units(self, scenario: Scenario) -> None:
        shown: JsonObject = {"currency": "jpy", "net_amount": 5000, "tax_amount": 500, "total_amount": 5500}
        scenario.ask("get", "in_yen", status=200, shows=shown)

    def test_when_it_is_changed_then_it_shows_when(self, scenario: Scenario) -> None:
        changed = scenario.patch("paid", billing_name="Ada Changed")
        if as_object(changed.json()).get("modified_at") is None:
            scenario.fail(changed, Rule.CHANGE_TIMED, "modified_at is a time", "modified_at is null")

    def test_when_it_is_refunded_then_it_shows_how_much(self, scenario: Scenario) -> None:
        scenario.move("paid", "refunded")
        scenario.ask("get", "paid", status=200, shows={"status": "refunded", "paid": True, "refunded_amount": 2500})


def _address_of(order: JsonValue) -> JsonValue:
    return order.get("billing_address") if isinstance(order, dict) else None
