"""A captured account, started as a world, shows what the account shows."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contract_tests.checks.response import differences
from contract_tests.model.state import State, first_state
from contract_tests.model.steps import MakeOrder
from contract_tests.suites.stateful import strategies
from contract_tests.suites.stateful.performing import bindings_of, perform
from contract_tests.targets.control_api import World, world_document
from contract_tests.transport.client import Client
from mock_server.testing import RunningMock
from polar_contract.json_types import JsonObject, JsonValue, as_object
from tests.contract_tests.tools.capture.copies import alike, captured, document_in, shown, without_values, world_from

_COUPON: JsonObject = {
    "name": "Launch",
    "code": "L10",
    "basis_points": 1000,
    "duration": "repeating",
    "duration_in_months": 3,
}
_DETAILED: JsonObject = {
    "products": {"pro": {"metadata": {"tier": "gold", "rank": 2}}, "extra": {"price_amount": 50}},
    "customers": {
        "main": {
            "name": "Jane Doe",
            "billing_address": {"country": "DE"},
            "tax_id": "DE123456789",
            "metadata": {"vip": True},
        }
    },
    "tokens": {
        "organization": {"kind": "organization_access_token"},
        "customer": {"kind": "customer_session", "customer": "main"},
    },
    "orders": {
        "lines": {
            "product": "pro",
            "items": [
                {"label": "Seats", "amount": 700, "tax_amount": 70},
                {"label": "Rest of last month", "amount": -100, "proration": True, "product": None},
            ],
            "discount": _COUPON,
            "checkout_id": "5e4e9124-e739-49bd-a352-8470016e891d",
            "custom_field_data": {"size": "M", "count": 3, "gift": False, "note": None},
            "metadata": {"campaign": "spring"},
        },
        "same coupon": {"product": "pro", "discount": _COUPON},
        "fixed": {"product": "pro", "tax_amount": 19, "discount": {"amount": 250, "currency": "usd"}},
        "part": {"product": "pro", "status": "partially_refunded", "refunded_amount": 400},
    },
}
_ORGANIZATION, _PORTAL = "/v1/orders/", "/v1/customer-portal/orders/"


@st.composite
def _orders(draw: st.DrawFn) -> list[MakeOrder]:
    state = first_state()
    return [draw(_next_order(state, number)) for number in range(1, draw(st.integers(1, 6)) + 1)]


def _next_order(state: State, number: int) -> SearchStrategy[MakeOrder]:
    def renamed(order: MakeOrder) -> MakeOrder:
        return MakeOrder(
            f"order:{number}",
            order.customer,
            order.product,
            order.status,
            order.billing_name,
            order.billing_address,
            order.decline_message,
        )

    return strategies.new_orders(state).map(renamed)


class GivenAnyOrders:
    @settings(max_examples=12, deadline=None)
    @given(orders=_orders(), keeps_names=st.booleans())
    def test_when_the_organization_is_captured_then_the_copy_lists_the_same(
        self, good_mock: RunningMock, silent_client: Client, orders: list[MakeOrder], keeps_names: bool
    ) -> None:
        with ExitStack() as cleanup:
            world = cleanup.enter_context(world_from(good_mock.base_url, world_document("model")))
            bindings = bindings_of(world)
            for order in orders:
                perform(order, silent_client, bindings)
            tokens = {"organization": world.tokens["organization"]}
            document = document_in(captured(good_mock.base_url, tokens, keeps_names=keeps_names))
            copy = cleanup.enter_context(world_from(good_mock.base_url, document))

            original, copied = (
                alike(shown(good_mock.base_url, one.tokens["organization"], _ORGANIZATION), are_names_kept=keeps_names)
                for one in (world, copy)
            )
            assert [*differences(original, copied), *differences(copied, original)] == []


def _portal(world: World, token: str, base_url: str, *, are_names_kept: bool) -> JsonValue:
    return alike(shown(base_url, world.tokens[token], _PORTAL), are_names_kept=are_names_kept)


@pytest.mark.parametrize("keeps_names", [True, False], ids=["names kept", "names replaced"])
@pytest.mark.parametrize(
    ("document", "kind", "token"),
    [
        pytest.param(world_document("core"), "customer", "customer", id="every state of an order"),
        pytest.param({"scenario": "demo"}, "customer", "customer", id="the demo"),
        pytest.param({"scenario": "members"}, "member", "owner", id="members"),
    ],
)
def test_when_both_sides_are_captured_then_the_copy_shows_the_same_to_its_customer(
    good_mock: RunningMock, document: JsonObject, kind: str, token: str, keeps_names: bool
) -> None:
    base_url = good_mock.base_url
    with world_from(base_url, document) as world:
        tokens = {"organization": world.tokens["organization"], kind: world.tokens[token]}
        text = captured(base_url, tokens, keeps_names=keeps_names)
        original = shown(base_url, world.tokens[token], _PORTAL)
        with world_from(base_url, document_in(text)) as copy:
            names = [name for name in copy.tokens if name != "organization"]
            copies = [_portal(copy, name, base_url, are_names_kept=keeps_names) for name in names]

    wanted = alike(original, are_names_kept=keeps_names)
    assert any(wanted == one for one in copies), [list(differences(wanted, one))[:5] for one in copies]


@pytest.mark.parametrize("keeps_names", [True, False], ids=["names kept", "names replaced"])
def test_when_orders_have_everything_that_orders_may_have_then_the_copy_has_it_too(
    good_mock: RunningMock, keeps_names: bool
) -> None:
    base_url = good_mock.base_url
    with world_from(base_url, _DETAILED) as world:
        tokens = {"organization": world.tokens["organization"], "customer": world.tokens["customer"]}
        document = document_in(captured(base_url, tokens, keeps_names=keeps_names))
        originals = _sides(world, base_url, "customer")
        with world_from(base_url, document) as copy:
            copies = _sides(copy, base_url, "customer_1")

    wanted, got = (
        [without_values(alike(one, are_names_kept=keeps_names), keeps_names) for one in side]
        for side in (originals, copies)
    )
    assert [*differences(wanted, got), *differences(got, wanted)] == []


def _sides(world: World, base_url: str, customer: str) -> list[list[JsonValue]]:
    return [
        shown(base_url, world.tokens["organization"], _ORGANIZATION),
        shown(base_url, world.tokens[customer], _PORTAL),
    ]


class GivenAnAccountOfALaterRevision:
    def test_when_it_is_captured_then_the_copy_has_its_drafts_units_receipts_and_versions(
        self, good_mock: RunningMock
    ) -> None:
        with ExitStack() as cleanup:
            world = cleanup.enter_context(world_from(good_mock.base_url, {"scenario": "today"}))
            tokens = {name: world.tokens[name] for name in ("organization", "customer")}
            document = document_in(captured(good_mock.base_url, tokens, revision="2026-10"))
            copy = cleanup.enter_context(world_from(good_mock.base_url, document))

            original, copied = (
                alike(shown(good_mock.base_url, one.tokens["organization"], _ORGANIZATION), are_names_kept=False)
                for one in (world, copy)
            )

        assert [*differences(original, copied), *differences(copied, original)] == []
        assert {as_object(order)["status"] for order in as_object(document["orders"]).values()} >= {"draft", "void"}
        (endpoint,) = as_object(document["webhook_endpoints"]).values()
        assert as_object(endpoint)["api_version"] == "2026-10"
        assert as_object(document["organization"])["off_session_charges"] is True
