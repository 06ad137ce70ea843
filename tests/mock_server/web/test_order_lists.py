"""Lists of orders: customers are sorted by e-mail address, and a search takes every letter as it is."""

from __future__ import annotations

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
