"""The scenarios that ship with the mock, with their fixed ids and tokens, and without them."""

from __future__ import annotations

import pytest

from mock_server.documents.errors import ScenarioUnknown
from mock_server.documents.extending import read_world_document
from mock_server.documents.scenarios import list_scenarios, load_scenario, scenario_names
from mock_server.domain.ids import token_from
from mock_server.domain.orders import OrderStatus
from mock_server.domain.sessions import TOKEN_PREFIXES
from tests.mock_server.documents.worlds import seeded
from tests.mock_server.factories import NOW


class GivenTheScenarios:
    def test_then_each_is_listed_with_a_message(self) -> None:
        assert [scenario.name for scenario in list_scenarios()] == ["demo", "members", "today"]
        assert all(scenario.sentence.endswith(".") for scenario in list_scenarios())

    @pytest.mark.parametrize("name", ["nope", "", "../demo", "demo.yaml"])
    def test_when_one_is_unknown_then_it_names_those_that_are_known(self, name: str) -> None:
        with pytest.raises(ScenarioUnknown, match="demo, members, today"):
            load_scenario(name)

    @pytest.mark.parametrize("name", scenario_names())
    def test_then_their_tokens_have_the_services_form(self, name: str) -> None:
        for credential in seeded(load_scenario(name)).credentials:
            prefix = TOKEN_PREFIXES[credential.kind]
            secret = credential.token.removeprefix(prefix)[:-6]

            assert len(secret) == 37
            assert credential.token == token_from(prefix, secret)

    @pytest.mark.parametrize("name", scenario_names())
    def test_when_identity_is_taken_off_then_none_of_it_is_shared_and_everything_else_stays(self, name: str) -> None:
        fixed = seeded(load_scenario(name))
        fresh = seeded(read_world_document({"scenario": name}, has_fresh_identity=True), seed=None)

        assert fresh.ids.keys() == fixed.ids.keys()
        assert set(fresh.ids.values()).isdisjoint(fixed.ids.values())
        assert set(fresh.tokens.values()).isdisjoint(fixed.tokens.values())
        assert {e.secret for e in fresh.endpoints}.isdisjoint(e.secret for e in fixed.endpoints)
        for before, after in zip(fixed.orders, fresh.orders, strict=True):
            assert (after.status, after.amounts, after.billing_name, after.billing_address, after.created_at) == (
                before.status,
                before.amounts,
                before.billing_name,
                before.billing_address,
                before.created_at,
            )


class GivenToday:
    def test_then_the_first_customers_orders_have_only_prices_that_every_sdk_reads(self) -> None:
        """SDKs before 1.0 can't read a list with a price by the unit; npm installs such a release for Node 20."""
        world = seeded(load_scenario("today"))
        by_the_unit = {product.id for product in world.products if product.price.unit_label is not None}

        assert by_the_unit
        assert by_the_unit.isdisjoint(
            order.product_id for order in world.orders if order.customer_id == world.ids["customer:main"]
        )


class GivenTheDemo:
    def test_then_its_ids_and_tokens_are_always_the_same(self) -> None:
        first, second = (seeded(load_scenario("demo"), seed=None) for _ in range(2))

        assert (first.ids, first.tokens) == (second.ids, second.tokens)
        assert first.endpoints == second.endpoints

    def test_then_there_is_an_order_for_everything_that_matters_to_an_invoice(self) -> None:
        demo = seeded(load_scenario("demo"))
        orders = {
            name: next(o for o in demo.orders if o.id == demo.ids[f"order:{name}"]) for name in ORDERS_OF_THE_DEMO
        }

        assert {name: order.status for name, order in orders.items()} == ORDERS_OF_THE_DEMO
        assert (orders["missing_name"].billing_name, orders["missing_address"].billing_address) == (None, None)
        assert (orders["missing_billing"].billing_name, orders["missing_billing"].billing_address) == (None, None)
        assert [name for name, order in orders.items() if order.is_invoice_generated] == ["invoiced"]
        assert orders["subscription"].subscription_id == demo.ids["subscription:monthly"]
        assert orders["free"].amounts.total_cents == 0
        assert orders["refunded"].amounts.refunded_cents == orders["refunded"].amounts.net_cents
        assert orders["other"].customer_id == demo.ids["customer:other"] != orders["paid"].customer_id

    def test_then_one_session_has_expired_and_one_token_may_only_read(self) -> None:
        demo = seeded(load_scenario("demo"))
        by_name = {name: next(c for c in demo.credentials if c.token == token) for name, token in demo.tokens.items()}

        assert [name for name, credential in by_name.items() if not credential.is_valid_at(NOW)] == ["expired"]
        assert by_name["organization_read"].scopes == {"orders:read"}


ORDERS_OF_THE_DEMO = {
    "paid": OrderStatus.PAID,
    "unpaid": OrderStatus.PENDING,
    "missing_name": OrderStatus.PAID,
    "missing_address": OrderStatus.PAID,
    "missing_billing": OrderStatus.PAID,
    "refunded": OrderStatus.REFUNDED,
    "partially_refunded": OrderStatus.PARTIALLY_REFUNDED,
    "void": OrderStatus.VOID,
    "free": OrderStatus.PAID,
    "subscription": OrderStatus.PAID,
    "invoiced": OrderStatus.PAID,
    "other": OrderStatus.PAID,
}
