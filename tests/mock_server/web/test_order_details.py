"""Every field of an order's document appears in the API as the contract has it, in events and on the invoice."""

from __future__ import annotations

import io
import json
from typing import Any

import jsonschema_rs
import pytest
from pypdf import PdfReader

from mock_server.assembly import MockServer
from polar_contract import load_contract
from tests.mock_server.web.conftest import ACME, Api, world_of

CHECKOUT = "5e4e9124-e739-49bd-a352-8470016e891d"
COUPON = {"name": "Launch", "code": "L10", "basis_points": 1000, "duration": "repeating", "duration_in_months": 3}
LINES = [
    {"label": "Seats", "amount": 700, "tax_amount": 60},
    {"label": "Rest of last month", "amount": -100, "tax_amount": -6, "proration": True, "product": None},
]
ORDERS: dict[str, Any] = {
    "full": {
        "customer": "main",
        "product": "pro",
        "items": LINES,
        "discount": COUPON,
        "checkout_id": CHECKOUT,
        "custom_field_data": {"size": "M", "count": 3, "gift": False, "note": None},
        "metadata": {"campaign": "spring"},
    },
    "fixed": {"customer": "main", "product": "pro", "discount": {"name": "Amount", "amount": 250}},
    "forever": {"customer": "main", "product": "pro", "discount": {"basis_points": 5, "duration": "forever"}},
    "bare": {"customer": "main", "product": None},
}
SHOP = {
    **ACME,
    "products": {"pro": {**ACME["products"]["pro"], "metadata": {"tier": "gold"}}, "club": ACME["products"]["club"]},
    "customers": {
        "main": {**ACME["customers"]["main"], "tax_id": "12-3456789", "metadata": {"vip": True, "score": 1.5}},
        "other": ACME["customers"]["other"],
    },
    "orders": {**ACME["orders"], **ORDERS},
}


@pytest.fixture
def shop(server: MockServer) -> Api:
    return world_of(server, SHOP)


def assert_valid(schema: str, value: Any) -> None:
    document = load_contract("0.1.0").effective
    registry = jsonschema_rs.Registry([("urn:contract", document)], draft=jsonschema_rs.Draft202012)
    reference = {"$ref": f"urn:contract#/components/schemas/{schema}"}
    validator = jsonschema_rs.Draft202012Validator(reference, registry=registry, validate_formats=True)
    assert [str(error) for error in validator.iter_errors(value)] == []


