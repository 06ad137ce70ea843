"""Predictions of the model for single steps, in tables: callers, lists, PATCHes, invoices, sessions and endpoints."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from contract_tests.checks.response import differences
from contract_tests.model.prediction import Prediction
from contract_tests.model.predictions import Model
from contract_tests.model.state import State, first_state
from contract_tests.model.steps import (
    MALFORMED_ID,
    PLAIN_ADDRESS,
    UNKNOWN_ID,
    Ask,
    Download,
    MoveOrder,
    PassTime,
    Settle,
    Step,
    plain_order,
)
from polar_contract import load_contract
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object
from polar_contract.operations import Operations

PORTAL, ORGANIZATION = "customer_portal:orders:", "orders:"
ORDER = plain_order("order:1")
INVOICE = Ask(PORTAL + "generate_invoice", who="customer", on="order:1")
SESSION = Ask("customer-sessions:create", "organization", body={"customer_id": "{customer:main}"}, names="session:5")
ENDPOINT: JsonObject = {"url": "https://hooks.example.com/a", "format": "raw", "events": []}
CREATE = Ask("webhooks:create_webhook_endpoint", who="organization", body=ENDPOINT, names="endpoint:1")


@cache
def model() -> Model:
    contract = load_contract()
    return Model(Operations(contract.published, contract.effective), contract.behaviour)


def predict(step: Step, state: State) -> Prediction:
    return model().predict(step, state)


def state_after(*steps: Step) -> State:
    state = first_state()
    for step in steps:
        state = predict(step, state).after
    return state


def patch(body: JsonValue, **changes: str) -> Ask:
    return replace(Ask(PORTAL + "update", who="customer", on="order:1", body=body), **changes)  # type: ignore[arg-type]  # fields of Ask


class GivenACaller:
    @pytest.mark.parametrize(
        ("who", "status", "error"),
        [
            ("customer", 200, None),
            ("owner", 200, None),
            ("plain_member", 403, "NotPermitted"),
            ("other_customer", 404, "ResourceNotFound"),
            ("organization", 401, "Unauthorized"),
            ("nobody", 401, "Unauthorized"),
            ("unknown_customer", 401, "invalid_token"),
        ],
    )
    def test_when_an_order_is_read_on_the_portal_then_it_is_theirs_or_refused(
        self, who: str, status: int, error: str | None
    ) -> None:
        prediction = predict(Ask(PORTAL + "get", who=who, on="order:1"), state_after(ORDER))
        assert (prediction.status, prediction.error) == (status, error)

    def test_when_the_story_does_not_know_them_then_there_is_no_prediction(self) -> None:
        with pytest.raises(KeyError):
            predict(Ask(PORTAL + "get", who="session:9", on="order:1"), state_after(ORDER))

    def test_when_a_customer_asks_for_the_organization_then_it_is_refused_before_the_id_is_looked_at(self) -> None:
        prediction = predict(Ask(ORGANIZATION + "get", who="customer", on=MALFORMED_ID), state_after())
        assert (prediction.status, prediction.error) == (401, "Unauthorized")


class GivenASession:
    @pytest.mark.parametrize(("seconds", "status"), [(0, 200), (3599, 200), (3600, 401), (3601, 401)])
    def test_when_time_passes_then_it_ends_after_an_hour(self, seconds: int, status: int) -> None:
        prediction = predict(Ask(PORTAL + "list", who="session:5"), state_after(SESSION, PassTime(seconds)))
        assert prediction.status == status

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({"external_customer_id": "model-other"}, 201),
            ({"external_customer_id": "nobody"}, 422),
            ({"customer_id": UNKNOWN_ID}, 422),
        ],
    )
    def test_when_it_is_opened_then_the_customer_has_to_exist(self, body: JsonObject, status: int) -> None:
        prediction = predict(replace(SESSION, body=body), state_after())
        assert prediction.status == status
        assert ("session:5" in prediction.after.callers) is (status == 201)


class GivenAPatch:
    @pytest.mark.parametrize(
        ("body", "shown"),
        [
            ({}, {"billing_name": "Ada Example", "billing_address": PLAIN_ADDRESS}),
            ({"billing_name": None}, {"billing_name": None, "billing_address": PLAIN_ADDRESS}),
            ({"billing_name": "  "}, {"billing_name": "  "}),
            ({"billing_address": None}, {"billing_address": None}),
            (
                {"billing_address": {"country": "us", "state": "NY", "line1": " 7 Road ", "city": " "}},
                {
                    "billing_address": {
                        **dict.fromkeys(PLAIN_ADDRESS),
                        "country": "US",
                        "state": "US-NY",
                        "line1": "7 Road",
                    }
                },
            ),
        ],
    )
    def test_when_it_is_accepted_then_it_replaces_what_was_sent(self, body: JsonObject, shown: JsonObject) -> None:
        prediction = predict(patch(body), state_after(ORDER))
        assert prediction.status == 200
        assert list(differences(shown, prediction.shows)) == []

    @pytest.mark.parametrize(
        ("body", "error", "places"),
        [
            ({"billing_name": 5}, "RequestValidationError", [["body", "billing_name"]]),
            ([], "RequestValidationError", [["body"]]),
            ({"billing_address": {}}, "RequestValidationError", [["body", "billing_address", "country"]]),
            (
                {"billing_address": {"country": "CU"}},
                "RequestValidationError",
                [["body", "billing_address", "country"]],
            ),
            (
                {"billing_address": {"country": "US", "state": "ny"}},
                "RequestValidationError",
                [["body", "billing_address"]],
            ),
            (
                {"billing_address": {"country": "US"}},
                "PolarRequestValidationError",
                [["body", "billing_address", "state"]],
            ),
            (
                {"billing_address": {"country": "FR"}, "billing_name": "Ada New"},
                "PolarRequestValidationError",
                [["body", "billing_address", "country"], ["body", "billing_address", "state"]],
            ),
        ],
    )
    def test_when_it_is_refused_then_the_places_are_named_and_nothing_changes(
        self, body: JsonValue, error: str, places: list[JsonValue]
    ) -> None:
        before = state_after(ORDER)
        prediction = predict(patch(body), before)
        assert (prediction.status, prediction.error, prediction.after) == (422, error, before)
        assert [as_object(item)["loc"] for item in as_list(as_object(prediction.shows)["detail"])] == places

    def test_when_the_address_was_cleared_then_any_country_will_do(self) -> None:
        cleared = state_after(ORDER, patch({"billing_address": None}))
        assert predict(patch({"billing_address": {"country": "FR"}}), cleared).status == 200

    def test_when_id_and_body_are_malformed_then_both_are_named_in_one_answer(self) -> None:
        prediction = predict(patch({"billing_name": 5}, on=MALFORMED_ID), state_after(ORDER))
        assert prediction.shows == {"detail": [{"loc": ["path", "id"]}, {"loc": ["body", "billing_name"]}]}


class GivenAnInvoice:
    @pytest.mark.parametrize(
        ("steps", "status", "error"),
        [
            ((ORDER,), 202, None),
            ((replace(ORDER, status="refunded"),), 202, None),
            ((replace(ORDER, billing_name=""),), 202, None),
            ((replace(ORDER, status="pending"),), 422, "NotPaidOrder"),
            ((replace(ORDER, status="pending", billing_name=None),), 422, "NotPaidOrder"),
            ((replace(ORDER, status="void"),), 422, "NotPaidOrder"),
            ((replace(ORDER, billing_address=None),), 422, "MissingInvoiceBillingDetails"),
            ((replace(ORDER, status="pending"), MoveOrder("order:1", "paid")), 202, None),
            ((ORDER, INVOICE, Settle(), patch({"billing_name": None})), 422, "MissingInvoiceBillingDetails"),
        ],
    )
    def test_when_it_is_asked_for_then_payment_comes_first_and_billing_second(
        self, steps: tuple[Step, ...], status: int, error: str | None
    ) -> None:
        prediction = predict(INVOICE, state_after(*steps))
        assert (prediction.status, prediction.error) == (status, error)

    @pytest.mark.parametrize(
        ("steps", "status"),
        [
            ((), 404),
            ((INVOICE,), 404),
            ((INVOICE, PassTime(2)), 404),
            ((INVOICE, PassTime(2), INVOICE, PassTime(1)), 200),
            ((INVOICE, Settle()), 200),
            ((INVOICE, Settle(), patch({"billing_name": None})), 200),
            ((INVOICE, patch({"billing_name": None}), Settle()), 404),
        ],
    )
    def test_when_it_is_read_then_it_exists_from_its_generation_on(self, steps: tuple[Step, ...], status: int) -> None:
        prediction = predict(Download("order:1"), state_after(ORDER, *steps))
        assert prediction.status == status
        assert prediction.source == ("guarantee" if status == 200 else None)


class GivenFiveOrders:
    @pytest.mark.parametrize(
        ("query", "numbers", "pages"),
        [
            ({}, [4, 3, 2, 1, 5], 1),
            ({"sorting": "created_at"}, [5, 1, 2, 3, 4], 1),
            ({"sorting": "amount"}, [4, 1, 5, 2, 3], 1),
            ({"sorting": ("-product", "amount")}, [4, 3, 1, 5, 2], 1),
            ({"limit": "2", "page": "2"}, [2, 1], 3),
            ({"limit": "2", "page": "9"}, [], 3),
            ({"limit": "1000"}, [4, 3, 2, 1, 5], 1),
            ({"product_id": "{product:club}"}, [3], 1),
            ({"product_billing_type": "one_time"}, [4, 2, 1, 5], 1),
            ({"query": "GUIDE"}, [2, 1, 5], 1),
            ({"query": "%"}, [], 0),
            ({"colour": "blue"}, [4, 3, 2, 1, 5], 1),
        ],
    )
    def test_when_they_are_listed_then_filters_sorting_and_page_are_kept(
        self, query: dict[str, str | tuple[str, ...]], numbers: list[int], pages: int
    ) -> None:
        products = {3: "product:club", 4: "product:atlas"}
        orders = [
            replace(plain_order(f"order:{number}"), product=products.get(number, "product:guide"))
            for number in range(1, 6)
        ]
        prediction = predict(Ask(PORTAL + "list", who="customer", query=query), state_after(*orders))
        shown = as_object(prediction.shows)
        assert [as_object(item)["id"] for item in as_list(shown["items"])] == [f"{{order:{one}}}" for one in numbers]
        assert as_object(shown["pagination"])["max_page"] == pages

    @pytest.mark.parametrize(
        ("query", "place"),
        [
            ({"page": "0"}, ["query", "page"]),
            ({"limit": "x"}, ["query", "limit"]),
            ({"sorting": "-"}, ["query", "sorting", 0]),
        ],
    )
    def test_when_a_parameter_is_malformed_then_it_is_named(
        self, query: dict[str, str], place: list[JsonValue]
    ) -> None:
        prediction = predict(Ask(ORGANIZATION + "list", who="organization", query=query), state_after())
        assert prediction.shows == {"detail": [{"loc": place}]}


class GivenAWebhookEndpoint:
    @pytest.mark.parametrize(
        ("operation", "steps", "status"),
        [
            ("get", (CREATE,), 200),
            ("delete", (CREATE,), 204),
            ("get", (CREATE, Ask("webhooks:delete_webhook_endpoint", "organization", "endpoint:1")), 404),
            ("delete", (CREATE, Ask("webhooks:delete_webhook_endpoint", "organization", "endpoint:1")), 404),
        ],
    )
    def test_when_it_was_deleted_then_it_is_gone(self, operation: str, steps: tuple[Step, ...], status: int) -> None:
        ask = Ask(f"webhooks:{operation}_webhook_endpoint", who="organization", on="endpoint:1")
        assert predict(ask, state_after(*steps)).status == status

    def test_when_it_is_patched_with_null_then_that_is_ignored(self) -> None:
        change = Ask(
            "webhooks:update_webhook_endpoint", "organization", "endpoint:1", body={"url": None, "name": "Shop"}
        )
        prediction = predict(change, state_after(CREATE))
        assert list(differences({**ENDPOINT, "name": "Shop", "enabled": True}, prediction.shows)) == []

    def test_when_its_url_is_not_https_then_it_is_not_made(self) -> None:
        prediction = predict(replace(CREATE, body={**ENDPOINT, "url": "http://hooks.example.com"}), state_after())
        assert (prediction.status, prediction.after.endpoints) == (422, {})
