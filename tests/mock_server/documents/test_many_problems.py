"""A document with very many problems: twenty are listed, the others counted, and the answer stays small."""

from __future__ import annotations

import pytest

from mock_server.documents.errors import DocumentInvalid
from mock_server.documents.names import names_in
from mock_server.documents.orders import parse_order
from mock_server.documents.parsing import parse_world_document
from polar_contract.json_types import JsonObject, JsonValue

NAMED = 20
MANY = 5_000
LARGEST_TEXT = 50_000


def numbered(value: JsonValue) -> JsonObject:
    return {f"n{number}": value for number in range(MANY)}


def refusal(document: JsonObject) -> DocumentInvalid:
    with pytest.raises(DocumentInvalid) as refused:
        parse_world_document(document)
    return refused.value


class GivenADocumentWithThousandsOfProblems:
    @pytest.mark.parametrize(
        ("document", "count"),
        [
            pytest.param(numbered(1), MANY, id="unknown sections"),
            pytest.param({"organization": numbered(1)}, MANY, id="unknown keys"),
            pytest.param({"customers": numbered(1)}, MANY, id="customers that are no objects"),
            pytest.param({"customers": numbered({"email": 1})}, MANY, id="fields of another type"),
            pytest.param({"customers": numbered({"email": 1, "id": 1, "type": 1})}, 3 * MANY, id="three in each"),
            pytest.param({"products": {"pro": {"benefits": [1] * MANY}}}, MANY, id="items of a list"),
            pytest.param({"customers": numbered({}), "orders": numbered({"customer": "x"})}, MANY, id="references"),
            pytest.param({"customers": numbered({}), "orders": numbered({})}, MANY, id="orders without a customer"),
            pytest.param({"customers": {"a": {"members": numbered({"role": "x"})}}}, MANY, id="members"),
        ],
    )
    def test_then_twenty_are_named_and_the_others_counted(self, document: JsonObject, count: int) -> None:
        found = refusal(document)

        assert (len(found.problems), found.more) == (NAMED, count - NAMED)
        assert str(found).endswith(f"; and {count - NAMED} more")
        assert len(str(found)) < LARGEST_TEXT

    def test_when_an_order_is_wrong_then_the_same_holds(self) -> None:
        with pytest.raises(DocumentInvalid) as refused:
            parse_order(numbered(1), names_in({"customers": {"main": {}}}))

        assert (len(refused.value.problems), refused.value.more) == (NAMED, MANY - NAMED)


class GivenADocumentWithTwentyProblems:
    def test_then_all_are_named_and_nothing_is_said_of_more(self) -> None:
        found = refusal({f"n{number}": 1 for number in range(NAMED)})

        assert (len(found.problems), found.more) == (NAMED, 0)
        assert "more" not in str(found)


class GivenNamesAndValuesOfAnyLength:
    @pytest.mark.parametrize(
        "document",
        [
            pytest.param({"x" * 100_000: 1}, id="a section"),
            pytest.param({"orders": {"x" * 100_000: {"colour": 1}}}, id="an order's name"),
            pytest.param({"orders": {"x" * 100_000: {"status": "paid" * 100_000}}}, id="name and value"),
            pytest.param({"customers": {"a": {"members": {"x" * 100_000: 1}}}}, id="a member's name"),
            pytest.param({"orders": {"a": {"customer": "x" * 100_000}}, "customers": {"b": {}}}, id="a reference"),
            pytest.param({"webhook_endpoints": {"a": {"url": "x" * 100_000}}}, id="a URL"),
            pytest.param({"tokens": {"a": {"kind": "x" * 100_000}}}, id="a kind"),
            pytest.param({"orders": {"a": {"billing_address": {"country": "x" * 100_000}}}}, id="a country"),
            pytest.param({"organization": ["x"] * 100_000}, id="a list"),
        ],
    )
    def test_then_the_words_stay_short(self, document: JsonObject) -> None:
        assert len(str(refusal(document))) < LARGEST_TEXT
