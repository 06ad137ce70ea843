"""Orders with several items, a discount, a partial refund, a tax id: derived values, and what is rejected."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.documents.errors import DocumentInvalid
from mock_server.documents.order_items import ItemDocument, item_taxes
from mock_server.domain.orders import Amounts, Order
from mock_server.domain.tax_ids import TAX_ID_FORMATS
from polar_contract import load_contract
from polar_contract.json_types import as_object
from tests.mock_server.documents.worlds import AN_ID, seeded

SHOP: dict[str, Any] = {
    "products": {"pro": {"name": "Pro", "price_amount": 1000}, "seat": {"name": "Seat", "price_amount": 200}},
    "customers": {"main": {"name": "Jane Doe", "billing_address": {"country": "DE"}, "tax_id": "DE 123.456.789"}},
}
LINES = [{"label": "A", "amount": 700}, {"label": "B", "amount": 300}]


def orders(**documents: Any) -> list[Order]:
    return list(seeded({**SHOP, "orders": documents}).orders)


def an_order(**fields: Any) -> Order:
    (order,) = orders(a={"product": "pro", **fields})
    return order


def problems_of(**fields: Any) -> dict[str, str]:
    with pytest.raises(DocumentInvalid) as refused:
        an_order(**fields)
    return {problem.path.removeprefix("orders.a."): problem.message for problem in refused.value.problems}


class GivenItems:
    def test_then_the_amounts_of_the_order_follow(self) -> None:
        order = an_order(items=[{**LINES[0], "tax_amount": 70}, {**LINES[1], "tax_amount": 30}])

        assert order.amounts == Amounts(1000, tax_cents=100)
        assert [(item.label, item.amount_cents, item.tax_amount_cents) for item in order.items] == [
            ("A", 700, 70),
            ("B", 300, 30),
        ]

    def test_when_only_the_order_says_its_tax_then_each_has_its_share(self) -> None:
        assert [item.tax_amount_cents for item in an_order(items=LINES, tax_amount=89).items] == [62, 27]

    @given(amounts=st.lists(st.integers(0, 10**6), min_size=1, max_size=5), tax=st.integers(0, 10**6))
    def test_then_the_shares_add_up(self, amounts: list[int], tax: int) -> None:
        assert sum(item_taxes([ItemDocument(amount) for amount in amounts], tax)) == tax

    def test_then_each_has_its_own_id_label_price_and_whether_it_is_prorated(self) -> None:
        world = seeded(
            {
                **SHOP,
                "orders": {
                    "a": {
                        "product": "pro",
                        "items": [
                            {"id": AN_ID, "amount": 1},
                            {"amount": 2, "product": "seat", "proration": True},
                            {"amount": -3, "product": None},
                        ],
                    }
                },
            }
        )
        first, second, third = world.orders[0].items

        assert (first.id, first.label, first.price_id) == (AN_ID, "Pro", world.ids["price:pro"])
        assert (second.label, second.price_id, second.is_prorated) == ("Seat", world.ids["price:seat"], True)
        assert (third.label, third.price_id, third.is_prorated) == ("a", None, False)
        assert [world.ids[name] for name in ("item:a", "item:a.2", "item:a.3")] == [first.id, second.id, third.id]

    def test_when_there_is_no_product_then_the_first_one_describes_the_order(self) -> None:
        assert an_order(product=None, items=LINES).description == "A"

    @pytest.mark.parametrize(
        ("fields", "path", "said"),
        [
            ({"items": LINES, "subtotal_amount": 900}, "subtotal_amount", "is 900, and the items have 1000 together"),
            ({"items": [{"amount": 5, "tax_amount": 1}], "tax_amount": 2}, "tax_amount", "is 2, and the items have 1"),
            ({"items": []}, "items", "is an empty list"),
            ({"items": {}}, "items", "is an object; it has to be a list"),
            ({"items": [5]}, "items.0", "is 5; it has to be an object"),
            ({"items": [{"label": "A"}]}, "items.0.amount", "is missing; an item needs an amount"),
            ({"items": [{"amount": 1.5}]}, "items.0.amount", "is 1.5; it has to be a whole number"),
            ({"items": [{"amount": 1, "price": 2}]}, "items.0.price", "unknown key"),
            ({"items": [{"amount": 1, "product": "x"}]}, "items.0.product", 'is "x"; one of: pro, seat'),
            ({"items": LINES, "item_label": "A"}, "item_label", "give it in items"),
            ({"items": LINES, "item_id": AN_ID}, "item_id", "give it in items"),
        ],
    )
    def test_when_they_do_not_fit_then_it_says_where(self, fields: dict[str, Any], path: str, said: str) -> None:
        assert said in problems_of(**fields)[path]

    def test_when_an_item_can_not_be_read_then_nothing_is_said_of_sums(self) -> None:
        assert problems_of(items=[{"amount": "x"}], subtotal_amount=5).keys() == {"items.0.amount"}


class GivenADiscount:
    @pytest.mark.parametrize(
        ("discount", "fields", "taken_off"),
        [
            ({"basis_points": 1000}, {}, 100),
            ({"basis_points": 10_000}, {}, 1000),
            ({"basis_points": 1250, "type": "percentage"}, {"subtotal_amount": 99}, 12),
            ({"amount": 250}, {}, 250),
            ({"amount": 2500, "type": "fixed"}, {}, 1000),
            ({"amount": 250}, {"discount_amount": 30}, 30),
            ({"basis_points": 5000}, {"items": LINES[:1]}, 350),
        ],
    )
    def test_then_its_amount_follows_unless_the_order_says_another(
        self, discount: dict[str, Any], fields: dict[str, Any], taken_off: int
    ) -> None:
        assert an_order(discount=discount, **fields).amounts.discount_cents == taken_off

    def test_when_two_orders_say_the_same_then_it_is_the_same_one(self) -> None:
        coupon = {"name": "Launch", "basis_points": 1000}
        a, b, c = orders(a={"discount": coupon}, b={"discount": dict(coupon)}, c={"discount": {**coupon, "code": "X"}})

        assert a.discount == b.discount
        assert a.discount is not None
        assert c.discount is not None
        assert a.discount.id != c.discount.id

    def test_when_an_id_is_given_to_two_different_ones_then_it_is_refused(self) -> None:
        with pytest.raises(DocumentInvalid) as refused:
            orders(a={"discount": {"id": AN_ID, "amount": 1}}, b={"discount": {"id": AN_ID, "amount": 2}})

        assert [problem.path for problem in refused.value.problems] == ["orders.b.discount.id"]

    @pytest.mark.parametrize(
        ("discount", "path", "said"),
        [
            ("L10", "discount", 'is "L10"; it has to be an object'),
            ({}, "discount.amount", "is missing; a discount of the type fixed needs it (or basis_points"),
            ({"type": "percentage"}, "discount.basis_points", "is missing"),
            ({"type": "percent"}, "discount.type", "fixed, percentage"),
            ({"basis_points": 10_001}, "discount.basis_points", "from 1 to 10000"),
            ({"amount": 0}, "discount.amount", "1 or more"),
            (
                {"amount": 1, "basis_points": 5, "type": "fixed"},
                "discount.basis_points",
                "is for discounts of the type",
            ),
            ({"basis_points": 5, "currency": "usd"}, "discount.currency", "is for discounts of the type fixed"),
            ({"amount": 1, "duration": "repeating"}, "discount.duration_in_months", "is missing"),
            ({"amount": 1, "duration_in_months": 2}, "discount.duration_in_months", "is for the duration repeating"),
            ({"amount": 1, "percent": 2}, "discount.percent", "unknown key"),
        ],
    )
    def test_when_it_is_none_then_it_says_why(self, discount: Any, path: str, said: str) -> None:
        assert said in problems_of(discount=discount)[path]


class GivenARefundOfAPart:
    @pytest.mark.parametrize(
        ("fields", "path", "said"),
        [
            ({}, "refunded_amount", "is missing; a partially refunded order needs"),
            ({"refunded_amount": None}, "refunded_amount", "is missing"),
            ({"refunded_amount": 0}, "refunded_amount", "is 0; a partially refunded order needs"),
            ({"refunded_amount": -1}, "refunded_amount", "from 1 to 999"),
            ({"refunded_amount": 1000}, "refunded_amount", "all of it is the status refunded"),
            ({"refunded_amount": 5, "subtotal_amount": 1}, "refunded_amount", "no part of it to refund"),
            ({"refunded_amount": 5, "refunded_tax_amount": 1}, "refunded_tax_amount", "the tax of this order is 0"),
        ],
    )
    def test_when_it_does_not_say_how_much_then_it_is_refused(
        self, fields: dict[str, Any], path: str, said: str
    ) -> None:
        assert said in problems_of(status="partially_refunded", **fields)[path]

    def test_when_several_orders_are_wrong_then_all_are_reported(self) -> None:
        part = {"product": "pro", "status": "partially_refunded"}
        with pytest.raises(DocumentInvalid) as refused:
            orders(a=part, b={**part, "refunded_amount": 4}, c=part)

        assert [problem.path for problem in refused.value.problems] == [
            "orders.a.refunded_amount",
            "orders.c.refunded_amount",
        ]


class GivenATaxId:
    def test_then_orders_take_it_with_them_and_so_do_their_invoices(self) -> None:
        order = an_order(invoice={})

        assert order.tax_id == ("DE123456789", "eu_vat")
        assert order.invoice is not None
        assert order.invoice.tax_id == order.tax_id

    @pytest.mark.parametrize(("said", "expected"), [(None, None), (["X-1", "jp_cn"], ("X-1", "jp_cn"))])
    def test_when_the_order_says_another_then_it_has_that(self, said: Any, expected: Any) -> None:
        assert an_order(tax_id=said).tax_id == expected

    @pytest.mark.parametrize(
        ("customer", "said"),
        [
            ({"tax_id": "DE123456789"}, "follows from the country of an address"),
            ({"tax_id": "12", "billing_address": {"country": "DE"}}, 'is "12", which is not a tax number of DE'),
            ({"tax_id": ["12", "vat"]}, 'has the format "vat"; known are: ad_nrt'),
            ({"tax_id": ["12"]}, "does not have two items"),
            ({"tax_id": 12}, "is 12; it has to be a text"),
            ({"tax_id": [1, 2]}, "is a list; it has to be a list of texts"),
        ],
    )
    def test_when_it_is_none_then_it_says_why(self, customer: Any, said: str) -> None:
        with pytest.raises(DocumentInvalid) as refused:
            seeded({"customers": {"m": customer}})

        (problem,) = refused.value.problems
        assert problem.path == "customers.m.tax_id"
        assert said in problem.message

    def test_then_the_formats_are_those_of_the_contract(self) -> None:
        schemas = as_object(as_object(load_contract("0.1.0").resolved["components"])["schemas"])
        customer: Any = schemas["OrderCustomer"]

        assert set(customer["properties"]["tax_id"]["anyOf"][0]["prefixItems"][1]["enum"]) == TAX_ID_FORMATS
