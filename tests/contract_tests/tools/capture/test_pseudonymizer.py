"""A captured document contains no names of persons unless they are kept on request, and never a token."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml

from contract_tests.targets.control_api import World, world_document
from mock_server.testing import RunningMock
from polar_contract.json_types import JsonObject, as_object
from tests.contract_tests.tools.capture.copies import captured, world_from

_BLANK = "  "
_NAMING = ("email", "name", "external_id")
_ADDRESS = ("line1", "line2", "city", "postal_code")


def _document() -> JsonObject:
    document = world_document("core")
    order: JsonObject = {
        "customer": "main",
        "product": "guide",
        "billing_name": "Eve Elsewhere",
        "metadata": {"vip": "Eve"},
    }
    order["billing_address"] = {
        "line1": "77 Secret Lane",
        "city": "Hiddenville",
        "postal_code": "H1D 3",
        "country": "CA",
        "state": "CA-QC",
    }
    return {**document, "orders": {**as_object(document["orders"]), "elsewhere": order}}


def _personal(document: JsonObject) -> set[str]:
    """All names and addresses of customers in the document."""
    customers = [as_object(one) for one in as_object(document["customers"]).values()]
    orders = [as_object(one) for one in as_object(document["orders"]).values()]
    addresses = [as_object(one.get("billing_address")) for one in (*customers, *orders)]
    found = [*(one.get(part) for one in customers for part in _NAMING), *(one.get("billing_name") for one in orders)]
    found += [one.get(part) for one in addresses for part in _ADDRESS]
    # A blank name identifies nobody.
    return {str(one) for one in found if str(one or "").strip()}


@pytest.fixture(scope="module")
def account(good_mock: RunningMock) -> Iterator[World]:
    with world_from(good_mock.base_url, _document()) as world:
        yield world


def _text(account: World, *, keeps_names: bool) -> str:
    tokens = {"organization": account.tokens["organization"], "customer": account.tokens["customer"]}
    return captured(account.control.base_url, tokens, keeps_names=keeps_names).text


class GivenAnAccountOfPeople:
    def test_when_it_is_captured_then_nobody_is_named(self, account: World) -> None:
        text = _text(account, keeps_names=False)
        private = {*_personal(_document()), "Core Inc.", "hooks.example.com/kept", "vip: Eve"}
        assert sorted(one for one in private if one in text) == []

    def test_when_it_is_captured_then_equal_names_have_equal_pseudonyms(self, account: World) -> None:
        document = yaml.safe_load(_text(account, keeps_names=False))
        customers, orders = as_object(document["customers"]), as_object(document["orders"])
        named = {str(as_object(one)["billing_name"]) for one in orders.values()}
        assert named == {*(str(as_object(one)["name"]) for one in customers.values()), "Billing Name 1", "None", _BLANK}

    def test_when_it_is_captured_then_countries_and_states_stay(self, account: World) -> None:
        document = yaml.safe_load(_text(account, keeps_names=False))
        addresses = [as_object(one).get("billing_address") for one in as_object(document["orders"]).values()]
        places = {(str(one.get("country")), str(one.get("state"))) for one in map(as_object, addresses) if one}
        assert places == {("US", "US-NY"), ("FR", "None"), ("CA", "CA-QC"), ("DE", "Bayern")}

    def test_when_names_are_kept_then_they_are_there_and_the_head_says_so(self, account: World) -> None:
        text = _text(account, keeps_names=True)
        # A customer without an order is not shown, and an empty team has no name that an order could show.
        unseen = {"spare@example.com", "Spare Example", "core-spare", "Nobody in Particular"}
        assert sorted(one for one in _personal(_document()) - unseen if one not in text) == []
        assert "REAL NAMES" in text

    @pytest.mark.parametrize("keeps_names", [True, False])
    def test_when_it_is_captured_then_no_token_is_in_the_text(self, account: World, keeps_names: bool) -> None:
        text = _text(account, keeps_names=keeps_names)
        assert [name for name, token in account.tokens.items() if token[:16] in text] == []
        assert "whsec_" not in text
