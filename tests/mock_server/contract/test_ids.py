"""Ids in paths: every spelling of a UUID of version 4 is accepted, anything else is quoted in the error."""

from __future__ import annotations

import pytest
from hypothesis import given

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

GET_ORDER = "customer_portal:orders:get"


class GivenAnId:
    @pytest.mark.parametrize(
        "written",
        [
            VERSION_7,
            "d9428888-122b-11e1-b85c-61cd3cbb3210",
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "1b6f1a0e-6f3c-4d7e-0a53-0d1f2b3c4d5e",
        ],
        ids=["version 7", "version 1", "nil", "max", "bits of version 4 in another variant"],
    )
    def test_when_it_is_of_another_version_then_version_4_is_asked_for(
        self, operations: Operations, written: str
    ) -> None:
        assert refused(operations[GET_ORDER], id_=written) == [
            {
                "type": "uuid_version",
                "loc": ["path", "id"],
                "msg": "UUID version 4 expected",
                "input": written,
                "ctx": {"expected_version": 4},
            }
        ]

    @pytest.mark.parametrize("written", ["nope", "123", " ", "\x00", f"{ORDER_ID}x", f" {ORDER_ID}", f"{ORDER_ID}\n"])
    def test_when_it_is_no_uuid_then_it_is_quoted_in_the_error(self, operations: Operations, written: str) -> None:
        (item,) = refused(operations[GET_ORDER], id_=written)

        assert (item["type"], item["loc"], item["input"]) == ("uuid_parsing", ["path", "id"], written)
        assert list(item) == ["type", "loc", "msg", "input", "ctx"]


@given(any_text.filter(bool))
def test_any_text_is_an_id_or_refused_with_an_item_that_can_be_answered(operations: Operations, text: str) -> None:
    try:
        assert check(operations[GET_ORDER], id_=text).path["id"]
    except RequestInvalid as invalid:
        assert_can_be_answered(invalid.items, "path")
