"""Orders of a document: values left out follow from the customer, the product and earlier orders."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from mock_server.documents.discounts import Discounts
from mock_server.documents.errors import DocumentInvalid, Problem
from mock_server.documents.identities import Identities
from mock_server.documents.names import names_of
from mock_server.documents.order_seeding import Surroundings, build_order
from mock_server.documents.orders import parse_order
from mock_server.domain.addresses import Address
from mock_server.domain.ids import RandomIds
from mock_server.domain.orders import Amounts, BillingReason, Order, OrderStatus, Payment, PaymentStatus
from mock_server.domain.worlds import WorldSeed
from mock_server.store.state import World
from tests.mock_server.documents.worlds import JANE, a_world, seeded
from tests.mock_server.factories import NOW, the_behaviour

NEW_YORK = Address(country="US", state="US-NY")
PARIS = {"country": "FR", "city": "Paris"}
SHOP: dict[str, Any] = {
    "organization": {"invoice_prefix": "SHOP"},
    "products": {
        "pro": {"name": "Pro Plan", "price_amount": 1000, "currency": "eur"},
        "club": {"price_amount": 2000, "recurring_interval": "month"},
        "free": {"price_amount": None},
    },
    "customers": {"main": JANE, "other": {"name": "Bob Roe"}},
    "subscriptions": {"monthly": {"customer": "main", "product": "club"}},
}


def shop(**orders: Any) -> WorldSeed:
    return seeded({**SHOP, "orders": orders})


def an_order_of(**fields: Any) -> Order:
    (order,) = shop(only={"customer": "main", "product": "pro", **fields}).orders
    return order


class GivenAnOrderThatSaysLittle:
    def test_then_it_is_a_paid_purchase_of_its_product(self) -> None:
        order = an_order_of()

        assert (order.status, order.billing_reason) == (OrderStatus.PAID, BillingReason.PURCHASE)
        assert (order.amounts, order.currency) == (Amounts(1000), "eur")
        assert (order.description, order.items[0].label, order.items[0].amount_cents) == ("Pro Plan", "Pro Plan", 1000)
        assert order.price_id == order.items[0].price_id is not None

    def test_when_it_names_nothing_then_it_is_the_only_customers_and_has_the_name_of_its_key(self) -> None:
        world = seeded({"customers": {"main": JANE}, "orders": {"mystery": {}}})
        (order,) = world.orders

        assert order.customer_id == world.ids["customer:main"]
        assert (order.product_id, order.description, order.items[0].label) == (None, "mystery", "mystery")

    def test_when_its_product_is_free_then_it_costs_nothing(self) -> None:
        assert an_order_of(product="free").amounts == Amounts(0)

    def test_when_it_belongs_to_a_subscription_then_that_is_why_it_was_billed(self) -> None:
        world = shop(first={"customer": "main", "product": "club", "subscription": "monthly"})

        assert world.orders[0].subscription_id == world.ids["subscription:monthly"]
        assert world.orders[0].billing_reason is BillingReason.SUBSCRIPTION_CREATE

    @pytest.mark.parametrize(
        ("fields", "name", "address"),
        [
            ({}, "Jane Doe", NEW_YORK),
            ({"billing_name": None}, None, NEW_YORK),
            ({"billing_address": None}, "Jane Doe", None),
            ({"billing_name": "", "billing_address": PARIS}, "", Address(country="FR", city="Paris")),
        ],
    )
    def test_then_billing_is_the_customers_where_it_is_left_out_and_null_stays_null(
        self, fields: dict[str, Any], name: str | None, address: Address | None
    ) -> None:
        order = an_order_of(**fields)

        assert (order.billing_name, order.billing_address) == (name, address)


class GivenAmounts:
    @pytest.mark.parametrize(
        ("fields", "refunded", "refunded_tax"),
        [
            ({"status": "paid"}, 0, 0),
            ({"status": "refunded"}, 900, 89),
            ({"status": "refunded", "refunded_amount": None, "refunded_tax_amount": None}, 900, 89),
            ({"status": "refunded", "refunded_amount": 5, "refunded_tax_amount": 0}, 5, 0),
            ({"status": "partially_refunded", "refunded_amount": 400}, 400, 40),
            ({"status": "partially_refunded", "refunded_amount": 899, "refunded_tax_amount": 0}, 899, 0),
        ],
    )
    def test_when_an_order_is_refunded_and_does_not_say_how_much_then_it_is_all_of_it(
        self, fields: dict[str, Any], refunded: int, refunded_tax: int
    ) -> None:
        amounts = an_order_of(discount_amount=100, tax_amount=89, **fields).amounts

        assert (amounts.refunded_cents, amounts.refunded_tax_cents) == (refunded, refunded_tax)

    def test_then_the_rest_follows_from_those_that_are_given(self) -> None:
        amounts = an_order_of(subtotal_amount=5000, discount_amount=500, tax_amount=90, applied_balance_amount=-90)

        assert (amounts.amounts.net_cents, amounts.amounts.total_cents, amounts.amounts.due_cents) == (4500, 4590, 4500)
        assert (amounts.items[0].amount_cents, amounts.items[0].tax_amount_cents) == (5000, 90)

    def test_when_the_subtotal_is_nought_then_it_is_not_the_products_price(self) -> None:
        assert an_order_of(subtotal_amount=0).amounts == Amounts(0)


class GivenSeveralOrders:
    def test_then_invoice_numbers_are_counted_per_customer(self) -> None:
        orders = shop(a={"customer": "main"}, b={"customer": "other"}, c={"customer": "main"}).orders
        numbers = [re.fullmatch(r"SHOP-([A-Z]{10})-(\d{4})", order.invoice_number or "") for order in orders]
        (a, b, c) = [number.groups() for number in numbers if number]

        assert [count for _, count in (a, b, c)] == ["0001", "0001", "0002"]
        assert a[0] == c[0] != b[0]

    def test_when_a_number_is_given_then_it_is_kept_and_counted(self) -> None:
        first, second = shop(a={"customer": "main", "invoice_number": "X-1"}, b={"customer": "main"}).orders

        assert (first.invoice_number, (second.invoice_number or "")[-4:]) == ("X-1", "0002")

    def test_then_those_without_a_time_are_minutes_apart_with_the_last_one_newest(self) -> None:
        times = [
            order.created_at
            for order in seeded({"customers": {"main": JANE}, "orders": {"a": {}, "b": {}, "c": {}}}).orders
        ]

        assert times == [NOW - timedelta(minutes=minutes) for minutes in (3, 2, 1)]

    def test_when_one_says_its_time_then_that_is_in_utc(self) -> None:
        order = an_order_of(created_at="2026-05-01T14:00:00+02:00")

        assert order.created_at.isoformat() == "2026-05-01T12:00:00+00:00"
        assert order.items[0].created_at == order.created_at


class GivenPayments:
    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            (None, None),
            ({}, Payment(PaymentStatus.SUCCEEDED)),
            ({"status": "failed", "decline_message": "No."}, Payment(PaymentStatus.FAILED, "No.")),
        ],
    )
    def test_then_null_is_no_payment(self, said: Any, expected: Payment | None) -> None:
        assert an_order_of(payment=said).payment == expected


class GivenAnInvoiceThatIsIssuedAlready:
    @pytest.mark.parametrize(
        ("issued", "billing", "name", "country"),
        [
            ({}, {}, "Jane Doe", "US"),
            ({"billing_name": "Old Name", "billing_address": PARIS}, {}, "Old Name", "FR"),
            ({"billing_name": ""}, {}, "", "US"),
            ({"billing_name": "Old"}, {"billing_name": None, "billing_address": None}, "Old", "US"),
        ],
    )
    def test_then_it_shows_its_own_billing_and_the_order_keeps_its(
        self, issued: dict[str, Any], billing: dict[str, Any], name: str, country: str
    ) -> None:
        order = an_order_of(invoice=issued, **billing)

        assert order.invoice is not None
        assert (order.invoice.billing_name, order.invoice.billing_address.country) == (name, country)
        assert order.billing_name == billing.get("billing_name", "Jane Doe")

    def test_then_it_has_the_orders_number_and_the_time_that_it_says(self) -> None:
        order = an_order_of(invoice={"generated_at": "2026-04-30T00:00:00Z"})

        assert order.invoice is not None
        assert order.invoice.number == order.invoice_number
        assert order.invoice.generated_at.isoformat() == "2026-04-30T00:00:00+00:00"


def added(world: World, key: str, fields: Any) -> Order:
    """The order as it would become part of an existing world."""
    around = Surroundings(
        world.tables,
        world.tables.order_index.invoice_counts,
        world.ids,
        Identities(RandomIds(), lambda _: False),
        Discounts(),
        the_behaviour().order,
        NOW,
    )
    return build_order(parse_order(fields, names_of(world)), key, around, path="")


class GivenAWorldThatIsThere:
    def test_when_an_order_is_added_then_its_names_are_those_of_the_world(self) -> None:
        world = a_world({**SHOP, "orders": {"a": {"customer": "main"}}})

        order = added(world, "more", {"customer": "main", "product": "pro"})

        assert (order.customer_id, order.product_id) == (world.ids["customer:main"], world.ids["product:pro"])
        assert (order.created_at, (order.invoice_number or "")[-4:]) == (NOW, "0002")

    @pytest.mark.parametrize(
        ("fields", "problem"),
        [
            ({"customer": "nobody"}, Problem("customer", 'is "nobody"; one of: main, other')),
            ({}, Problem("customer", "is missing; one of: main, other")),
            ({"product": "nobody"}, Problem("product", 'is "nobody"; one of: pro, club, free')),
            ({"subscription": "nobody"}, Problem("subscription", 'is "nobody"; one of: monthly')),
        ],
    )
    def test_when_an_added_order_names_what_is_not_there_then_it_says_what_is(
        self, fields: dict[str, Any], problem: Problem
    ) -> None:
        with pytest.raises(DocumentInvalid) as refused:
            added(a_world(SHOP), "more", {"customer": "main", **fields} if fields else {})

        assert refused.value.problems == (problem,)

    def test_when_a_field_of_it_is_wrong_then_the_path_starts_at_the_order(self) -> None:
        with pytest.raises(DocumentInvalid) as refused:
            added(a_world(SHOP), "more", {"customer": "main", "colour": "red"})

        assert [problem.path for problem in refused.value.problems] == ["colour"]
