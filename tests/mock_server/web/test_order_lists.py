"""Lists of orders with missing parts, in every status, and with every kind of metadata."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import quote

import pytest

from mock_server.assembly import MockServer
from tests.mock_server.web.conftest import ACME, Api

PORTAL, ORGANIZATION = "/v1/customer-portal/orders/", "/v1/orders/"
SIDES = [(PORTAL, "customer"), (ORGANIZATION, "oat")]
ORDERS: dict[str, Any] = {
    "pending": {"product": "pro", "status": "pending"},
    "paid": {"product": "pro", "metadata": {"bool": True, "whole": 12, "text": "web"}},
    "refunded": {"product": "pro", "status": "refunded", "metadata": {"bool": False, "half": 1.50, "round": 2.0}},
    "partly": {"product": "pro", "status": "partially_refunded", "refunded_amount": 100, "metadata": {"text": "true"}},
    "void": {"product": "pro", "status": "void", "metadata": {"zero": 0.0, "large": 1e20, "small": 1e-7}},
    "bare": {"items": None, "metadata": {"null": "null", "none": "None", "empty": ""}},
    "monthly": {"product": "club", "subscription": "monthly", "billing_reason": "subscription_create"},
}
DAYS = {key: f"2026-04-{day:02d}T00:00:00Z" for day, key in enumerate(ORDERS, start=1)}


@pytest.fixture
def shop(server: MockServer) -> Api:
    api = Api(server)
    orders = {
        key: {"customer": "main", "status": "paid", "created_at": DAYS[key], **without_null(order)}
        for key, order in ORDERS.items()
    }
    renamed = {**ACME["customers"]["other"], "name": "Zoe Roe"}
    customers = {**ACME["customers"], "other": renamed, "nameless": {"name": "Nobody", "type": "team"}}
    orders["of_other"] = {"customer": "other", "product": "pro", "created_at": "2026-03-01T00:00:00Z"}
    orders["of_nameless"] = {"customer": "nameless", "product": "pro", "created_at": "2026-03-02T00:00:00Z"}
    subscriptions = {"monthly": {"customer": "main", "product": "club"}}
    document = {**ACME, "customers": customers, "orders": orders, "subscriptions": subscriptions}
    api.world = api.control("POST", "/worlds", document)
    return api


def without_null(order: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in order.items() if value is not None}


def keys(api: Api, path: str, query: str, token: str) -> list[str]:
    names = {id_: name.removeprefix("order:") for name, id_ in api.world["ids"].items()}
    answer = api.send("GET", f"{path}?limit=100&{query}", token=token)
    assert answer.status_code == 200, answer.text
    return [names[item["id"]] for item in answer.json["items"]]


def of_main(api: Api, query: str) -> list[str]:
    return keys(api, ORGANIZATION, f"customer_id={api.world['ids']['customer:main']}&{query}", "oat")


class GivenAnOrderWithoutAProduct:
    @pytest.mark.parametrize(("path", "token"), SIDES, ids=["portal", "organization"])
    @pytest.mark.parametrize(
        ("query", "is_there"),
        [
            ("product_billing_type=one_time", True),
            ("product_billing_type=one_time&product_billing_type=recurring", True),
            ("product_billing_type=recurring", False),
            ("product_id={product:pro}", False),
            ("subscription_id={subscription:monthly}", False),
        ],
    )
    def test_then_it_counts_as_bought_once_and_has_nothing_else(
        self, shop: Api, path: str, token: str, query: str, is_there: bool
    ) -> None:
        for name, id_ in shop.world["ids"].items():
            query = query.replace(f"{{{name}}}", id_)

        assert ("bare" in keys(shop, path, query, token)) is is_there

    @pytest.mark.parametrize("query", ["query=", "query=bare", "query=null"])
    def test_when_names_are_searched_then_it_has_none_to_be_found_by(self, shop: Api, query: str) -> None:
        assert "bare" not in keys(shop, PORTAL, query, "customer")

    def test_when_the_search_is_empty_then_every_order_with_a_product_is_found(self, shop: Api) -> None:
        assert Counter(keys(shop, PORTAL, "query=", "customer")) == Counter(ORDERS.keys() - {"bare"})

    @pytest.mark.parametrize("name", ["discount_id", "checkout_id", "external_customer_id"])
    def test_when_what_it_lacks_is_asked_for_then_it_is_left_out(self, shop: Api, name: str) -> None:
        asked = "3fa85f64-5717-4562-b3fc-2c963f66afa6"

        assert keys(shop, ORGANIZATION, f"{name}={asked}", "oat") == []

    @pytest.mark.parametrize(("path", "token"), SIDES, ids=["portal", "organization"])
    def test_when_products_are_sorted_then_it_is_last_upwards_and_first_downwards(
        self, shop: Api, path: str, token: str
    ) -> None:
        assert keys(shop, path, "sorting=product", token)[-1] == "bare"
        assert keys(shop, path, "sorting=-product", token)[0] == "bare"


class GivenOrdersInEveryStatus:
    @pytest.mark.parametrize(
        ("query", "wanted"),
        [
            ("sorting=status&sorting=created_at", "pending paid bare monthly refunded partly void"),
            ("sorting=status&sorting=-created_at", "pending monthly bare paid refunded partly void"),
            ("sorting=-status&sorting=created_at", "void partly refunded paid bare monthly pending"),
            ("sorting=-status&sorting=invoice_number", "void partly refunded paid bare monthly pending"),
        ],
    )
    def test_when_they_are_sorted_by_it_then_in_the_services_order(self, shop: Api, query: str, wanted: str) -> None:
        assert of_main(shop, query) == wanted.split()

    def test_when_nothing_else_is_asked_for_then_only_the_status_counts(self, shop: Api) -> None:
        places = [("paid", "bare", "monthly").count(key) for key in of_main(shop, "sorting=status")]

        assert places == [0, 1, 1, 1, 0, 0, 0]


class GivenCustomersWithAndWithoutAnAddress:
    def test_when_orders_are_sorted_by_customer_then_by_e_mail_and_none_comes_last(self, shop: Api) -> None:
        up = keys(shop, ORGANIZATION, "sorting=customer", "oat")
        down = keys(shop, ORGANIZATION, "sorting=-customer", "oat")

        # bob@, jane@, and none; by their names it would be Jane Doe, Nobody, Zoe Roe.
        assert (up[0], up[-1]) == ("of_other", "of_nameless")
        assert (down[0], down[-1]) == ("of_nameless", "of_other")


class GivenMetadata:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("metadata[bool]=true", "paid"),
            ("metadata[bool]=false", "refunded"),
            ("metadata[bool]=True", ""),
            ("metadata[bool]=False", ""),
            ("metadata[bool]=1", ""),
            ("metadata[bool]=", ""),
            ("metadata[bool]=true&metadata[bool]=false", "paid refunded"),
            ("metadata[text]=true", "partly"),
            ("metadata[whole]=12", "paid"),
            ("metadata[whole]=12.0", ""),
            ("metadata[whole]=012", ""),
            ("metadata[whole]=1.2e1", ""),
            ("metadata[half]=1.5", "refunded"),
            ("metadata[half]=1.50", ""),
            ("metadata[round]=2.0", "refunded"),
            ("metadata[round]=2", ""),
            ("metadata[zero]=0.0", "void"),
            ("metadata[zero]=0", ""),
            ("metadata[large]=100000000000000000000", "void"),
            ("metadata[small]=0.0000001", "void"),
            ("metadata[small]=1e-07", ""),
            ("metadata[empty]=", "bare"),
            ("metadata[null]=null", "bare"),
            ("metadata[none]=None", "bare"),
            ("metadata[missing]=None", ""),
            ("metadata[missing]=null", ""),
            ("metadata[missing]=", ""),
            ("metadata[text]=web&metadata[bool]=true", "paid"),
            ("metadata[text]=web&metadata[bool]=false", ""),
            ("metadata[text]=WEB", ""),
            ("metadata[text][more]=web", "paid"),
        ],
    )
    def test_when_it_is_filtered_then_by_its_json_text(self, shop: Api, query: str, found: str) -> None:
        assert sorted(of_main(shop, query)) == sorted(found.split())

    @pytest.mark.parametrize(
        "query",
        ["metadata[]=campaign", "metadata=web", "metadata[text=web", "metadata]text[=web", "[text]=web", "=web"],
    )
    def test_when_no_key_is_named_then_nothing_is_filtered(self, shop: Api, query: str) -> None:
        assert len(of_main(shop, query)) == len(ORDERS)
        assert len(of_main(shop, quote(query, safe="="))) == len(ORDERS)
