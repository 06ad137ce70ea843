"""What a customer does with orders: list, get, patch, generate, poll, download."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from polar.base import PolarDeserializationError
from polar.v2026_04 import Polar
from polar.v2026_10 import Polar as Polar202610
from polar.v2027_01 import Polar as Polar202701

from sdk.clients.checking import UNKNOWN_ID, expect, expect_pdf, raised, wait_until
from sdk.clients.python_1x.stage import Stage


def appends_to_a_slash(stage: Stage) -> None:
    polar = Polar(stage.given.shop.tokens["customer"], base_url=f"{stage.given.base_url}/")
    expect(polar.customer_portal.orders.get(stage.id("paid")).id, stage.id("paid"))


def lists_every_order(stage: Stage) -> None:
    """The later versions' modules read the same answer."""
    for version in (Polar, Polar202610, Polar202701):
        polar = version(stage.given.shop.tokens["customer"], base_url=stage.given.base_url)
        page = polar.customer_portal.orders.list(limit=100)
        expect(page.pagination.total_count, len(page.items))
        expect(
            {stage.id(key) for key in ("paid", "renewal", "unpaid", "no_product")} <= {o.id for o in page.items}, True
        )


def filters_by_products(stage: Stage) -> None:
    page = stage.orders.list(product_id=[stage.given.shop.ids["product:club"], UNKNOWN_ID], query="monthly club")
    expect([order.id for order in page.items], [stage.id("renewal")])


def walks_every_page(stage: Stage) -> None:
    total = stage.orders.list().pagination.total_count
    seen = [order.id for order in stage.orders.iter_list(limit=4, sorting=["amount"])]
    expect((len(seen), len(set(seen))), (total, total))


def gets_an_order(stage: Stage) -> None:
    order = stage.get("paid")
    expect((order.id, order.status, order.paid), (stage.id("paid"), "paid", True))
    expect((order.net_amount, order.tax_amount, order.total_amount), (1000, 89, 1089))
    expect(order.billing_address.country, "US")
    expect([item.label for item in order.items], ["Pro Plan"])
    expect([benefit.description for benefit in order.product.benefits], ["Priority support"])
    expect(order.created_at[-1], "Z")


def gets_a_renewal(stage: Stage) -> None:
    order = stage.get("renewal")
    expect((order.billing_reason, order.subscription.status), ("subscription_cycle", "active"))
    expect(order.product.recurring_interval, "month")


def gets_a_refunded_order(stage: Stage) -> None:
    order = stage.get("refunded")
    expect((order.status, order.refunded_amount), ("partially_refunded", 400))
    expect((order.refundable_amount, order.refundable_tax_amount), (600, 53))


def gets_an_order_without_product(stage: Stage) -> None:
    order = stage.get("no_product")
    expect((order.product, order.description), (None, "Consulting"))


def gets_a_free_product(stage: Stage) -> None:
    """This release does not know prices that are free; the revision has them."""
    token = stage.given.shop.tokens["other"]
    raised(PolarDeserializationError, lambda: stage.orders.get(stage.id("free"), request_access_token=token))


def patches_what_it_names(stage: Stage) -> None:
    order = stage.patch("renamed", billing_name="Ada Lovelace")
    expect((order.billing_name, order.billing_address.city), ("Ada Lovelace", "New York"))
    address = {"line1": "1 Way", "postal_code": "10001", "city": "Troy", "state": "US-NY", "country": "US"}
    stage.patch("renamed", billing_address=address)
    order = stage.get("renamed")
    expect(
        (order.billing_name, order.billing_address.city, order.billing_address.line2), ("Ada Lovelace", "Troy", None)
    )


def patches_with_null(stage: Stage) -> None:
    order = stage.patch("cleared", billing_name=None, billing_address=None)
    expect((order.billing_name, order.billing_address), (None, None))


def patches_nothing(stage: Stage) -> None:
    order = stage.patch("untouched")
    expect((order.billing_name, order.modified_at), ("Jane Doe", None))


def generates(stage: Stage) -> None:
    expect(stage.generate("scheduled"), None)


def polls(stage: Stage) -> None:
    stage.generate("polled")
    wait_until(lambda: bool(stage.get("polled").is_invoice_generated))


def downloads(stage: Stage) -> None:
    expect_pdf(stage.orders.invoice(stage.id("issued")).url)


CHECKS: Mapping[str, Callable[[Stage], object]] = {
    "base URL: a slash at its end": appends_to_a_slash,
    "list: every order": lists_every_order,
    "list: filtered": filters_by_products,
    "list: every page": walks_every_page,
    "get: an order and its product": gets_an_order,
    "get: a renewal and its subscription": gets_a_renewal,
    "get: a refunded order": gets_a_refunded_order,
    "get: an order without product": gets_an_order_without_product,
    "get: a free product": gets_a_free_product,
    "patch: what it names": patches_what_it_names,
    "patch: null clears": patches_with_null,
    "patch: nothing": patches_nothing,
    "invoice: generated": generates,
    "invoice: polled": polls,
    "invoice: downloaded": downloads,
}
