"""Query parameters: accepted values, their parsed form, and the messages of a refusal."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mock_server.contract.bodies import JsonBody
from mock_server.contract.errors import RequestInvalid
from tests.mock_server.contract.requests import (
    ORDER_ID,
    VERSION_7,
    Operations,
    any_text,
    assert_can_be_answered,
    check,
    refused,
)

PORTAL_LIST = "customer_portal:orders:list"
ORDERS = "orders:list"
DELIVERIES = "webhooks:list_webhook_deliveries"
VERSION_EXPECTED = {"type": "uuid_version", "msg": "UUID version 4 expected", "ctx": {"expected_version": 4}}
LIST_BRANCH = "json-or-python[json=list[{}],python=chain[is-instance[Sequence],function-wrap[sequence_validator()]]]"
NUL = "Value error, Text may not contain NUL characters"
NOT_AN_INTEGER = "Input should be a valid integer, unable to parse string as an integer"


class GivenAPageAndALimit:
    def test_when_none_are_sent_then_the_contracts_own_count(self, operations: Operations) -> None:
        query = check(operations[PORTAL_LIST]).query

        assert (query["page"], query["limit"], query["sorting"]) == (1, 10, ["-created_at"])

    @pytest.mark.parametrize(
        ("written", "page"), [("2", 2), ("1.0", 1), (" 3 ", 3), ("+4", 4), ("0005", 5), ("92233720368547758",) * 2]
    )
    def test_when_a_page_is_a_whole_number_then_it_counts(
        self, operations: Operations, written: str, page: int | str
    ) -> None:
        assert check(operations[PORTAL_LIST], query=[("page", written)]).query["page"] == int(page)

    @pytest.mark.parametrize(("written", "limit"), [("1", 1), ("100", 100), ("101", 100), ("9" * 40, 100)])
    def test_when_a_limit_is_over_100_then_it_is_100(self, operations: Operations, written: str, limit: int) -> None:
        assert check(operations[PORTAL_LIST], query=[("limit", written)]).query["limit"] == limit

    def test_when_it_is_sent_twice_then_the_last_counts(self, operations: Operations) -> None:
        assert check(operations[PORTAL_LIST], query=[("page", "0"), ("page", "7")]).query["page"] == 7

    @pytest.mark.parametrize("name", ["page", "limit"])
    @pytest.mark.parametrize("written", ["0", "-1"])
    def test_when_it_is_not_positive_then_it_is_refused(self, operations: Operations, name: str, written: str) -> None:
        assert refused(operations[PORTAL_LIST], query=[(name, written)]) == [
            {
                "type": "greater_than",
                "loc": ["query", name],
                "msg": "Input should be greater than 0",
                "input": written,
                "ctx": {"gt": 0},
            }
        ]

    @pytest.mark.parametrize("name", ["page", "limit"])
    @pytest.mark.parametrize("written", ["abc", "1.5", "", "\x00", "1e2", "0x1", "true", "\N{FULLWIDTH DIGIT ONE}"])
    def test_when_it_is_no_whole_number_then_it_is_refused(
        self, operations: Operations, name: str, written: str
    ) -> None:
        assert refused(operations[PORTAL_LIST], query=[(name, written)]) == [
            {"type": "int_parsing", "loc": ["query", name], "msg": NOT_AN_INTEGER, "input": written}
        ]

    @pytest.mark.parametrize(
        ("written", "kind"),
        [
            ("92233720368547759", "less_than_equal"),
            ("9" * 30, "less_than_equal"),
            ("9" * 5000, "int_parsing_size"),
        ],
    )
    def test_when_the_page_lies_beyond_64_bits_then_it_is_refused(
        self, operations: Operations, written: str, kind: str
    ) -> None:
        (item,) = refused(operations[PORTAL_LIST], query=[("page", written)])

        assert (item["type"], item["loc"], item["input"]) == (kind, ["query", "page"], written)


class GivenAParameterThatTakesOneOrSeveral:
    def test_when_none_is_sent_then_there_is_no_filter(self, operations: Operations) -> None:
        query = check(operations[PORTAL_LIST]).query

        assert query["product_id"] is None
        assert query["product_billing_type"] is None

    @pytest.mark.parametrize("sent", [[ORDER_ID.upper()], [ORDER_ID, ORDER_ID.replace("-", "")]])
    def test_when_ids_are_sent_then_they_are_a_list_in_one_form(self, operations: Operations, sent: list[str]) -> None:
        query = [("product_id", value) for value in sent]

        assert check(operations[PORTAL_LIST], query=query).query["product_id"] == [ORDER_ID] * len(sent)

    def test_when_texts_are_sent_then_they_are_a_list(self, operations: Operations) -> None:
        for sent in (["a"], ["a", ""]):
            query = [("external_customer_id", value) for value in sent]

            assert check(operations[ORDERS], query=query).query["external_customer_id"] == sent

    def test_when_one_of_them_is_wrong_then_both_branches_are_reported(self, operations: Operations) -> None:
        expected = "'one_time' or 'recurring'"
        words = {"type": "enum", "msg": f"Input should be {expected}", "ctx": {"expected": expected}}
        at = ["query", "product_billing_type"]

        items = refused(operations[PORTAL_LIST], query=[(at[1], "one_time"), (at[1], "weird")])

        assert items == [
            {**words, "loc": [*at, "str-enum[ProductBillingType]"], "input": ["one_time", "weird"]},
            {**words, "loc": [*at, LIST_BRANCH.format("str-enum[ProductBillingType]"), 1], "input": "weird"},
        ]

    def test_when_an_id_is_wrong_then_both_branches_are_reported(self, operations: Operations) -> None:
        assert refused(operations[PORTAL_LIST], query=[("product_id", VERSION_7)]) == [
            {
                "type": "uuid_type",
                "loc": ["query", "product_id", "uuid"],
                "msg": "UUID input should be a string, bytes or UUID object",
                "input": [VERSION_7],
            },
            {**VERSION_EXPECTED, "loc": ["query", "product_id", LIST_BRANCH.format("uuid"), 0], "input": VERSION_7},
        ]

    def test_when_there_are_very_many_then_one_message_answers(self, operations: Operations) -> None:
        items = refused(operations[PORTAL_LIST], query=[("product_id", "x")] * 1001)

        assert [item["type"] for item in items] == ["uuid_type", "too_long"]


class GivenASorting:
    def test_when_several_are_sent_then_their_order_is_kept(self, operations: Operations) -> None:
        query = [("sorting", "amount"), ("sorting", "-created_at")]

        assert check(operations[PORTAL_LIST], query=query).query["sorting"] == ["amount", "-created_at"]

    @pytest.mark.parametrize("written", ["", "foo", " created_at", "--created_at", "CREATED_AT"])
    def test_when_one_is_unknown_then_it_is_reported_with_its_place(self, operations: Operations, written: str) -> None:
        choices = [
            f"'{sign}{name}'" for name in ("created_at", "amount", "net_amount", "product") for sign in ("", "-")
        ]
        expected = ", ".join([*choices, "'subscription' or '-subscription'"])

        assert refused(operations[PORTAL_LIST], query=[("sorting", "amount"), ("sorting", written)]) == [
            {
                "type": "enum",
                "loc": ["query", "sorting", 1],
                "msg": f"Input should be {expected}",
                "input": written,
                "ctx": {"expected": expected},
            }
        ]


class GivenDeliveriesAreListed:
    def test_when_every_filter_is_sent_then_each_arrives_in_its_type(self, operations: Operations) -> None:
        query = check(
            operations[DELIVERIES],
            query=[
                ("endpoint_id", ORDER_ID.upper()),
                ("start_timestamp", "2026-05-01T12:00:00+02:00"),
                ("succeeded", "1"),
                ("query", "x"),
                ("http_code_class", "5xx"),
                ("event_type", "order.paid"),
            ],
        ).query

        assert query["start_timestamp"] == datetime(2026, 5, 1, 10, tzinfo=UTC)
        assert query["end_timestamp"] is None
        assert query["succeeded"] is True
        assert (query["endpoint_id"], query["query"]) == ([ORDER_ID], "x")
        assert (query["http_code_class"], query["event_type"]) == ("5xx", ["order.paid"])

    @pytest.mark.parametrize(
        ("name", "written", "kind", "words"),
        [
            ("start_timestamp", "2026-05-01T12:00:00", "timezone_aware", "Input should have timezone info"),
            ("end_timestamp", "2026-05-01", "timezone_aware", "Input should have timezone info"),
            (
                "start_timestamp",
                "",
                "datetime_from_date_parsing",
                "Input should be a valid datetime or date, input is too short",
            ),
            ("succeeded", "maybe", "bool_parsing", "Input should be a valid boolean, unable to interpret input"),
            ("http_code_class", "6xx", "literal_error", "Input should be '2xx', '3xx', '4xx' or '5xx'"),
            ("query", "\x00", "value_error", NUL),
        ],
    )
    def test_when_a_filter_is_wrong_then_it_is_refused(
        self, operations: Operations, name: str, written: str, kind: str, words: str
    ) -> None:
        (item,) = refused(operations[DELIVERIES], query=[(name, written)])

        assert (item["type"], item["loc"], item["msg"], item["input"]) == (kind, ["query", name], words, written)


class GivenMetadataInBrackets:
    def test_then_keys_gather_their_values(self, operations: Operations) -> None:
        query = [("metadata[a]", "1"), ("metadata[b]", ""), ("metadata[a]", "2")]

        assert check(operations[ORDERS], query=query).query["metadata"] == {"a": ["1", "2"], "b": [""]}

    @pytest.mark.parametrize(
        ("name", "key"), [("metadata[a]b", "a"), ("metadata[a][b]", "a"), ("metadata[[a]", "[a"), ("metadata[ ]", " ")]
    )
    def test_when_brackets_are_many_then_the_key_ends_at_the_first_that_closes(
        self, operations: Operations, name: str, key: str
    ) -> None:
        query = [(name, "1"), (f"metadata[{key}]", "2")]

        assert check(operations[ORDERS], query=query).query["metadata"] == {key: ["1", "2"]}

    @pytest.mark.parametrize(
        "name",
        ["metadata", "metadata[]", "metadata[][a]", "metadata[a", "metadata]a[", "metadat[a]", "METADATA[a]", ""],
    )
    def test_when_it_is_written_otherwise_then_it_is_ignored_as_any_unknown_parameter(
        self, operations: Operations, name: str
    ) -> None:
        assert check(operations[ORDERS], query=[(name, "1")]).query["metadata"] == {}


def test_path_and_body_are_reported_together_in_this_order(operations: Operations) -> None:
    everything = refused(operations["customer_portal:orders:update"], id_="x", body=JsonBody({"billing_name": 1}))

    assert [item["loc"] for item in everything] == [["path", "id"], ["body", "billing_name"]]


@given(st.integers().map(str) | st.floats().map(str) | any_text)
@example("100.0")
def test_a_limit_that_is_taken_lies_between_1_and_100(operations: Operations, written: str) -> None:
    try:
        assert 1 <= check(operations[PORTAL_LIST], query=[("limit", written)]).query["limit"] <= 100
    except RequestInvalid as invalid:
        assert_can_be_answered(invalid.items, "query")


@given(st.data())
def test_no_query_breaks_a_list(operations: Operations, data: st.DataObject) -> None:
    operation = operations[data.draw(st.sampled_from([PORTAL_LIST, ORDERS, DELIVERIES]))]
    names = st.sampled_from([*check(operation).query, "metadata[a]"]) | any_text

    try:
        check(operation, query=data.draw(st.lists(st.tuples(names, any_text))))
    except RequestInvalid as invalid:
        assert_can_be_answered(invalid.items, "query")
