"""Billing details as a PATCH of an order sends them: what is kept, what is normalised, what is rejected."""

from __future__ import annotations

from string import ascii_uppercase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.contract.bodies import JsonBody, NoBody, RawBody
from mock_server.contract.errors import RequestInvalid
from mock_server.contract.operations import Operation
from polar_contract.json_types import JsonObject
from tests.mock_server.contract.requests import (
    Operations,
    accepted_body,
    any_json,
    any_text,
    assert_can_be_answered,
    refused,
    refused_body,
)

NO_OBJECT = "Input should be a valid dictionary or object to extract fields from"
EMPTY = {"line1": None, "line2": None, "postal_code": None, "city": None, "state": None}
ADDRESS = ["body", "billing_address"]


@pytest.fixture(params=["customer_portal:orders:update", "orders:update"])
def update(request: pytest.FixtureRequest, operations: Operations) -> Operation:
    return operations[request.param]


def address_of(update: Operation, **fields: Any) -> Any:
    return accepted_body(update, {"billing_address": fields})["billing_address"]


def refused_address(update: Operation, fields: Any) -> list[JsonObject]:
    return refused_body(update, {"billing_address": fields})


def is_state(update: Operation, country: str, state: str) -> bool:
    try:
        return bool(address_of(update, country=country, state=state))
    except RequestInvalid:
        return False


class GivenNoObject:
    @pytest.mark.parametrize("body", [NoBody(), JsonBody(None)])
    def test_when_nothing_or_null_is_sent_then_the_body_is_missing(self, update: Operation, body: Any) -> None:
        assert refused(update, body=body) == [
            {"type": "missing", "loc": ["body"], "msg": "Field required", "input": None}
        ]

    @pytest.mark.parametrize(
        ("body", "quoted"),
        [
            (JsonBody([]), []),
            (JsonBody([["billing_name", "x"]]), [["billing_name", "x"]]),
            (JsonBody("text"), "text"),
            (JsonBody(5), 5),
            (JsonBody(True), True),
            (JsonBody(float("nan")), None),
            (RawBody('{"billing_name": "x"}'), '{"billing_name": "x"}'),
        ],
    )
    def test_when_it_is_something_else_then_an_object_is_asked_for(
        self, update: Operation, body: Any, quoted: Any
    ) -> None:
        assert refused(update, body=body) == [
            {"type": "model_attributes_type", "loc": ["body"], "msg": NO_OBJECT, "input": quoted}
        ]


class GivenANameIsSent:
    @pytest.mark.parametrize("name", ["Jane", "", "  ", " Jane ", None, "é\N{GRINNING FACE}", "x" * 100_000])
    def test_when_it_is_text_or_null_then_it_is_kept_to_the_letter(self, update: Operation, name: str | None) -> None:
        assert accepted_body(update, {"billing_name": name}) == {"billing_name": name}

    @pytest.mark.parametrize(
        ("name", "quoted"), [(5, 5), (True, True), ([], []), ({"a": 1}, {"a": 1}), (float("nan"), None), (1e999, None)]
    )
    def test_when_it_is_something_else_then_text_is_asked_for(self, update: Operation, name: Any, quoted: Any) -> None:
        assert refused_body(update, {"billing_name": name}) == [
            {
                "type": "string_type",
                "loc": ["body", "billing_name"],
                "msg": "Input should be a valid string",
                "input": quoted,
            }
        ]

    @pytest.mark.parametrize(("name", "what"), [("a\x00b", "NUL characters"), ("\ud800", "lone surrogates")])
    def test_when_no_database_could_hold_it_then_it_is_refused(self, update: Operation, name: str, what: str) -> None:
        assert refused_body(update, {"billing_name": name}) == [
            {
                "type": "value_error",
                "loc": ["body", "billing_name"],
                "msg": f"Value error, Text may not contain {what}",
                "input": name,
                "ctx": {"error": {}},
            }
        ]


class GivenOnlySomeKeysAreSent:
    @pytest.mark.parametrize("body", [{}, {"billing_address": None}, {"billing_name": None, "billing_address": None}])
    def test_then_only_they_arrive(self, update: Operation, body: dict[str, Any]) -> None:
        assert accepted_body(update, body) == body

    def test_when_a_key_is_unknown_then_it_is_ignored(self, update: Operation) -> None:
        assert accepted_body(update, {"status": "paid", "billing_name": "x", "": 1}) == {"billing_name": "x"}


