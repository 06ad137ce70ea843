"""Bodies that make and finalize draft orders: bounded numbers, metadata and custom fields, in pydantic's words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from mock_server.contract.bodies import JsonBody
from mock_server.contract.errors import RequestInvalid
from mock_server.contract.operations import Operation, read_operations
from mock_server.contract.rules import MOST_AMOUNT, MOST_LIST_ITEMS
from polar_contract import load_contract
from tests.mock_server.contract.requests import (
    NOTHING,
    ORDER_ID,
    Operations,
    accepted_body,
    any_json,
    assert_can_be_answered,
    check,
    refused_body,
)

DRAFT = {"customer_id": ORDER_ID, "product_id": ORDER_ID}
UNITS_LIMIT = 2**31 - 1


@pytest.fixture(scope="session")
def operations() -> Operations:
    contract = load_contract("2026-10")
    return {operation.operation_id: operation for operation in read_operations(contract.resolved, contract.behaviour)}


@pytest.fixture(scope="session")
def create(operations: Operations) -> Operation:
    return operations["orders:create"]


@pytest.fixture(scope="session")
def finalize(operations: Operations) -> Operation:
    return operations["orders:finalize"]


class GivenADraftIsMade:
    @pytest.mark.parametrize(
        "more",
        [
            {},
            {"amount": 0, "units": None, "currency": "usd", "description": "d" * 500},
            {"amount": MOST_AMOUNT},
            {"units": 1},
            {"units": UNITS_LIMIT},
            {"metadata": {}},
            {"metadata": {"k" * 40: "v" * 500, "whole": 1, "part": 1.5, "yes": True}},
            {"metadata": {f"k{number}": number for number in range(50)}},
            {"custom_field_data": {"text": "", "whole": 1, "yes": False, "none": None}},
            {"custom_field_data": {"time": "2026-05-01T10:00:00Z"}},
        ],
    )
    def test_then_these_bodies_are_accepted_as_they_are(self, create: Operation, more: dict[str, Any]) -> None:
        assert accepted_body(create, {**DRAFT, **more}) == {**DRAFT, **more}

    @pytest.mark.parametrize(
        ("more", "kind", "loc"),
        [
            ({"amount": -1}, "greater_than_equal", ["amount"]),
            ({"amount": MOST_AMOUNT + 1}, "less_than_equal", ["amount"]),
            ({"amount": 1.5}, "int_from_float", ["amount"]),
            ({"units": 0}, "greater_than_equal", ["units"]),
            ({"units": UNITS_LIMIT + 1}, "less_than_equal", ["units"]),
            ({"description": "d" * 501}, "string_too_long", ["description"]),
            ({"customer_id": None}, "uuid_type", ["customer_id"]),
            ({"metadata": None}, "dict_type", ["metadata"]),
            ({"metadata": {"": "v"}}, "string_too_short", ["metadata", "", "[key]"]),
            ({"metadata": {"k" * 41: "v"}}, "string_too_long", ["metadata", "k" * 41, "[key]"]),
            ({"metadata": {f"k{number}": 1 for number in range(51)}}, "too_long", ["metadata"]),
            ({"custom_field_data": []}, "dict_type", ["custom_field_data"]),
        ],
    )
    def test_when_one_field_is_wrong_then_its_place_and_kind_are_named(
        self, create: Operation, more: dict[str, Any], kind: str, loc: list[str]
    ) -> None:
        (item,) = refused_body(create, {**DRAFT, **more})

        assert (item["type"], item["loc"]) == (kind, ["body", *loc])

    @pytest.mark.parametrize(
        ("more", "choices"),
        [
            ({"metadata": {"k": None}}, ["constrained-str", "int", "float", "bool"]),
            ({"metadata": {"k": []}}, ["constrained-str", "int", "float", "bool"]),
            ({"custom_field_data": {"k": {}}}, ["str", "int", "bool", "datetime"]),
        ],
    )
    def test_when_a_value_is_of_no_possible_type_then_each_type_is_named(
        self, create: Operation, more: dict[str, Any], choices: list[str]
    ) -> None:
        items = refused_body(create, {**DRAFT, **more})

        assert [item["loc"] for item in items] == [["body", *more, "k", choice] for choice in choices]

    def test_when_a_map_has_very_many_keys_then_they_are_not_reported_one_by_one(self, create: Operation) -> None:
        fields: dict[str, Any] = {f"k{number}": [] for number in range(MOST_LIST_ITEMS + 1)}

        (item,) = refused_body(create, {**DRAFT, "custom_field_data": fields})
        assert item["type"] == "too_long"

    def test_when_nothing_is_sent_then_both_ids_are_missing(self, create: Operation) -> None:
        assert [item["loc"] for item in refused_body(create, {})] == [["body", "customer_id"], ["body", "product_id"]]

    @given(sent=any_json)
    def test_for_any_json_the_refusal_can_be_written(self, create: Operation, sent: Any) -> None:
        for body in (sent, {**DRAFT, "metadata": sent}, {**DRAFT, "custom_field_data": sent}):
            try:
                check(create, body=JsonBody(body))
            except RequestInvalid as invalid:
                assert_can_be_answered(invalid.items, "body")


class GivenADraftIsFinalized:
    @pytest.mark.parametrize("body", [NOTHING, JsonBody(None), JsonBody({})])
    def test_then_a_body_is_not_needed(self, finalize: Operation, body: Any) -> None:
        assert check(finalize, body=body).body == {}

    def test_when_a_payment_method_is_no_id_then_it_is_refused(self, finalize: Operation) -> None:
        (item,) = refused_body(finalize, {"payment_method_id": "card"})

        assert (item["type"], item["loc"]) == ("uuid_parsing", ["body", "payment_method_id"])
