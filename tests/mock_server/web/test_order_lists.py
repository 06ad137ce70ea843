"""Lists of orders: how they are sorted, searched, and filtered by status and time."""

from __future__ import annotations

import pytest

from mock_server.assembly import MockServer
from tests.mock_server.web.conftest import ACME, Api, world_of


def test_when_orders_are_sorted_by_customer_then_by_e_mail_and_none_comes_last(server: MockServer) -> None:
    # bob@, jane@, and none; by their names it would be Jane Doe, Nobody, Zoe Roe.
    customers = {
        "other": {**ACME["customers"]["other"], "name": "Zoe Roe"},
        "nameless": {"name": "Nobody", "type": "team"},
        "main": ACME["customers"]["main"],
    }
    tokens = {"oat": {"kind": "organization_access_token"}}
    orders = {name: {"customer": name, "product": "pro"} for name in customers}
    api = world_of(server, {**ACME, "customers": customers, "tokens": tokens, "orders": orders})
    wanted = [api.world["ids"][f"order:{name}"] for name in ("other", "main", "nameless")]

    for sorting, expected in (("customer", wanted), ("-customer", wanted[::-1])):
        items = api.send("GET", f"/v1/orders/?sorting={sorting}", token="oat").json["items"]
        assert [item["id"] for item in items] == expected


def test_when_a_name_is_searched_then_a_percent_sign_is_only_a_letter(api: Api) -> None:
    assert api.send("GET", "/v1/customer-portal/orders/?query=%25", token="customer").json["items"] == []


DATED = {
    "first": {"status": "paid", "created_at": "2026-03-01T00:00:00Z"},
    "second": {"status": "draft", "created_at": "2026-03-02T00:00:00Z"},
    "third": {"status": "void", "created_at": "2026-03-03T00:00:00Z"},
    "fourth": {"status": "pending", "created_at": "2026-03-04T00:00:00Z"},
}


@pytest.fixture
def dated(server: MockServer) -> Api:
    """Four orders, each created a day after the one before."""
    orders = {key: {"customer": "main", "product": "pro", **fields} for key, fields in DATED.items()}
    return world_of(server, {**ACME, "revision": "2026-10", "orders": orders})


def listed(api: Api, query: str) -> list[str]:
    keys = {api.world["ids"][f"order:{key}"]: key for key in DATED}
    items = api.send("GET", f"/v1/orders/?{query}", token="oat").json["items"]
    return [keys[item["id"]] for item in items]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=draft", ["second"]),
        ("status=draft&status=paid", ["second", "first"]),
        ("status=refunded", []),
        ("created_after=2026-03-03T00:00:00Z", ["fourth", "third"]),
        ("created_before=2026-03-02T00:00:00Z", ["second", "first"]),
        ("created_after=2026-03-02T01:00:00%2B01:00&created_before=2026-03-03T00:00:00Z", ["third", "second"]),
        ("created_after=2026-03-02T00:00:00Z&status=void", ["third"]),
        ("sorting=status", ["second", "fourth", "first", "third"]),
        ("sorting=invoice_number", ["first", "third", "fourth", "second"]),
        ("sorting=-invoice_number", ["second", "fourth", "third", "first"]),
    ],
)
def test_when_a_later_list_is_filtered_or_sorted_then_it_has_these_orders(
    dated: Api, query: str, expected: list[str]
) -> None:
    assert listed(dated, query) == expected


@pytest.mark.parametrize(
    ("query", "kind", "loc"),
    [
        ("created_after=2026-03-03T00:00:00", "timezone_aware", ["query", "created_after"]),
        ("created_before=soon", "datetime_from_date_parsing", ["query", "created_before"]),
        ("status=lost", "enum", ["query", "status", "str-enum[OrderStatus]"]),
    ],
)
def test_when_a_bound_or_a_status_is_wrong_then_it_is_refused(
    dated: Api, query: str, kind: str, loc: list[str]
) -> None:
    answer = dated.send("GET", f"/v1/orders/?{query}", token="oat")

    assert (answer.status_code, answer.json["detail"][0]["type"], answer.json["detail"][0]["loc"]) == (422, kind, loc)


def test_when_a_revision_has_no_such_filters_then_they_change_nothing(api: Api) -> None:
    answers = [
        api.send("GET", f"/v1/orders/{query}", token="oat").data for query in ("", "?status=lost&created_after=x")
    ]

    assert answers[0] == answers[1]
