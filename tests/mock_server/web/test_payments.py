"""Retrying an order's payment: the conditions, the outcome by token, and the processor's later report."""

from __future__ import annotations

from typing import Any

import pytest

from mock_server.assembly import MockServer
from tests.mock_server.web.conftest import ACME, Api

DUE = {"customer": "main", "product": "club", "subscription": "monthly", "status": "pending"}


@pytest.fixture
def api(server: MockServer) -> Api:
    document = {
        **ACME,
        "subscriptions": {"monthly": {"customer": "main", "product": "club", "status": "past_due"}},
        "orders": {
            **ACME["orders"],
            "due": {**DUE, "next_payment_attempt_at": "2030-01-01T00:00:00Z"},
            "not_in_dunning": DUE,
        },
    }
    api = Api(server)
    api.world = api.control("POST", "/worlds", document)
    return api


def pay(api: Api, key: str = "due", **body: Any) -> Any:
    sent = body or {"confirmation_token_id": "ctoken_succeeded"}
    return api.send("POST", f"{api.order(key)}/confirm-payment", token="customer", body=sent)


def status_of(api: Api, key: str = "due") -> Any:
    return api.send("GET", api.order(key), token="customer").json["status"]


class GivenAnOrderInDunning:
    @pytest.mark.parametrize("token", ["ctoken_succeeded", "ctoken_anything"])
    def test_when_the_card_is_good_then_the_order_is_paid_once_the_processor_reports_it(
        self, api: Api, token: str
    ) -> None:
        answer = pay(api, confirmation_token_id=token)

        assert answer.json == {"status": "succeeded", "client_secret": None, "error": None}
        assert status_of(api) == "pending"
        api.in_world("PATCH", "/clock", {"advance_seconds": 1})
        assert status_of(api) == "paid"
        assert [event["type"] for event in api.in_world("GET", "/deliveries")["items"]] == [
            "order.updated",
            "order.paid",
        ]

    def test_when_a_payment_is_under_way_then_a_second_one_is_refused(self, api: Api) -> None:
        pay(api)

        answer = pay(api)

        order_id = api.world["ids"]["order:due"]
        assert (answer.status_code, answer.json) == (
            409,
            {"error": "PaymentAlreadyInProgress", "detail": f"Payment for order {order_id} is already in progress"},
        )

    @pytest.mark.parametrize(
        ("token", "words"),
        [("ctoken_declined", "declined"), ("ctoken_processing_error", "processing")],
    )
    def test_when_the_card_fails_then_the_answer_and_the_payment_say_why(
        self, api: Api, token: str, words: str
    ) -> None:
        answer = pay(api, confirmation_token_id=token)

        assert (answer.status_code, answer.json["status"]) == (200, "failed")
        assert words in answer.json["error"]
        shown = api.send("GET", f"{api.order('due')}/payment-status", token="customer").json
        assert shown == {"status": "failed", "error": answer.json["error"]}

    def test_when_the_owner_has_to_act_then_a_secret_is_given_and_another_try_is_possible(self, api: Api) -> None:
        answer = pay(api, confirmation_token_id="ctoken_requires_action")

        assert answer.json["status"] == "requires_action"
        assert answer.json["client_secret"]
        assert pay(api).json["status"] == "succeeded"

    def test_when_five_tries_were_made_then_the_sixth_is_refused_with_a_body_and_no_waiting_time(
        self, api: Api
    ) -> None:
        for _ in range(5):
            assert pay(api, confirmation_token_id="ctoken_declined").status_code == 200

        answer = pay(api)

        assert answer.status_code == 429
        assert answer.json["error"] == "ManualRetryLimitExceeded"
        assert "Retry-After" not in answer.headers

    def test_when_the_card_is_a_saved_one_of_another_customer_then_it_is_refused(self, api: Api) -> None:
        answer = pay(api, payment_method_id="3fa85f64-5717-4562-b3fc-2c963f66afa6")

        assert (answer.status_code, answer.json) == (
            422,
            {"error": "PaymentRetryValidationError", "detail": "Payment method does not belong to customer"},
        )

    def test_when_it_was_voided_before_the_report_then_it_stays_void(self, api: Api) -> None:
        pay(api)
        api.in_world("PATCH", f"/orders/{api.world['ids']['order:due']}", {"status": "void"})

        api.in_world("POST", "/settle")

        assert status_of(api) == "void"

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            ({}, "Value error, Either confirmation_token_id or payment_method_id must be provided"),
            (
                {"confirmation_token_id": "x", "payment_method_id": "3fa85f64-5717-4562-b3fc-2c963f66afa6"},
                "Value error, Only one of confirmation_token_id or payment_method_id can be provided",
            ),
        ],
    )
    def test_when_it_is_not_one_way_to_pay_then_the_body_is_refused(
        self, api: Api, body: dict[str, str], message: str
    ) -> None:
        answer = api.send("POST", f"{api.order('due')}/confirm-payment", token="customer", body=body)

        assert answer.json["detail"] == [
            {"type": "value_error", "loc": ["body"], "msg": message, "input": body, "ctx": {"error": {}}}
        ]


class GivenAnyOtherOrder:
    @pytest.mark.parametrize("key", ["paid", "unpaid", "not_in_dunning"])
    def test_then_it_is_not_eligible(self, api: Api, key: str) -> None:
        answer = pay(api, key)

        order_id = api.world["ids"][f"order:{key}"]
        assert (answer.status_code, answer.json) == (
            422,
            {"error": "OrderNotEligibleForRetry", "detail": f"Order {order_id} is not eligible for payment retry."},
        )
