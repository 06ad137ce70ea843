"""From bytes to a body: which content types are JSON, and what is reported for bytes that can't be read."""

from __future__ import annotations

import codecs
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.contract.bodies import Body, JsonBody, NoBody, RawBody, parse_body
from mock_server.contract.errors import BodySyntaxInvalid, BodyUnreadable
from tests.mock_server.contract.requests import any_json

JSON = "application/json"


class GivenBytes:
    @pytest.mark.parametrize(
        "content_type",
        [JSON, "application/json; charset=utf-8", "Application/JSON", " application/json ;x", "application/hal+json"],
    )
    def test_when_the_content_type_is_jsons_then_they_are_parsed(self, content_type: str) -> None:
        assert parse_body(content_type, b'{"a": 1}') == JsonBody({"a": 1})

    @pytest.mark.parametrize(
        "content_type", [None, "", "text/plain", "text/json", "application/jsonx", "application/x-www-form-urlencoded"]
    )
    def test_when_it_is_another_one_or_missing_then_they_stay_text(self, content_type: str | None) -> None:
        assert parse_body(content_type, b'{"a": 1}') == RawBody('{"a": 1}')

    @pytest.mark.parametrize("content_type", [None, "text/plain", JSON])
    def test_when_there_are_none_then_there_is_no_body(self, content_type: str | None) -> None:
        assert parse_body(content_type, b"") == NoBody()

    @pytest.mark.parametrize(
        "raw",
        [codecs.BOM_UTF8 + b"[1]", "[1]".encode("utf-16"), "[1]".encode("utf-32")],
        ids=["utf-8", "utf-16", "utf-32"],
    )
    def test_when_they_begin_with_a_byte_order_mark_then_it_is_heeded(self, raw: bytes) -> None:
        assert parse_body(JSON, raw) == JsonBody([1])

    def test_when_text_of_another_kind_is_not_utf_8_then_it_is_reported_with_replacement_characters(self) -> None:
        assert parse_body("text/plain", b"a\xff") == RawBody("a\N{REPLACEMENT CHARACTER}")


class GivenJsonThatNobodyCanRead:
    @pytest.mark.parametrize(
        "raw",
        [
            b'{"a": "\xff"}',
            b"[" * 10_000 + b"]" * 10_000,
            b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
            b"[" * 10_000,
            b"[" * 201 + b"]" * 201,
            b"1" * 5000,
        ],
        ids=["not UTF-8", "deep lists", "deep objects", "deep and unfinished", "one level too deep", "a long number"],
    )
    def test_then_no_details_are_reported(self, raw: bytes) -> None:
        with pytest.raises(BodyUnreadable):
            parse_body(JSON, raw)

    def test_when_it_is_wide_rather_than_deep_then_it_is_read(self) -> None:
        assert parse_body(JSON, b"[" + b"[]," * 1000 + b"[]]") == JsonBody([[] for _ in range(1001)])


def parsed(content_type: str, raw: bytes) -> Body | None:
    try:
        return parse_body(content_type, raw)
    except (BodySyntaxInvalid, BodyUnreadable):
        return None


@given(any_json)
def test_what_is_written_as_json_is_read_as_it_was(value: object) -> None:
    assert repr(parse_body(JSON, json.dumps(value).encode())) == repr(JsonBody(json.loads(json.dumps(value))))


@given(st.sampled_from([JSON, "text/plain"]), st.binary())
def test_no_bytes_break_the_parser(content_type: str, raw: bytes) -> None:
    assert parsed(content_type, raw) is None or (parsed(content_type, raw) == NoBody()) == (raw == b"")
