"""Reading, listing and changing orders over HTTP."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.mock_server.web.conftest import UNKNOWN_ID, Api

ORDERS = "/v1/customer-portal/orders/"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z")


def numbers(answer: Any) -> list[str]:
    return [item["id"] for item in answer.json["items"]]


class GivenAnOrder:
    def test_then_its_amounts_follow_from_price_and_tax(self, api: Api) -> None:
        order = api.send("GET", api.order("paid"), token="customer").json

        assert order is not None
        assert (order["net_amount"], order["total_amount"], order["due_amount"], order["amount"]) == (1000,) * 4
        assert order["paid"] is True

    def test_then_deprecated_fields_are_sent_too(self, api: Api) -> None:
        order = api.send("GET", api.order("paid"), token="customer").json

        assert order is not None
        assert {"user_id", "product_price", "product_price_id", "amount", "from_balance_amount"} <= order.keys()

    def test_then_times_are_in_utc_with_z(self, api: Api) -> None:
        order = api.send("GET", api.order("paid"), token="customer").json

        assert order is not None
        assert TIME.fullmatch(order["created_at"])
        assert order["modified_at"] is None

    @pytest.mark.parametrize(
        "form",
        [str.upper, lambda i: i.replace("-", ""), lambda i: f"urn:uuid:{i}", lambda i: f"{{{i}}}"],
        ids=["upper-case", "without-dashes", "urn", "in-braces"],
    )
    def test_when_its_id_is_written_otherwise_then_it_is_found(self, api: Api, form: Any) -> None:
        written = form(api.world["ids"]["order:paid"])

        assert api.send("GET", ORDERS + written, token="customer").status_code == 200

    @pytest.mark.parametrize(
        ("order_id", "kind"),
        [
            ("abc", "uuid_parsing"),
            ("00000000-0000-0000-0000-000000000000", "uuid_version"),
            ("d9428888-122b-11e1-b85c-61cd3cbb3210", "uuid_version"),
            ("01890a5d-ac96-774b-bcce-b302099a8057", "uuid_version"),
            ("3fa85f64-5717-4562-03fc-2c963f66afa6", "uuid_version"),
        ],
    )
    def test_when_its_id_is_no_uuid_of_version_4_then_it_is_refused(self, api: Api, order_id: str, kind: str) -> None:
        answer = api.send("GET", ORDERS + order_id, token="customer")

        assert answer.status_code == 422
        assert answer.json is not None
        assert [(item["type"], item["loc"]) for item in answer.json["detail"]] == [(kind, ["path", "id"])]

    def test_when_the_organization_reads_it_then_the_customer_is_shown(self, api: Api) -> None:
        order = api.send("GET", api.org_order("paid"), token="oat").json

        assert order is not None
        assert order["customer"]["email"] == "jane@example.com"
        assert order["user"]["public_name"] == "J"
        assert order["metadata"] == {}
        assert "next_payment_attempt_at" not in order

    @pytest.mark.parametrize(
        ("payment", "status", "error"),
        [
            (None, "no_payment", None),
            ({"status": "failed", "decline_message": "Declined."}, "failed", "Declined."),
            ({"status": "succeeded"}, "succeeded", None),
        ],
    )
    def test_then_the_state_of_its_payment_can_be_read(
        self, api: Api, payment: Any, status: str, error: str | None
    ) -> None:
        made = api.in_world(
            "POST",
            "/orders",
            {"key": "p", "customer": "main", "product": "pro", "status": "pending", "payment": payment},
        )

        answer = api.send("GET", f"{ORDERS}{made['id']}/payment-status", token="customer")

        assert answer.json == {"status": status, "error": error}


class GivenAList:
    def test_then_it_holds_the_customers_orders_newest_first(self, api: Api) -> None:
        answer = api.send("GET", ORDERS, token="customer")

        times = [item["created_at"] for item in answer.json["items"]]
        assert times == sorted(times, reverse=True)
        assert answer.json["pagination"] == {"total_count": 4, "max_page": 1}

    @pytest.mark.parametrize(
        ("query", "count", "pagination"),
        [
            ("?limit=3", 3, {"total_count": 4, "max_page": 2}),
            ("?limit=3&page=2", 1, {"total_count": 4, "max_page": 2}),
            ("?limit=3&page=9", 0, {"total_count": 4, "max_page": 2}),
            ("?limit=1000", 4, {"total_count": 4, "max_page": 1}),
            ("?page=1&page=2", 0, {"total_count": 4, "max_page": 1}),
            ("?query=pRo", 4, {"total_count": 4, "max_page": 1}),
            ("?query=%25", 0, {"total_count": 0, "max_page": 0}),
            ("?product_billing_type=recurring", 0, {"total_count": 0, "max_page": 0}),
            (f"?product_id={UNKNOWN_ID}", 0, {"total_count": 0, "max_page": 0}),
            ("?unknown=1&status=paid", 4, {"total_count": 4, "max_page": 1}),
        ],
    )
    def test_when_it_is_paged_or_filtered_then_items_and_counts_agree(
        self, api: Api, query: str, count: int, pagination: dict[str, int]
    ) -> None:
        answer = api.send("GET", ORDERS + query, token="customer")

        assert (len(answer.json["items"]), answer.json["pagination"]) == (count, pagination)

    def test_when_it_is_sorted_then_equal_orders_keep_the_order_of_creation(self, api: Api) -> None:
        up = numbers(api.send("GET", f"{ORDERS}?sorting=created_at", token="customer"))

        assert numbers(api.send("GET", f"{ORDERS}?sorting=amount", token="customer")) == up
        assert numbers(api.send("GET", f"{ORDERS}?sorting=-amount", token="customer")) == up
        assert numbers(api.send("GET", f"{ORDERS}?sorting=-created_at", token="customer")) == up[::-1]

    def test_when_the_organization_lists_then_it_sees_every_customers_orders(self, api: Api) -> None:
        ids = api.world["ids"]

        assert api.send("GET", "/v1/orders/", token="oat").json["pagination"]["total_count"] == 5
        for query in (
            f"customer_id={ids['customer:other']}",
            f"product_id={ids['product:pro']}&customer_id={ids['customer:other']}",
        ):
            assert numbers(api.send("GET", f"/v1/orders/?{query}", token="oat")) == [ids["order:foreign"]]
        assert api.send("GET", "/v1/orders/?metadata[foo]=bar", token="oat").json["items"] == []
        assert (
            api.send("GET", "/v1/orders/?external_customer_id=ext-main", token="oat").json["pagination"]["total_count"]
            == 4
        )


class GivenAPatch:
    @pytest.mark.parametrize(
        ("address", "stored"),
        [
            ({"country": "us", "state": "NY", "line1": " 1 St "}, {"country": "US", "state": "US-NY", "line1": "1 St"}),
            ({"country": "US", "state": "US-NY", "city": "  "}, {"city": None}),
        ],
    )
    def test_then_an_address_is_normalised_and_replaces_the_old_one(
        self, api: Api, address: dict[str, str], stored: dict[str, Any]
    ) -> None:
        answer = api.send("PATCH", api.order("paid"), token="customer", body={"billing_address": address})

        assert answer.status_code == 200, answer.text
        assert answer.json is not None
        shown = answer.json["billing_address"]
        assert set(shown) == {"line1", "line2", "postal_code", "city", "state", "country"}
        assert {name: shown[name] for name in stored} == stored
        assert shown["postal_code"] is None

    def test_when_country_and_state_would_change_then_nothing_is_stored(self, api: Api) -> None:
        body = {"billing_name": "Not stored", "billing_address": {"country": "FR"}}

        answer = api.send("PATCH", api.order("paid"), token="customer", body=body)

        assert answer.status_code == 422
        assert answer.json == {
            "error": "PolarRequestValidationError",
            "detail": [
                {
                    "type": "value_error",
                    "loc": ["body", "billing_address", "country"],
                    "msg": "Country cannot be changed",
                    "input": "FR",
                },
                {
                    "type": "value_error",
                    "loc": ["body", "billing_address", "state"],
                    "msg": "State cannot be changed",
                    "input": None,
                },
            ],
        }
        order = api.send("GET", api.order("paid"), token="customer").json
        assert order is not None
        assert order["billing_name"] == "Jane Doe"

    def test_when_nothing_is_sent_then_nothing_changes_but_an_event_is_raised(self, api: Api) -> None:
        before = api.send("GET", api.order("paid"), token="customer").data

        answer = api.send("PATCH", api.order("paid"), token="customer", body={})

        assert answer.data == before
        assert len(api.events()) == 1

    def test_then_the_event_carries_the_organizations_order_as_it_is_after_the_change(self, api: Api) -> None:
        api.send("PATCH", api.order("paid"), token="customer", body={"billing_name": "Žofie"})

        payload = api.events()[0]["payload"]
        assert payload.startswith('{"type":"order.updated","timestamp":"')
        assert '"billing_name":"Žofie"' in payload
        assert '"platform_fee_amount":0' in payload