class GivenAnOrderWithEverything:
    @pytest.mark.parametrize("key", ORDERS)
    def test_then_both_sides_show_it_as_the_contract_has_it(self, shop: Api, key: str) -> None:
        assert_valid("CustomerOrder", shop.send("GET", shop.order(key), token="customer").json)
        assert_valid("Order", shop.send("GET", shop.org_order(key), token="oat").json)

    def test_then_the_organization_sees_all_of_it(self, shop: Api) -> None:
        order = shop.send("GET", shop.org_order("full"), token="oat").json

        assert (order["subtotal_amount"], order["discount_amount"], order["net_amount"]) == (600, 60, 540)
        assert [(i["label"], i["amount"], i["tax_amount"], i["proration"]) for i in order["items"]] == [
            ("Seats", 700, 60, False),
            ("Rest of last month", -100, -6, True),
        ]
        assert (order["metadata"], order["checkout_id"]) == ({"campaign": "spring"}, CHECKOUT)
        assert order["custom_field_data"] == {"size": "M", "count": 3, "gift": False, "note": None}
        assert order["discount_id"] == order["discount"]["id"] == shop.world["ids"]["discount:full"]
        assert (order["discount"]["basis_points"], order["discount"]["code"]) == (1000, "L10")
        assert order["discount"]["max_redemptions_per_customer"] is None
        assert order["customer"]["metadata"] == {"vip": True, "score": 1.5}
        assert order["customer"]["tax_id"] == ["123456789", "us_ein"]
        assert order["product"]["metadata"] == {"tier": "gold"}

    def test_then_the_portal_sees_its_part_of_it(self, shop: Api) -> None:
        order = shop.send("GET", shop.order("full"), token="customer").json

        assert order["discount_id"] == shop.world["ids"]["discount:full"]
        assert (order["checkout_id"], len(order["items"])) == (CHECKOUT, 2)
        assert "custom_field_data" not in order
        record = shop.send("GET", "/v1/customer-portal/customers/me", token="customer").json
        assert record["tax_id"] == ["123456789", "us_ein"]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("discount_id={discount:full}", {"full"}),
            ("discount_id={discount:full}&discount_id={discount:fixed}", {"full", "fixed"}),
            (f"checkout_id={CHECKOUT}", {"full"}),
        ],
    )
    def test_then_filters_find_it(self, shop: Api, query: str, found: set[str]) -> None:
        ids = shop.world["ids"]
        for name in ("discount:full", "discount:fixed"):
            query = query.replace(f"{{{name}}}", ids[name])

        items = shop.send("GET", f"/v1/orders/?limit=100&{query}", token="oat").json["items"]

        assert {item["id"] for item in items} == {ids[f"order:{key}"] for key in found}

    def test_when_sorted_by_discount_then_orders_without_one_come_last(self, shop: Api) -> None:
        items = shop.send("GET", "/v1/orders/?limit=100&sorting=discount", token="oat").json["items"]

        names = [item["discount"] and item["discount"]["name"] for item in items]
        assert names == ["Amount", "Discount", "Launch", *[None] * (len(names) - 3)]

    def test_then_its_invoice_shows_lines_discount_and_tax_id(self, shop: Api) -> None:
        shop.send("POST", f"{shop.order('full')}/invoice", token="customer")
        shop.in_world("POST", "/settle")

        pages = PdfReader(io.BytesIO(shop.download("full").data)).pages
        text = "\n".join(page.extract_text() for page in pages)

        for shown in ("Seats", "$7.00", "Rest of last month", "-$1.00", "Discount", "-$0.60", "123456789"):
            assert shown in text

    def test_when_it_is_refunded_in_part_then_both_events_show_how_much(self, shop: Api) -> None:
        path = f"/orders/{shop.world['ids']['order:full']}"
        endpoint = {"app": {"events": ["order.updated", "order.refunded"]}}
        shop.in_world("PATCH", "", {"webhook_endpoints": endpoint})

        for amount in (200, 300):
            answer = shop.in_world("PATCH", path, {"status": "partially_refunded", "refunded_amount": amount})
            assert answer["refunded_amount"] == amount

        events = [json.loads(event["payload"]) for event in shop.in_world("GET", "/deliveries")["items"]]
        assert [(event["type"], event["data"]["refunded_amount"], event["data"]["status"]) for event in events] == [
            (kind, amount, "partially_refunded")
            for amount in (200, 300)
            for kind in ("order.updated", "order.refunded")
        ]
        for event in events:
            assert_valid("Order", event["data"])

    @pytest.mark.parametrize(
        ("body", "path", "said"),
        [
            ({"status": "partially_refunded"}, "refunded_amount", "is missing"),
            ({"status": "partially_refunded", "refunded_amount": "1"}, "refunded_amount", 'is "1"'),
            ({"refund_amount": 1}, "refund_amount", "did you mean refunded_amount?"),
        ],
    )
    def test_when_a_refund_does_not_fit_then_it_is_refused_and_nothing_happens(
        self, shop: Api, body: dict[str, Any], path: str, said: str
    ) -> None:
        before = shop.send("GET", shop.org_order("full"), token="oat").data

        answer = shop.send("PATCH", f"/_mock/worlds/{shop.world['id']}/orders/{before_id(before)}", body=body)

        assert (answer.status_code, answer.json["problems"][0]["path"]) == (422, path)
        assert said in answer.json["problems"][0]["message"]
        assert shop.send("GET", shop.org_order("full"), token="oat").data == before
        assert shop.events() == []


def before_id(order: bytes) -> str:
    return str(json.loads(order)["id"])
