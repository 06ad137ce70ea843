"""Retrying an order's payment with the mock's own test cards, and texts of refused bodies."""

from __future__ import annotations

from typing import Any

import pytest

from mock_server.assembly import MockServer
from tests.mock_server.web.conftest import ACME, UNKNOWN_ID, Api, world_of

DUE = {
    **{"customer": "main", "product": "club", "subscription": "monthly", "status": "pending"},
    "next_payment_attempt_at": "2030-01-01T00:00:00Z",
}


@pytest.fixture
def api(server: MockServer) -> Api:
    document = {
        **ACME,
        "subscriptions": {"monthly": {"customer": "main", "product": "club", "status": "past_due"}},
        "orders": {"due": DUE, "paid": {**DUE, "status": "paid"}, "single": {**DUE, "subscription": None}},
    }
    return world_of(server, document)


def pay(api: Api, key: str = "due", **body: Any) -> Any:
    return api.send("POST", f"{api.order(key)}/confirm-payment", token="customer", body=body)


def status_of(api: Api) -> Any:
    return api.send("GET", api.order("due"), token="customer").json["status"]


class GivenAnOrderInDunning:
    def test_when_the_token_is_any_text_then_the_card_is_good_and_events_tell_of_the_payment(self, api: Api) -> None:
        answer = pay(api, confirmation_token_id="ctoken_anything")

        assert answer.json == {"status": "succeeded", "client_secret": None, "error": None}
        assert status_of(api) == "pending"
        api.in_world("PATCH", "/clock", {"advance_seconds": 1})
        assert status_of(api) == "paid"
        types = [event["type"] for event in api.in_world("GET", "/deliveries")["items"]]
        assert types == ["order.updated", "order.paid"]

    def test_when_the_processor_fails_then_the_answer_says_so(self, api: Api) -> None:
        answer = pay(api, confirmation_token_id="ctoken_processing_error")

        assert (answer.status_code, answer.json["status"]) == (200, "failed")
        assert "processing" in answer.json["error"]

    def test_when_it_was_voided_before_the_report_then_it_stays_void(self, api: Api) -> None:
        pay(api, confirmation_token_id="ctoken_succeeded")
        api.in_world("PATCH", f"/orders/{api.world['ids']['order:due']}", {"status": "void"})

        api.in_world("POST", "/settle")

        assert status_of(api) == "void"

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            ({}, "Value error, Either confirmation_token_id or payment_method_id must be provided"),
            (
                {"confirmation_token_id": "x", "payment_method_id": UNKNOWN_ID},
                "Value error, Only one of confirmation_token_id or payment_method_id can be provided",
            ),
        ],
    )
    def test_when_it_is_not_one_way_to_pay_then_the_body_is_refused(
        self, api: Api, body: dict[str, str], message: str
    ) -> None:
        assert pay(api, **body).json["detail"] == [
            {"type": "value_error", "loc": ["body"], "msg": message, "input": body, "ctx": {"error": {}}}
        ]


@pytest.mark.parametrize("key", ["paid", "single"])
def test_when_only_a_next_attempt_is_planned_then_the_payment_can_not_be_retried(api: Api, key: str) -> None:
    assert pay(api, key, confirmation_token_id="ctoken_succeeded").json["error"] == "OrderNotEligibleForRetry"
