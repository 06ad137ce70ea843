"""Fields that the service of April 2026 did not send and published SDKs require: each object has them, with these values."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mock_server.web.conftest import ACME, Api

AMOUNTS: dict[str, tuple[dict[str, Any], tuple[int, int]]] = {
    "paid": ({"subtotal_amount": 1000, "discount_amount": 250, "tax_amount": 66}, (750, 66)),
    "pending": ({"status": "pending", "subtotal_amount": 1000}, (1000, 0)),
    "with a balance": ({"subtotal_amount": 1000, "applied_balance_amount": -300}, (1000, 0)),
    "partially refunded": (
        {
            "status": "partially_refunded",
            "subtotal_amount": 1000,
            "tax_amount": 89,
            "refunded_amount": 400,
            "refunded_tax_amount": 36,
        },
        (600, 53),
    ),
    "refunded": ({"status": "refunded", "subtotal_amount": 1000, "tax_amount": 89}, (0, 0)),
}
ORDER = {"receipt_number": None, "units": None}
ITEM = {"start_timestamp": None, "end_timestamp": None}
PRODUCT = {"meter_interval": None, "meter_interval_count": None}
BENEFIT = {"is_deleted": False}
SUBSCRIPTION = {
    "current_meter_period_start": None,
    "current_meter_period_end": None,
    "pause_at_period_end": False,
    "paused_at": None,
    "resumes_at": None,
    "units": None,
}
CUSTOMER = {"billing_name": "Jane Doe", "default_payment_method_id": None, "first_user_event_at": None}
ENDPOINT = {"api_version": "2026-04", "uses_standard_webhook_signature": False}


def part_of(whole: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    return {name: whole.get(name, "absent") for name in wanted}


@pytest.mark.parametrize("case", AMOUNTS)
def test_what_can_still_be_refunded_is_the_net_amount_and_its_tax_less_what_was_refunded(case: str, api: Api) -> None:
    fields, expected = AMOUNTS[case]
    order = api.in_world("POST", "/orders", {"key": "case", "customer": "main", "product": "pro", **fields})

    for path, token in (
        (f"/v1/customer-portal/orders/{order['id']}", "customer"),
        (f"/v1/orders/{order['id']}", "oat"),
    ):
        shown = api.send("GET", path, token=token).json
        assert (shown["refundable_amount"], shown["refundable_tax_amount"]) == expected


@pytest.fixture
def shop(api: Api) -> Api:
    """A world with an order that shows every kind of object, and a delivered event."""
    club = {**ACME["products"]["club"], "benefits": ["Chat"]}
    renewal = {"customer": "main", "product": "club", "subscription": "monthly"}
    document: dict[str, Any] = {
        **ACME,
        "products": {"club": club},
        "subscriptions": {"monthly": {"customer": "main", "product": "club"}},
        "orders": {"paid": renewal},
    }
    api.world = api.control("POST", "/worlds", document)
    return api


def test_an_order_and_what_it_shows_carry_them_on_both_sides(shop: Api) -> None:
    for path, token in ((shop.order("paid"), "customer"), (shop.org_order("paid"), "oat")):
        order = shop.send("GET", path, token=token).json

        assert part_of(order, ORDER) == ORDER
        assert part_of(order["items"][0], ITEM) == ITEM
        assert part_of(order["product"], PRODUCT) == PRODUCT
        assert part_of(order["subscription"], SUBSCRIPTION) == SUBSCRIPTION
        if token == "customer":
            assert part_of(order["product"]["benefits"][0], BENEFIT) == BENEFIT
        else:
            assert part_of(order["customer"], CUSTOMER) == CUSTOMER


def test_a_session_and_an_endpoint_carry_them(shop: Api) -> None:
    made = shop.send("POST", "/v1/customer-sessions/", token="oat", body={"external_customer_id": "ext-main"})
    (endpoint,) = shop.send("GET", "/v1/webhooks/endpoints", token="oat").json["items"]

    assert part_of(made.json["customer"], CUSTOMER) == CUSTOMER
    assert part_of(endpoint, ENDPOINT) == ENDPOINT


def test_a_webhook_event_and_its_payload_carry_them(shop: Api) -> None:
    shop.send("PATCH", shop.order("paid"), token="customer", body={})
    shop.in_world("POST", "/settle")

    delivery = shop.send("GET", "/v1/webhooks/deliveries", token="oat").json["items"][0]

    assert '"api_version":"2026-04"' in delivery["webhook_event"]["payload"]
    assert delivery["webhook_event"]["api_version"] == "2026-04"
