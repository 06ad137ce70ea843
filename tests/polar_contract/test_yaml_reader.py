"""YAML is read by the rules of version 1.2, and a tag without a JSON meaning is rejected with its place."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from polar_contract.errors import DocumentUnreadable
from polar_contract.json_types import JsonValue
from polar_contract.yaml_reader import BareKey, parse_yaml

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def read(text: str) -> JsonValue:
    return parse_yaml(text, "a.yaml")[0]


class GivenPlainScalars:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("NO", "NO"),
            ("yes", "yes"),
            ("on", "on"),
            ("2026-04-15", "2026-04-15"),
            ("2026-04-15T10:00:00Z", "2026-04-15T10:00:00Z"),
            ("017", 17),
            ("1:30", "1:30"),
            ("1_000", "1_000"),
            ("0x1f", "0x1f"),
            (".inf", ".inf"),
            ("-7", -7),
            ("1.50", 1.5),
            ("1e3", 1000.0),
            ("true", True),
            ("False", False),
            ("null", None),
            ("~", None),
            ("", None),
            ("'null'", "null"),
            ("<<", "<<"),
        ],
    )
    def test_when_read_then_the_core_schema_of_yaml_1_2_decides(self, text: str, value: JsonValue) -> None:
        assert read(f"a: {text}\n") == {"a": value}

    @given(JSON)
    def test_when_any_value_is_dumped_as_yaml_then_the_same_is_read(self, value: JsonValue) -> None:
        # Quoted throughout: what YAML 1.1 leaves unquoted, as in `1e3`, may be a number in 1.2.
        assert read(yaml.dump({"a": value}, default_style='"')) == {"a": value}

    @given(JSON)
    def test_when_any_value_is_dumped_as_json_then_the_same_is_read(self, value: JsonValue) -> None:
        assert read(json.dumps({"a": value})) == {"a": value}


class GivenKeysThatAreNoText:
    def test_when_read_then_they_become_text_and_are_reported(self) -> None:
        document, bare = parse_yaml("a:\n  200: x\n  true: y\n  'null': z\n", "a.yaml")

        assert document == {"a": {"200": "x", "true": "y", "null": "z"}}
        assert bare == [BareKey("/a/200", "200"), BareKey("/a/true", "true")]


class GivenTextThatIsNoDocument:
    @pytest.mark.parametrize(
        ("text", "pointer", "words"),
        [
            ("", "", "empty"),
            ("# only a remark\n", "", "empty"),
            ("a: [\n", "", "not YAML"),
            ('{"a": 1, "a": 2}', "/a", "a second time"),
            ("a: b: c\n", "", "line 1"),
            ("a: *b\n", "", "undefined alias"),
            ("a: 1\n---\nb: 2\n", "", "another document"),
            ("a:\n  b: 1\n  b: 2\n", "/a/b", "line 3"),
            ("? [a]\n: 1\n", "", "a key has to be text"),
            ("a: !!python/object:os.system x\n", "/a", "tag"),
            ("a: !!binary aGk=\n", "/a", "tag"),
            ("a: &a [*a]\n", "/a/0", "endless"),
            ("a: " + "9" * 6000, "/a", "number"),
            ("a: 1e999\n", "/a", "too large"),
            ("[" * 5000 + "]" * 5000, "", "line 1: the document is nested too deeply"),
            ("- " * 200_000 + "x", "", "nested too deeply"),
            ("l0: &l0 [1]\n" + "".join(f"l{n}: &l{n} [*l{n - 1}]\n" for n in range(1, 2000)), "", "nested too deeply"),
        ],
    )
    def test_when_read_then_it_is_refused_with_place_and_message(self, text: str, pointer: str, words: str) -> None:
        with pytest.raises(DocumentUnreadable) as refusal:
            read(text)

        assert (refusal.value.pointer, words in refusal.value.reason) == (pointer, True), refusal.value.reason

    def test_when_aliases_multiply_then_it_is_refused_before_memory_runs_out(self) -> None:
        levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 9))

        with pytest.raises(DocumentUnreadable, match="very large"):
            read("l0: &l0 [1]\n" + levels)
