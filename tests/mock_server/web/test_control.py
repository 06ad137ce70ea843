"""The control API: worlds, their orders, their clock, and access to it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mock_server.web.conftest import UNKNOWN_ID, Api


class GivenAServer:
    def test_then_it_lists_its_scenarios_with_a_message_each(self, api: Api) -> None:
        items = api.control("GET", "/scenarios")["items"]

        assert "demo" in [item["name"] for item in items]
        assert all(item["sentence"] for item in items)

    @pytest.mark.parametrize(
        "body", [None, {}, {"scenario": "demo"}, {"extends": "demo", "orders": {"extra": {"customer": "main"}}}]
    )
    def test_when_a_world_is_made_of_the_demo_then_its_ids_and_tokens_are_fresh(self, api: Api, body: Any) -> None:
        first, second = (api.control("POST", "/worlds", body) for _ in range(2))

        assert first["tokens"].keys() == second["tokens"].keys()
        assert set(first["tokens"].values()).isdisjoint(second["tokens"].values())
        assert set(first["ids"].values()).isdisjoint(second["ids"].values())

    @pytest.mark.parametrize(
        ("body", "status", "said"),
        [
            ({"scenario": "nope"}, 404, "demo"),
            ({"scenario": "demo", "more": 1}, 422, "more"),
            ({"orders": {"a": {"customer": "nobody"}}}, 422, "nobody"),
            (b"{", 422, "JSON"),
            (b"[]", 422, "object"),
            pytest.param(b"[" * 20_000, 422, "JSON", id="too deep"),
        ],
    )
    def test_when_a_document_is_wrong_then_the_answer_says_where_and_what(
        self, api: Api, body: Any, status: int, said: str
    ) -> None:
        answer = api.send("POST", "/_mock/worlds", body=body, content_type="application/json")

        assert answer.status_code == status
        assert said in answer.text

    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "/worlds/none", 404),
            ("DELETE", "/worlds/none", 404),
            ("POST", "/worlds/none/settle", 404),
            ("GET", "/nothing", 404),
            ("PUT", "/worlds", 404),
        ],
    )
    def test_when_something_is_unknown_then_it_says_so_in_json(
        self, api: Api, method: str, path: str, status: int
    ) -> None:
        answer = api.send(method, f"/_mock{path}")

        assert answer.status_code == status
        assert answer.json is not None
        assert answer.json["detail"]


class GivenAWorld:
    def test_when_it_is_deleted_then_its_tokens_are_unknown(self, api: Api) -> None:
        api.in_world("DELETE", "")

        assert api.send("GET", api.order("paid"), token="customer").status_code == 401
        assert api.world["id"] not in [item["id"] for item in api.control("GET", "/worlds")["items"]]

    def test_when_it_is_reset_then_it_is_as_it_was_made_with_the_same_ids_and_tokens(self, api: Api) -> None:
        before = api.send("GET", api.order("paid"), token="customer").data
        api.send("POST", f"{api.order('paid')}/invoice", token="customer")
        api.in_world("PATCH", "/clock", {"mode": "held", "advance_seconds": 86_400})
        opened = api.send("POST", "/v1/customer-sessions/", token="oat", body={"external_customer_id": "ext-main"})

        made = api.in_world("POST", "/reset")

        assert (made["ids"], made["tokens"]) == (api.world["ids"], api.world["tokens"])
        assert api.send("GET", api.order("paid"), token="customer").data == before
        assert api.events() == []
        assert opened.json is not None
        assert api.send("GET", api.order("paid"), token=opened.json["token"]).status_code == 401

    def test_when_a_document_takes_an_id_in_use_then_it_is_refused_with_its_path(self, api: Api) -> None:
        document = api.in_world("GET", "")

        answer = api.send("POST", "/_mock/worlds", body=document)

        assert answer.status_code == 409
        assert answer.json is not None
        assert answer.json["path"]

    def test_when_an_order_is_added_then_it_is_like_one_of_the_document(self, api: Api) -> None:
        made = api.in_world("POST", "/orders", {"key": "more", "customer": "main", "product": "pro", "status": "paid"})

        order = api.send("GET", f"/v1/customer-portal/orders/{made['id']}", token="customer").json

        assert order is not None
        assert order["items"][0]["id"] == made["item_id"]
        assert order["billing_name"] == "Jane Doe"
        assert [event["type"] for event in api.in_world("GET", "/deliveries")["items"]] == [
            "order.created",
            "order.updated",
            "order.paid",
        ]

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({"status": "paid"}, 200),
            ({"status": "paid", "billing_name": "Now Known"}, 200),
            ({"status": "refunded"}, 422),
            ({"status": "eaten"}, 422),
            ({"colour": "red"}, 422),
        ],
    )
    def test_when_an_order_is_moved_then_the_domains_rules_hold(
        self, api: Api, body: dict[str, str], status: int
    ) -> None:
        order_id = api.world["ids"]["order:unpaid"]

        answer = api.send("PATCH", f"/_mock/worlds/{api.world['id']}/orders/{order_id}", body=body)

        assert answer.status_code == status
        shown = api.send("GET", api.order("unpaid"), token="customer").json
        assert shown is not None
        assert shown["status"] == ("paid" if status == 200 else "pending")

    def test_when_the_order_is_unknown_then_it_says_so(self, api: Api) -> None:
        answer = api.send("PATCH", f"/_mock/worlds/{api.world['id']}/orders/{UNKNOWN_ID}", body={"status": "paid"})

        assert answer.status_code == 404


class GivenAClock:
    def test_when_it_is_advanced_then_what_becomes_due_has_run_before_the_answer(self, api: Api) -> None:
        api.send("POST", f"{api.order('paid')}/invoice", token="customer")

        answer = api.in_world("PATCH", "/clock", {"advance_seconds": 2.9})
        assert answer["ran"] == []

        answer = api.in_world("PATCH", "/clock", {"advance_seconds": 0.2})
        assert api.invoices_made(answer["ran"]) == [api.world["ids"]["order:paid"]]

    def test_when_it_is_held_and_set_then_it_stands_there(self, api: Api) -> None:
        answer = api.in_world("PATCH", "/clock", {"mode": "held", "set": "2030-01-01T00:00:00+02:00"})

        assert (answer["mode"], answer["now"]) == ("held", "2029-12-31T22:00:00Z")

    def test_when_everything_is_settled_then_the_clock_has_not_moved(self, api: Api) -> None:
        before = api.in_world("GET", "/clock")
        api.send("POST", f"{api.order('paid')}/invoice", token="customer")

        assert len(api.invoices_made(api.in_world("POST", "/settle")["ran"])) == 1
        assert api.in_world("GET", "/clock") == before

    @pytest.mark.parametrize(
        "body",
        [
            {"mode": "fast"},
            {"set": "2030-01-01T00:00:00"},
            {"set": "soon"},
            {"set": "9999-12-31T23:59:59-23:59"},
            {"set": "0001-01-01T00:00:00+23:59"},
            {"set": "2999-12-31T00:00:00Z", "advance_seconds": 86400},
            {"advance_seconds": "5"},
            {"advance_seconds": 1e300},
            {"advance_seconds": True},
            {"now": 1},
        ],
    )
    def test_when_it_is_sent_nonsense_then_it_stays_as_it_was(self, api: Api, body: dict[str, Any]) -> None:
        before = api.in_world("GET", "/clock")

        answer = api.send("PATCH", f"/_mock/worlds/{api.world['id']}/clock", body=body)

        assert answer.status_code == 422
        assert api.in_world("GET", "/clock") == before
