"""Checks of a customer's orders: list, get, patch, generate, poll, download."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from polar_sdk import Polar

from sdk.clients.checking import UNKNOWN_ID, Skipped, expect, expect_pdf, wait_until
from sdk.clients.python_0x.fixtures import Fixtures


def lists_every_order(fixtures: Fixtures) -> None:
    page = fixtures.orders.list(security=fixtures.customer, limit=100).result
    expect(page.pagination.total_count, len(page.items))
    expect(
        {fixtures.id(key) for key in ("paid", "renewal", "unpaid", "no_product")} <= {o.id for o in page.items}, True
    )


def filters_by_products(fixtures: Fixtures) -> None:
    products = [fixtures.given.shop.ids["product:club"], UNKNOWN_ID]
    page = fixtures.orders.list(security=fixtures.customer, product_id=products, query="monthly club").result
    expect([order.id for order in page.items], [fixtures.id("renewal")])


def walks_every_page(fixtures: Fixtures) -> None:
    page, seen = fixtures.orders.list(security=fixtures.customer, limit=4, sorting=["amount"]), []
    total = page.result.pagination.total_count
    while page is not None:
        seen += [order.id for order in page.result.items]
        page = page.next()
    expect((len(seen), len(set(seen))), (total, total))


def gets_an_order(fixtures: Fixtures) -> None:
    order = fixtures.get("paid")
    expect((order.id, order.status, order.paid), (fixtures.id("paid"), "paid", True))
    expect((order.net_amount, order.tax_amount, order.total_amount), (1000, 89, 1089))
    expect(order.billing_address.country, "US")
    expect([item.label for item in order.items], ["Pro Plan"])
    expect([benefit.description for benefit in order.product.benefits], ["Priority support"])
    expect(order.created_at.utcoffset() is not None, True)


def gets_a_renewal(fixtures: Fixtures) -> None:
    order = fixtures.get("renewal")
    expect((order.billing_reason, order.subscription.status), ("subscription_cycle", "active"))
    expect(order.product.recurring_interval, "month")


def gets_a_refunded_order(fixtures: Fixtures) -> None:
    order = fixtures.get("refunded")
    expect((order.status, order.refunded_amount), ("partially_refunded", 400))
    if hasattr(order, "refundable_amount"):
        expect((order.refundable_amount, order.refundable_tax_amount), (600, 53))


def gets_an_order_without_product(fixtures: Fixtures) -> None:
    order = fixtures.get("no_product")
    expect((order.product, order.description), (None, "Consulting"))


def gets_a_free_product(fixtures: Fixtures) -> None:
    security = {"customer_session": fixtures.given.shop.tokens["other"]}
    order = fixtures.orders.get(security=security, id=fixtures.id("free"))
    expect([getattr(price, "price_amount", 0) for price in order.product.prices], [0])


def lists_a_void_order(fixtures: Fixtures) -> None:
    page = fixtures.orders.list(security=fixtures.session("third")).result
    expect([order.status for order in page.items], ["void"])


def gets_a_product_by_the_unit(fixtures: Fixtures) -> None:
    order = fixtures.orders.get(security=fixtures.session("fourth"), id=fixtures.id("units"))
    expect([price.amount_type for price in order.product.prices], ["unit_based"])


def gets_an_items_period(fixtures: Fixtures) -> None:
    item = fixtures.get("renewal").items[0]
    if not hasattr(item, "start_timestamp"):
        raise Skipped("the release has no start_timestamp and end_timestamp")
    expect(item.start_timestamp < item.end_timestamp, True)


def patches_what_it_names(fixtures: Fixtures) -> None:
    order = fixtures.patch("renamed", {"billing_name": "Ada Lovelace"})
    expect((order.billing_name, order.billing_address.city), ("Ada Lovelace", "New York"))
    address = {"line1": "1 Way", "postal_code": "10001", "city": "Troy", "state": "US-NY", "country": "US"}
    fixtures.patch("renamed", {"billing_address": address})
    order = fixtures.get("renamed")
    expect(
        (order.billing_name, order.billing_address.city, order.billing_address.line2), ("Ada Lovelace", "Troy", None)
    )


def patches_with_null(fixtures: Fixtures) -> None:
    order = fixtures.patch("cleared", {"billing_name": None, "billing_address": None})
    expect((order.billing_name, order.billing_address), (None, None))


def patches_nothing(fixtures: Fixtures) -> None:
    order = fixtures.patch("untouched", {})
    expect((order.billing_name, order.modified_at), ("Jane Doe", None))


def generates(fixtures: Fixtures) -> None:
    expect(fixtures.generate("scheduled"), None)


def polls(fixtures: Fixtures) -> None:
    fixtures.generate("polled")
    wait_until(lambda: fixtures.get("polled").is_invoice_generated)


def generates_unpaid(fixtures: Fixtures) -> None:
    expect(fixtures.generate("unpaid"), None)


def downloads(fixtures: Fixtures) -> None:
    expect_pdf(fixtures.orders.invoice(security=fixtures.customer, id=fixtures.id("issued")).url)


def asks_for_a_receipt(fixtures: Fixtures) -> None:
    """The first request has the receipt made, and is answered without a link."""
    expect(getattr(fixtures.receipt("unread"), "url", None), None)


def downloads_a_receipt(fixtures: Fixtures) -> None:
    expect_pdf(fixtures.receipt("receipted").url)


def appends_to_a_slash(fixtures: Fixtures) -> None:
    polar = Polar(server_url=f"{fixtures.given.base_url}/")
    expect(polar.customer_portal.orders.get(security=fixtures.customer, id=fixtures.id("paid")).id, fixtures.id("paid"))


CHECKS: Mapping[str, Callable[[Fixtures], object]] = {
    "base URL: a slash at its end": appends_to_a_slash,
    "list: every order": lists_every_order,
    "list: filtered": filters_by_products,
    "list: every page": walks_every_page,
    "list: a void order": lists_a_void_order,
    "get: an order and its product": gets_an_order,
    "get: a renewal and its subscription": gets_a_renewal,
    "get: a refunded order": gets_a_refunded_order,
    "get: an order without product": gets_an_order_without_product,
    "get: a free product": gets_a_free_product,
    "get: a product by the unit": gets_a_product_by_the_unit,
    "get: the period of an item": gets_an_items_period,
    "patch: what it names": patches_what_it_names,
    "patch: null clears": patches_with_null,
    "patch: nothing": patches_nothing,
    "invoice: generated": generates,
    "invoice: polled": polls,
    "invoice: of an unpaid order": generates_unpaid,
    "invoice: downloaded": downloads,
    "receipt: asked for": asks_for_a_receipt,
    "receipt: downloaded": downloads_a_receipt,
}
