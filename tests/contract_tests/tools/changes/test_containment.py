"""Whether a schema contains another: proved answers for cases, and never a wrong one for generated schemas."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.tools.changes.containment import Sure, contains

_TEXT, _NULL = {"type": "string"}, {"type": "null"}
_ID, _TIME = {"type": "string", "format": "uuid4"}, {"type": "string", "format": "date-time"}
_KIND = {"type": "object", "required": ["kind", "id"]}
_FIXED, _FREE = ({**_KIND, "properties": {"kind": {"const": kind}, "id": _ID}} for kind in ("fixed", "free"))


@pytest.mark.parametrize(
    ("outer", "inner", "sure"),
    [
        (_TEXT, {"enum": ["a"]}, Sure.YES),
        ({"enum": ["a"]}, _TEXT, Sure.NO),
        ({"anyOf": [_TEXT, _NULL]}, _TEXT, Sure.YES),
        (_TEXT, {"anyOf": [_TEXT, _NULL]}, Sure.NO),
        ({"type": ["string", "null"]}, {"anyOf": [_TEXT, _NULL]}, Sure.YES),
        ({"type": "number"}, {"type": "integer", "minimum": 1}, Sure.YES),
        ({"type": "integer", "maximum": 10}, {"type": "integer", "maximum": 11}, Sure.NO),
        (_TEXT, _ID, Sure.YES),
        (_ID, _TEXT, Sure.NO),
        (_ID, _ID, Sure.YES),
        # One format may be a part of another, and a value may have one.
        (_ID, _TIME, Sure.UNKNOWN),
        (_TIME, {"enum": ["2026-10-01T00:00:00Z"]}, Sure.UNKNOWN),
        ({"type": "string", "format": "uuid4", "maxLength": 3}, {"type": "string", "maxLength": 3}, Sure.NO),
        ({"type": "object"}, _FIXED, Sure.YES),
        ({"anyOf": [_FIXED, _FREE]}, _FREE, Sure.YES),
        ({"anyOf": [_FIXED, _TEXT]}, _FREE, Sure.NO),
        ({"type": "array", "items": _TEXT}, {"type": "array", "items": _ID}, Sure.YES),
        (True, {"not": {"type": "string"}}, Sure.YES),
        ({"type": "string", "pattern": "("}, _TEXT, Sure.UNKNOWN),
    ],
)
def test_when_a_schema_is_compared_then_the_answer_is_proved_or_unknown(outer: Any, inner: Any, sure: Sure) -> None:
    assert contains(outer, inner) is sure


_VALUES: list[Any] = [
    None,
    True,
    0,
    1,
    2.5,
    7,
    "",
    "a",
    "abcd",
    [],
    [1],
    ["a", "b"],
    {},
    {"k": 1},
    {"k": "a", "l": None},
]
_LEAVES: st.SearchStrategy[Any] = st.one_of(
    st.just({}),
    st.sampled_from(["null", "boolean", "string", "integer", "number"]).map(lambda kind: {"type": kind}),
    st.lists(st.sampled_from([None, True, 1, "a", "abcd"]), min_size=1, unique_by=repr).map(
        lambda some: {"enum": some}
    ),
    st.integers(0, 4).map(lambda most: {"type": "string", "maxLength": most}),
    st.integers(0, 7).map(lambda least: {"type": "integer", "minimum": least}),
)


def _objects(below: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    properties = st.dictionaries(st.sampled_from("kl"), below)
    return st.builds(
        lambda props, required: {"type": "object", "properties": props, "required": sorted(required)},
        properties,
        st.sets(st.sampled_from("kl")),
    )


_SCHEMAS = st.recursive(
    _LEAVES,
    lambda below: st.one_of(
        st.lists(below, min_size=1, max_size=3).map(lambda some: {"anyOf": some}),
        below.map(lambda item: {"type": "array", "items": item}),
        _objects(below),
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(outer=_SCHEMAS, inner=_SCHEMAS)
def test_when_schemas_are_generated_then_yes_is_never_refuted_by_a_value(outer: Any, inner: Any) -> None:
    is_out = jsonschema_rs.Draft202012Validator(outer).is_valid
    is_in = jsonschema_rs.Draft202012Validator(inner).is_valid
    missing = [value for value in _VALUES if is_in(value) and not is_out(value)]

    if missing:
        assert contains(outer, inner) is not Sure.YES
    assert contains(inner, inner) is not Sure.NO
