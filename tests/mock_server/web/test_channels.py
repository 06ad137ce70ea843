"""Messages for Discord and Slack about orders that are out of the ordinary; their encoding."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mock_server.assembly import MockServer
from tests.mock_server.web.conftest import ACME, Api, world_of

EVENTS = ["order.created", "order.updated", "order.paid", "order.refunded"]
ORDERS: dict[str, Any] = {
    "yen": {"product": "pro", "currency": "jpy", "subtotal_amount": 5000},
    "francs": {"product": "pro", "currency": "chf", "subtotal_amount": 1050},
    "monthly": {"product": "club", "subscription": "monthly", "status": "pending"},
    "bare": {},
    "anonymous": {"product": "pro", "customer": "team"},
}


@pytest.fixture
def shop(server: MockServer) -> Api:
    endpoints = {
        form: {"url": f"http://127.0.0.1:3000/{form}", "events": EVENTS, "format": form}
        for form in ("discord", "slack")
    }
    orders = {key: {"customer": "main", "status": "paid", **order} for key, order in ORDERS.items()}
    document = {
        **ACME,
        "organization": {**ACME["organization"], "name": "Ämne"},
        "customers": {**ACME["customers"], "team": {"name": "Team", "type": "team"}},
        "subscriptions": {"monthly": {"customer": "main", "product": "club"}},
        "orders": orders,
        "webhook_endpoints": endpoints,
    }
    return world_of(server, document)


def messages(api: Api, order: str, body: dict[str, Any], event_type: str = "order.updated") -> tuple[Any, Any]:
    """The messages that Discord and Slack receive for a change."""
    api.in_world("PATCH", f"/orders/{api.world['ids'][f'order:{order}']}", body)
    discord, slack = (json.loads(event["payload"]) for event in api.events(event_type))
    return discord, slack


def facts(discord: Any, slack: Any) -> dict[str, Any]:
    """The facts of both, which have to be the same."""
    shown = {field["name"]: field["value"] for field in discord["embeds"][0]["fields"]}
    assert [field["text"] for field in slack["blocks"][0]["fields"]] == [f"*{name}*\n{shown[name]}" for name in shown]
    return shown


class GivenAnOrder:
    @pytest.mark.parametrize(
        ("order", "wanted"),
        [
            ("yen", {"Product": "Pro Plan", "Amount": "¥5,000", "Customer": "jane@example.com"}),
            ("francs", {"Product": "Pro Plan", "Amount": "CHF10.50", "Customer": "jane@example.com"}),
            ("anonymous", {"Product": "Pro Plan", "Amount": "$10.00", "Customer": None}),
        ],
    )
    def test_when_it_changes_then_product_amount_and_customer_are_shown(
        self, shop: Api, order: str, wanted: dict[str, Any]
    ) -> None:
        assert facts(*messages(shop, order, {"billing_name": "X"})) == wanted

    def test_when_it_belongs_to_a_subscription_then_that_is_shown_too(self, shop: Api) -> None:
        shown = facts(*messages(shop, "monthly", {"billing_name": "X"}))

        assert list(shown) == ["Product", "Amount", "Customer", "Subscription"]
        assert shown["Subscription"] == "Yes"

    def test_when_it_has_no_product_then_its_description_is_shown(self, shop: Api) -> None:
        described = shop.send("GET", shop.org_order("bare"), token="oat").json["description"]

        assert facts(*messages(shop, "bare", {"billing_name": "X"}))["Product"] == described

    def test_when_it_is_refunded_then_a_sentence_says_of_what(self, shop: Api) -> None:
        discord, slack = messages(shop, "yen", {"status": "refunded"}, "order.refunded")

        sentence = "Order refunded for Ämne."
        assert (discord["embeds"][0]["description"], slack["blocks"][0]["text"]["text"]) == (sentence, sentence)

    def test_then_both_are_written_in_ascii_with_blanks(self, shop: Api) -> None:
        messages(shop, "yen", {"billing_name": "X"})

        for event in shop.events():
            assert event["payload"] == json.dumps(json.loads(event["payload"]))
            assert "\\u00c4mne" in event["payload"]