class GivenAnAddressIsSent:
    def test_when_only_a_country_is_sent_then_the_other_fields_are_null(self, update: Operation) -> None:
        assert address_of(update, country="FR") == {**EMPTY, "country": "FR"}

    def test_then_texts_are_trimmed_and_blank_ones_are_null(self, update: Operation) -> None:
        sent = {"line1": "  1 Rue ", "line2": "   ", "city": "", "postal_code": "\t69001\n", "country": "FR"}

        assert address_of(update, **sent) == {**EMPTY, "line1": "1 Rue", "postal_code": "69001", "country": "FR"}

    @pytest.mark.parametrize(
        ("country", "state", "kept"),
        [
            ("US", "NY", "US-NY"),
            ("us", "US-NY", "US-NY"),
            ("US", " DC ", "US-DC"),
            ("US", None, None),
            ("US", "  ", None),
            ("CA", "ON", "CA-ON"),
            ("ca", "CA-QC", "CA-QC"),
            ("FR", "ny", "ny"),
            ("Gb", "US-NY", "US-NY"),
        ],
    )
    def test_then_the_country_is_in_capitals_and_the_state_has_its_prefix(
        self, update: Operation, country: str, state: str | None, kept: str | None
    ) -> None:
        assert address_of(update, country=country, state=state) == {**EMPTY, "country": country.upper(), "state": kept}

    @pytest.mark.parametrize(
        ("country", "states"),
        [
            (
                "US",
                "AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV "
                "NY OH OK OR PA RI SC SD TN TX UT VA VT WA WI WV WY",
            ),
            ("CA", "AB BC MB NB NL NS NT NU ON PE QC SK YT"),
        ],
    )
    def test_then_exactly_the_countrys_states_are_known(self, update: Operation, country: str, states: str) -> None:
        pairs = [first + second for first in ascii_uppercase for second in ascii_uppercase]

        assert [pair for pair in pairs if is_state(update, country, pair)] == states.split()

    @pytest.mark.parametrize(
        ("country", "state", "words"),
        [
            ("US", "ny", "Invalid US state"),
            ("us", "us-NY", "Invalid US state"),
            ("US", "US-US-NY", "Invalid US state"),
            ("US", "PR", "Invalid US state"),
            ("US", "CA-ON", "Invalid US state"),
            ("CA", "on", "Invalid CA subdivision"),
            ("CA", "US-NY", "Invalid CA subdivision"),
        ],
    )
    def test_when_the_state_is_not_the_countrys_then_the_address_is_quoted_as_sent(
        self, update: Operation, country: str, state: str, words: str
    ) -> None:
        sent = {"country": country, "state": state, "line1": " x "}

        assert refused_address(update, sent) == [
            {"type": "value_error", "loc": ADDRESS, "msg": f"Value error, {words}", "input": sent, "ctx": {"error": {}}}
        ]

    @pytest.mark.parametrize("country", ["XX", "KP", "CU", "IR", "SY", "RU", "", "USA", None, 5, ["US"], {}])
    def test_when_the_country_is_unknown_or_embargoed_then_all_244_are_listed(
        self, update: Operation, country: Any
    ) -> None:
        (item,) = refused_address(update, {"country": country})

        assert (item["type"], item["loc"], item["input"]) == ("enum", [*ADDRESS, "country"], country)
        assert item["ctx"] == {"expected": str(item["msg"]).removeprefix("Input should be ")}
        assert str(item["msg"]).count("'") == 2 * 244

    @pytest.mark.parametrize("country", ["xx", " us "])
    def test_when_an_unknown_country_has_small_letters_then_it_is_quoted_in_capitals(
        self, update: Operation, country: str
    ) -> None:
        # UNVERIFIED: it is known that the country is converted to capitals first, but not how the service quotes it; a
        # PATCH with the country "xx" on the sandbox would settle it.
        (item,) = refused_address(update, {"country": country})

        assert (item["type"], item["input"]) == ("enum", country.upper())

    def test_when_there_is_no_country_then_it_is_missing(self, update: Operation) -> None:
        assert refused_address(update, {"city": "Lyon"}) == [
            {"type": "missing", "loc": [*ADDRESS, "country"], "msg": "Field required", "input": {"city": "Lyon"}}
        ]

    @pytest.mark.parametrize("sent", [[], "FR", 5, False])
    def test_when_it_is_no_object_then_one_is_asked_for(self, update: Operation, sent: Any) -> None:
        assert refused_address(update, sent) == [
            {"type": "model_attributes_type", "loc": ADDRESS, "msg": NO_OBJECT, "input": sent}
        ]

    def test_when_several_fields_are_wrong_then_each_is_reported_and_the_state_is_not_checked(
        self, update: Operation
    ) -> None:
        items = refused_address(update, {"country": "US", "state": "nowhere", "line1": 5, "city": "\x00"})

        assert [(item["type"], item["loc"]) for item in items] == [
            ("string_type", [*ADDRESS, "line1"]),
            ("value_error", [*ADDRESS, "city"]),
        ]


@given(st.fixed_dictionaries({}, optional={"billing_name": any_text | any_json, "billing_address": any_json}))
def test_any_object_is_taken_or_refused_with_items_that_can_be_answered(
    operations: Operations, sent: dict[str, Any]
) -> None:
    try:
        assert accepted_body(operations["orders:update"], sent).keys() == sent.keys()
    except RequestInvalid as invalid:
        assert_can_be_answered(invalid.items, "body")


fields = st.dictionaries(st.sampled_from(list(EMPTY)), st.none() | any_text, max_size=5)


@given(fields, st.sampled_from(["us", "Fr", "CA", "DE"]))
def test_an_address_that_is_taken_has_six_fields_and_is_taken_again_as_it_is(
    operations: Operations, sent: dict[str, Any], country: str
) -> None:
    update = operations["orders:update"]
    try:
        kept = address_of(update, **sent, country=country)
    except RequestInvalid:
        return

    assert kept.keys() == {*EMPTY, "country"}
    assert address_of(update, **kept) == kept
