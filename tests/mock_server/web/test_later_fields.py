"""Fields that later revisions have: units, periods of lines, next payment attempts, forms of prices."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mock_server.assembly import MockServer
from tests.mock_server.web.conftest import ACME, Api, world_of

STARTED = "2026-04-20T08:00:00Z"
SHOP: dict[str, Any] = {
    **ACME,
    "organization": {**ACME["organization"], "off_session_charges": True},
    "products": {**ACME["products"], "sample": {"name": "Free Sample", "price_amount": None, "benefits": ["Help"]}},
    "subscriptions": {"monthly": {"customer": "main", "product": "club", "started_at": STARTED}},
    "orders": {
        "once": {"customer": "main", "product": "sample"},
        "cycle": {
            "customer": "main",
            "product": "club",
            "subscription": "monthly",
            "status": "pending",
            "next_payment_attempt_at": "2026-05-03T00:00:00Z",
        },
    },
}
PERIOD = (STARTED, "2026-05-20T08:00:00Z")
BOTH = pytest.mark.parametrize("revision", ["0.1.0", "2026-10"])


def shop(server: MockServer, revision: str, **more: Any) -> Api:
    return world_of(server, {**SHOP, "revision": revision, **more})


def read(api: Api, key: str) -> dict[str, dict[str, Any]]:
    """The order as the customer and as the organization see it."""
    portal = api.send("GET", api.order(key), token="customer").json
    return {"portal": portal, "organization": api.send("GET", api.org_order(key), token="oat").json}


@BOTH
def test_the_lines_of_a_subscriptions_order_have_its_period(server: MockServer, revision: str) -> None:
    api = shop(server, revision)
    periods = [
        (order["items"][0]["start_timestamp"], order["items"][0]["end_timestamp"])
        for key in ("cycle", "once")
        for order in read(api, key).values()
    ]

    of_cycle = PERIOD if revision == "2026-10" else (None, None)
    assert periods == [of_cycle, of_cycle, (None, None), (None, None)]


@BOTH
def test_the_organization_sees_the_next_payment_attempt_in_later_revisions(server: MockServer, revision: str) -> None:
    orders = read(shop(server, revision), "cycle")

    assert orders["portal"]["next_payment_attempt_at"] == "2026-05-03T00:00:00Z"
    expected = "2026-05-03T00:00:00Z" if revision == "2026-10" else "absent"
    assert orders["organization"].get("next_payment_attempt_at", "absent") == expected


@BOTH
def test_a_free_product_has_a_free_price_or_a_fixed_price_of_nothing(server: MockServer, revision: str) -> None:
    order = read(shop(server, revision), "once")["portal"]
    prices = [*order["product"]["prices"], order["product_price"]]

    expected = ("fixed", 0) if revision == "2026-10" else ("free", "absent")
    assert [(price["amount_type"], price.get("price_amount", "absent")) for price in prices] == [expected, expected]


@BOTH
def test_orders_and_subscriptions_show_the_units_that_they_were_given(server: MockServer, revision: str) -> None:
    subscriptions = {"monthly": {**SHOP["subscriptions"]["monthly"], "units": 3}}
    orders = {**SHOP["orders"], "once": {**SHOP["orders"]["once"], "units": 5}}
    api = shop(server, revision, subscriptions=subscriptions, orders=orders)

    assert {order["units"] for order in read(api, "once").values()} == {5}
    assert [order["subscription"]["units"] for order in read(api, "cycle").values()] == [3, 3]
    assert {order["subscription"]["amount"] for order in read(api, "cycle").values()} == {6000}
    assert {order["units"] for order in read(api, "cycle").values()} == {None}


def test_a_price_by_unit_names_its_unit_and_its_amount(server: MockServer) -> None:
    products = {**SHOP["products"], "credits": {"price_amount": 25, "unit_label": "credit"}}
    orders = {"some": {"customer": "main", "product": "credits", "units": 4}}
    order = read(shop(server, "2026-10", products=products, orders=orders), "some")["portal"]

    (price,) = order["product"]["prices"]
    assert (price["amount_type"], price["unit_label"]["en"]) == ("unit_based", {"one": "credit", "other": "credits"})
    assert price["tiers"]["tiers"] == [{"bound": None, "unit_amount": "25"}]
    assert (order["subtotal_amount"], order["units"]) == (100, 4)


@BOTH
def test_what_a_revision_leaves_out_is_in_none_of_its_responses(server: MockServer, revision: str) -> None:
    api = shop(server, revision)
    organization = read(api, "once")["portal"]["product"]["organization"]
    own = api.send("GET", "/v1/customer-portal/customers/me", token="customer").json

    is_later = revision == "2026-10"
    assert ("notification_settings" in organization, "locale" in own) == (not is_later, is_later)
    assert ("checkout_localization_enabled" in organization["organization_features"]) == is_later


def test_when_drafts_are_finalized_at_once_then_each_number_is_given_once(server: MockServer) -> None:
    draft = {"customer": "main", "product": "pro", "status": "draft"}
    api = shop(server, "2026-10", orders={f"d{number}": draft for number in range(12)})
    empty = {"environ_overrides": {"CONTENT_LENGTH": "0"}}

    def finalize(key: str) -> Any:
        return api.send("POST", f"{api.org_order(key)}/finalize", token="oat", **empty).json

    with ThreadPoolExecutor(6) as threads:
        orders = list(threads.map(finalize, [f"d{number}" for number in range(12)] * 2))

    paid = [order for order in orders if "id" in order]
    assert len(paid) == 12
    for name in ("invoice_number", "receipt_number"):
        assert sorted(order[name][-4:] for order in paid) == [f"{number:04d}" for number in range(1, 13)]


def test_when_a_receipt_is_asked_for_many_times_at_once_then_it_is_made_once(server: MockServer) -> None:
    orders = {"one": {"customer": "main", "product": "pro", "receipt_number": "R-1"}}
    api = shop(server, "2026-10", orders=orders, invoices={"generation": "stepped"})

    with ThreadPoolExecutor(6) as threads:
        answers = list(
            threads.map(lambda _: api.send("GET", f"{api.order('one')}/receipt", token="customer"), range(24))
        )

    assert {answer.status_code for answer in answers} == {202}
    assert [job["kind"] for job in api.in_world("POST", "/settle")["ran"]] == ["render_receipt"]
