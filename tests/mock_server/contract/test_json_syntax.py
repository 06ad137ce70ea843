"""Reports of malformed JSON: position and message of CPython 3.13's `json`, on every interpreter."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.contract.bodies import parse_body
from mock_server.contract.errors import BodySyntaxInvalid
from tests.mock_server.contract.requests import any_json

JSON = "application/json"
NAME, VALUE = "Expecting property name enclosed in double quotes", "Expecting value"
COLON, COMMA = "Expecting ':' delimiter", "Expecting ',' delimiter"
OBJECT_COMMA = "Illegal trailing comma before end of object"
ARRAY_COMMA = "Illegal trailing comma before end of array"
OPEN_TEXT, CONTROL = "Unterminated string starting at", "Invalid control character at"
ESCAPE, UNICODE = "Invalid \\escape", "Invalid \\uXXXX escape"
EXTRA = "Extra data"

# Text, position in characters, message: every rule of the decoder, each with blanks, nesting and the end of the text.
FAULTS = [
    *[(" ", VALUE, 1), ("\n\t", VALUE, 2), ("x", VALUE, 0), ("nul", VALUE, 0), ("True", VALUE, 0), ("'a'", VALUE, 0)],
    *[("]", VALUE, 0), ("}", VALUE, 0), (",", VALUE, 0), (":", VALUE, 0), ("+1", VALUE, 0), (".5", VALUE, 0)],
    *[("[", VALUE, 1), ("[ ", VALUE, 2), ("[,", VALUE, 1), ("[,]", VALUE, 1), ("[:", VALUE, 1), ("[}", VALUE, 1)],
    *[("[42", COMMA, 3), ("[42 ", COMMA, 4), ("[42:", COMMA, 3), ('[42 "a"', COMMA, 4), ("[42}", COMMA, 3)],
    *[("[42,", VALUE, 4), ("[42, ", VALUE, 5), ("[42,,", VALUE, 4), ("[42,}", VALUE, 4), ("[42,,]", VALUE, 4)],
    *[("[42,]", ARRAY_COMMA, 3), ("[42 , ]", ARRAY_COMMA, 4), ("[123  , \r\n]", ARRAY_COMMA, 6)],
    *[("[[],]", ARRAY_COMMA, 3), ("[[1,],2]", ARRAY_COMMA, 3), ('["a,",]', ARRAY_COMMA, 5), ('["é",]', ARRAY_COMMA, 4)],
    *[("[{},]x", ARRAY_COMMA, 3), ('{"a":[1,]}', ARRAY_COMMA, 7), ("[1,]]", ARRAY_COMMA, 2)],
    *[("{", NAME, 1), ("{ ", NAME, 2), ("{,", NAME, 1), ("{,}", NAME, 1), ("{:", NAME, 1), ("{]", NAME, 1)],
    *[("{x", NAME, 1), ("{42", NAME, 1), ("{'a': 1}", NAME, 1), ("[{]", NAME, 2), ("{[]:1}", NAME, 1)],
    *[('{"a"', COLON, 4), ('{"a"}', COLON, 4), ('{"a" 1}', COLON, 5), ('{"a",', COLON, 4), ('[{"a"]', COLON, 5)],
    *[('{"a":', VALUE, 5), ('{"a": }', VALUE, 6), ('{"a":,', VALUE, 5), ('{"a":]', VALUE, 5), ('{"a": x}', VALUE, 6)],
    *[('{"a":1', COMMA, 6), ('{"a": 1 "b"', COMMA, 8), ('{"a":1]', COMMA, 6), ('{"a":1:', COMMA, 6)],
    *[
        ('{"a":1,', NAME, 7),
        ('{"a":1, ', NAME, 8),
        ('{"a":1,,}', NAME, 7),
        ('{"a":1,]', NAME, 7),
        ('{"a":1,b', NAME, 7),
    ],
    *[('{"a":1,}', OBJECT_COMMA, 6), ('{"a": 1 , }', OBJECT_COMMA, 8), ('{"a": 1,\n }', OBJECT_COMMA, 7)],
    *[('{"a,":1,}', OBJECT_COMMA, 7), ('{"a":{"b":1,},}', OBJECT_COMMA, 11), ('[{"a":1,}]', OBJECT_COMMA, 7)],
    *[('{"é":"ü",}x', OBJECT_COMMA, 8), ('{"a":[1],}', OBJECT_COMMA, 8), ('{"billing_name": "A",}', OBJECT_COMMA, 20)],
    *[('"', OPEN_TEXT, 0), ('"a', OPEN_TEXT, 0), ('["', OPEN_TEXT, 1), ('{"a', OPEN_TEXT, 1), ('["a\\', OPEN_TEXT, 1)],
    *[('"a\n"', CONTROL, 2), ('["\x00"]', CONTROL, 2), ('{"a\t":1}', CONTROL, 3)],
    *[('"\\x"', ESCAPE, 1), ('"a\\ "', ESCAPE, 2), ('"\\\'"', ESCAPE, 1)],
    *[('"\\u12"', UNICODE, 2), ('"\\u12g4"', UNICODE, 2), ('"a\\u+123"', UNICODE, 3), ('"\\ud800\\u1"', UNICODE, 8)],
    *[("1 2", EXTRA, 2), ("{}}", EXTRA, 2), ("[]]", EXTRA, 2), ("{},{}", EXTRA, 2), ('{"é": 1} x', EXTRA, 9)],
    *[("01", EXTRA, 1), ("1.", EXTRA, 1), ("1e", EXTRA, 1), ("nullx", EXTRA, 4), ("1,", EXTRA, 1), ("-1-", EXTRA, 2)],
    *[("-", VALUE, 0), ("[-]", VALUE, 1), ("NaNs", EXTRA, 3), ("Infinit", VALUE, 0)],
]


def fault(raw: bytes) -> object:
    """The item that is reported for bytes that are not JSON."""
    with pytest.raises(BodySyntaxInvalid) as caught:
        parse_body(JSON, raw)
    return caught.value.item


def item(place: int, words: str) -> object:
    return {
        "type": "json_invalid",
        "loc": ["body", place],
        "msg": "JSON decode error",
        "input": {},
        "ctx": {"error": words},
    }


class GivenMalformedJson:
    @pytest.mark.parametrize(("text", "words", "place"), FAULTS, ids=[ascii(text) for text, *_ in FAULTS])
    def test_then_place_and_cause_are_reported_as_cpython_3_13_does(self, text: str, words: str, place: int) -> None:
        assert fault(text.encode()) == item(place, words)

    def test_then_the_keys_come_in_the_services_order(self) -> None:
        assert list(dict.fromkeys(fault(b"{"))) == ["type", "loc", "msg", "input", "ctx"]  # type: ignore[call-overload]

    def test_when_a_byte_order_mark_stands_before_it_then_the_place_is_counted_without_it(self) -> None:
        assert fault(b"\xef\xbb\xbf[1,]") == item(2, ARRAY_COMMA)

    @pytest.mark.parametrize(
        ("older", "at", "newer", "comma"),
        [(NAME, 10, OBJECT_COMMA, 8), (OBJECT_COMMA, 8, OBJECT_COMMA, 8)],
        ids=["before 3.13", "since 3.13"],
    )
    def test_when_interpreters_differ_then_the_same_is_reported(
        self, monkeypatch: pytest.MonkeyPatch, older: str, at: int, newer: str, comma: int
    ) -> None:
        text = '{"a": 12, }'

        def loads(_: bytes) -> object:
            raise json.JSONDecodeError(older, text, at)

        monkeypatch.setattr(json, "loads", loads)

        assert fault(text.encode()) == item(comma, newer)


@given(any_json, st.text(" \t\n\r", max_size=3), st.text(" \t\n\r", max_size=3))
def test_a_comma_before_a_closing_bracket_is_what_is_blamed(value: object, before: str, after: str) -> None:
    written = json.dumps(value)

    in_array = fault(f"[{written}{before},{after}]".encode())
    in_object = fault(f'{{"a":{written}{before},{after}}}'.encode())

    assert in_array == item(1 + len(written) + len(before), ARRAY_COMMA)
    assert in_object == item(5 + len(written) + len(before), OBJECT_COMMA)
