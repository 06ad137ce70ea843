"""Bodies that create sessions: two ways to name a customer, and the report of both when neither is valid."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.contract.bodies import NoBody
from mock_server.contract.errors import RequestInvalid
from mock_server.contract.operations import Operation
from tests.mock_server.contract.requests import (
    ORDER_ID,
    VERSION_7,
    Operations,
    accepted_body,
    any_json,
    assert_can_be_answered,
    refused,
    refused_body,
)

BY_ID = ["body", "CustomerSessionCustomerIDCreate"]
BY_EXTERNAL_ID = ["body", "CustomerSessionCustomerExternalIDCreate"]


def missing(loc: list[str], sent: Any) -> dict[str, Any]:
    return {"type": "missing", "loc": loc, "msg": "Field required", "input": sent}


@pytest.fixture
def create(operations: Operations) -> Operation:
    return operations["customer-sessions:create"]


class GivenACustomerIsNamed:
    @pytest.mark.parametrize(
        ("sent", "kept"),
        [
            ({"customer_id": ORDER_ID.upper()}, {"customer_id": ORDER_ID}),
            ({"external_customer_id": "ext"}, {"external_customer_id": "ext"}),
            ({"external_customer_id": ""}, {"external_customer_id": ""}),
            ({"customer_external_id": "ext"}, {"external_customer_id": "ext"}),
            ({"external_customer_id": "a", "customer_external_id": "b"}, {"external_customer_id": "a"}),
            ({"customer_id": ORDER_ID, "unknown": 1}, {"customer_id": ORDER_ID}),
        ],
    )
    def test_when_it_is_named_one_way_then_that_one_arrives(
        self, create: Operation, sent: dict[str, Any], kept: dict[str, Any]
    ) -> None:
        assert accepted_body(create, sent) == kept

    @pytest.mark.parametrize("customer_id", [ORDER_ID, "malformed", VERSION_7, None, 5])
    @pytest.mark.parametrize("name", ["external_customer_id", "customer_external_id"])
    def test_when_it_is_named_both_ways_then_the_external_id_wins(
        self, create: Operation, customer_id: Any, name: str
    ) -> None:
        assert accepted_body(create, {"customer_id": customer_id, name: "ext"}) == {"external_customer_id": "ext"}

    @pytest.mark.parametrize(
        ("name", "value", "kept"),
        [
            ("member_id", ORDER_ID.upper(), ORDER_ID),
            ("external_member_id", "m", "m"),
            ("return_url", "http://example.com/a?b=c#d", "http://example.com/a?b=c#d"),
            ("return_url", "https://EXAMPLE.com", "https://example.com/"),
            ("return_url", None, None),
        ],
    )
    def test_when_more_is_sent_then_it_arrives_normalised(
        self, create: Operation, name: str, value: str | None, kept: str | None
    ) -> None:
        sent = {"customer_id": ORDER_ID, name: value}

        assert accepted_body(create, sent) == {"customer_id": ORDER_ID, name: kept}


class GivenNoCustomerIsNamedWell:
    def test_when_none_is_named_then_both_ways_are_missing(self, create: Operation) -> None:
        assert refused_body(create, {}) == [
            missing([*BY_ID, "customer_id"], {}),
            missing([*BY_EXTERNAL_ID, "external_customer_id"], {}),
        ]

    def test_when_the_id_is_of_another_version_then_it_and_the_other_way_are_reported(self, create: Operation) -> None:
        sent = {"customer_id": VERSION_7}

        assert refused_body(create, sent) == [
            {
                "type": "uuid_version",
                "loc": [*BY_ID, "customer_id"],
                "msg": "UUID version 4 expected",
                "input": VERSION_7,
                "ctx": {"expected_version": 4},
            },
            missing([*BY_EXTERNAL_ID, "external_customer_id"], sent),
        ]

    def test_when_the_external_id_is_a_number_then_it_and_the_other_way_are_reported(self, create: Operation) -> None:
        sent = {"external_customer_id": 12}

        assert refused_body(create, sent) == [
            missing([*BY_ID, "customer_id"], sent),
            {
                "type": "string_type",
                "loc": [*BY_EXTERNAL_ID, "external_customer_id"],
                "msg": "Input should be a valid string",
                "input": 12,
            },
        ]

    def test_when_nothing_is_sent_then_the_body_is_missing(self, create: Operation) -> None:
        assert refused(create, body=NoBody()) == [missing(["body"], None)]

    @pytest.mark.parametrize("sent", [[], "x", 5])
    def test_when_no_object_is_sent_then_both_ways_ask_for_one(self, create: Operation, sent: Any) -> None:
        items = refused_body(create, sent)

        assert [(item["type"], item["loc"]) for item in items] == [
            ("model_attributes_type", BY_ID),
            ("model_attributes_type", BY_EXTERNAL_ID),
        ]


class GivenAReturnUrl:
    @pytest.mark.parametrize(
        ("url", "kind", "words"),
        [
            ("nope", "url_parsing", "Input should be a valid URL, relative URL without a base"),
            ("javascript:alert(1)", "url_scheme", "URL scheme should be 'http' or 'https'"),
            ("file:///etc/passwd", "url_scheme", "URL scheme should be 'http' or 'https'"),
            (f"https://example.com/{'a' * 2083}", "url_too_long", "URL should have at most 2083 characters"),
            # One character is within the limit; the slash that is added after the host is not.
            (f"https://{'a.' * 1037}a", "url_too_long", "URL should have at most 2083 characters"),
        ],
        ids=["no URL", "a script", "a file", "too long", "too long when written"],
    )
    def test_when_no_browser_should_follow_it_then_both_ways_refuse_it(
        self, create: Operation, url: str, kind: str, words: str
    ) -> None:
        items = refused_body(create, {"customer_id": ORDER_ID, "return_url": url})

        assert [(item["type"], item["loc"], item["msg"]) for item in items[:2]] == [
            (kind, [*BY_ID, "return_url"], words),
            (kind, [*BY_EXTERNAL_ID, "return_url"], words),
        ]
        assert [item["type"] for item in items[2:]] == ["missing"]


class GivenAMemberSession:
    def test_then_the_member_is_named_by_id(self, operations: Operations) -> None:
        create = operations["member-sessions:create"]

        assert accepted_body(create, {"member_id": ORDER_ID}) == {"member_id": ORDER_ID}
        assert refused_body(create, {}) == [missing(["body", "member_id"], {})]


names = st.sampled_from(
    ["customer_id", "external_customer_id", "customer_external_id", "member_id", "external_member_id", "return_url"]
)


@given(st.dictionaries(names, st.uuids(version=4).map(str) | any_json) | any_json)
def test_any_body_is_taken_or_refused_with_items_that_can_be_answered(operations: Operations, sent: Any) -> None:
    try:
        body = accepted_body(operations["customer-sessions:create"], sent)
    except RequestInvalid as invalid:
        assert_can_be_answered(invalid.items, "body")
    else:
        assert len({"customer_id", "external_customer_id"} & body.keys()) == 1
