"""Bytes to a body: which content types are JSON, and what is told of bytes that can't be read."""

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
NO_NAME = "Expecting property name enclosed in double quotes"


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

    @pytest.mark.parametrize("raw", [codecs.BOM_UTF8 + b"[1]", "[1]".encode("utf-16"), "[1]".encode("utf-32")])
    def test_when_they_begin_with_a_byte_order_mark_then_it_is_heeded(self, raw: bytes) -> None:
        assert parse_body(JSON, raw) == JsonBody([1])

    def test_when_text_of_another_kind_is_not_utf_8_then_it_is_told_as_well_as_it_can_be(self) -> None:
        assert parse_body("text/plain", b"a\xff") == RawBody("a\N{REPLACEMENT CHARACTER}")


class GivenMalformedJson:
    @pytest.mark.parametrize(
        ("raw", "place", "words"),
        [
            ("{", 1, NO_NAME),
            ("{x", 1, NO_NAME),
            ("{'a': 1}", 1, NO_NAME),
            ('{"a" 1}', 5, "Expecting ':' delimiter"),
            ('{"a": }', 6, "Expecting value"),
            ('{"a": 1', 7, "Expecting ',' delimiter"),
            ('{"é": 1} x', 9, "Extra data"),
            ('"a', 0, "Unterminated string starting at"),
            (" ", 1, "Expecting value"),
            ('{"a": 1,}', 8, NO_NAME),
            ('{"a": 1,\n }', 10, NO_NAME),
            ("[1, ]", 4, "Expecting value"),
        ],
    )
    def test_then_place_and_cause_are_told_in_characters(self, raw: str, place: int, words: str) -> None:
        with pytest.raises(BodySyntaxInvalid) as caught:
            parse_body(JSON, raw.encode())

        assert caught.value.item == {
            "type": "json_invalid",
            "loc": ["body", place],
            "msg": "JSON decode error",
            "input": {},
            "ctx": {"error": words},
        }
        assert list(caught.value.item) == ["type", "loc", "msg", "input", "ctx"]

    @pytest.mark.parametrize(
        ("raw", "comma", "kind", "place", "words"),
        [('{"a": 1, }', 7, "object", 9, NO_NAME), ("[1,\t]", 2, "array", 4, "Expecting value")],
    )
    def test_when_a_newer_python_has_other_words_for_a_last_comma_then_the_services_are_told(
        self, monkeypatch: pytest.MonkeyPatch, raw: str, comma: int, kind: str, place: int, words: str
    ) -> None:
        def newer_loads(_: bytes) -> object:
            raise json.JSONDecodeError(f"Illegal trailing comma before end of {kind}", raw, comma)

        monkeypatch.setattr(json, "loads", newer_loads)

        with pytest.raises(BodySyntaxInvalid) as caught:
            parse_body(JSON, raw.encode())

        assert caught.value.item["loc"] == ["body", place]
        assert caught.value.item["ctx"] == {"error": words}


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
    def test_then_no_details_are_told(self, raw: bytes) -> None:
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
