"""What counts as a difference between two answers, and of which kind; values that each target generates do not count."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contract_tests.tools.compare.comparing import Verdict, compare
from contract_tests.tools.compare.matching import Matching
from contract_tests.transport.exchanges import Exchange
from polar_contract.json_types import JsonObject, JsonValue

_A, _B = "0f1c7a52-7c4e-4d2a-9a55-0a4b1c2d3e4f", "9b2d1c3e-5a6f-4b7c-8d9e-1f2a3b4c5d6e"
_C, _D = "11111111-2222-4333-8444-555555555555", "66666666-7777-4888-9999-aaaaaaaaaaaa"
_MORNING, _NOON = "2026-04-15T08:00:00Z", "2026-04-15T12:00:00.123456Z"
_KEYS = ("id", "name", "items", "status")


def _answer(body: JsonValue | bytes, *, status: int = 200, content_type: str = "application/json") -> Exchange:
    return Exchange(
        method="GET",
        url="http://127.0.0.1:9/v1/orders/",
        path="/v1/orders/",
        request_headers={},
        request_body=b"",
        status=status,
        headers={"content-type": content_type},
        body=body if isinstance(body, bytes) else json.dumps(body).encode(),
        elapsed_seconds=0.0,
        operation_id="orders:list",
    )


def _bodies() -> SearchStrategy[JsonValue]:
    leaves = st.none() | st.booleans() | st.integers() | st.sampled_from([_A, _C, _MORNING, "paid", ""])
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner), max_leaves=8
    )


def _from_another_target(value: JsonValue) -> JsonValue:
    """The same answer with ids and times of another target."""
    text = json.dumps(value)
    for ours, theirs in ((_A, _B), (_C, _D), (_MORNING, _NOON)):
        text = text.replace(ours, theirs)
    other: JsonValue = json.loads(text)
    return other


class GivenAnyBody:
    @given(body=_bodies())
    def test_when_another_target_gives_it_with_its_own_ids_and_times_then_it_is_the_same(self, body: JsonValue) -> None:
        found = compare(_answer(body), _answer(_from_another_target(body)), Matching())
        assert found.verdict is Verdict.SAME, found

    @given(body=_bodies(), other=_bodies())
    @example(body={"id": 0, "name": 0, "items": 1, "status": 1}, other={"id": 0, "name": 0, "status": 0, "items": 0})
    def test_when_the_sides_change_places_then_the_verdict_stays(self, body: JsonValue, other: JsonValue) -> None:
        there, back = (compare(_answer(x), _answer(y), Matching()) for x, y in ((body, other), (other, body)))
        assert there.verdict is back.verdict
        assert [(p.where, p.left, p.right) for p in there.places] == [(p.where, p.right, p.left) for p in back.places]


@pytest.mark.parametrize(
    ("left", "right", "verdict", "places"),
    [
        ({"a": 1}, {"a": 2}, Verdict.VALUE, ["body.a"]),
        ({"a": 1}, {"a": "1"}, Verdict.SHAPE, ["body.a"]),
        ({"a": 1}, {"a": True}, Verdict.SHAPE, ["body.a"]),
        ({"a": 1}, {}, Verdict.SHAPE, ["body.a"]),
        ({"a": None}, {"a": {"b": 1}}, Verdict.SHAPE, ["body.a"]),
        ({"items": [{"a": 1}]}, {"items": [{"a": 1}, {"a": 1, "b": 2}]}, Verdict.SHAPE, ["body.items[].b"]),
        ({"items": []}, {"items": [{"a": 1}]}, Verdict.VALUE, ["body.items"]),
        ({"items": [1, 2]}, {"items": [1]}, Verdict.VALUE, ["body.items"]),
        ({"items": [{"a": 1}, {}]}, {"items": [{}, {"a": 1}]}, Verdict.VALUE, ["body.items.0.a", "body.items.1.a"]),
        ([_A, _A], [_B, _B], Verdict.SAME, []),
        ([_A, _A], [_B, _D], Verdict.VALUE, ["body.1"]),
        ([_A, _C], [_B, _B], Verdict.VALUE, ["body.1"]),
        ([_A, _A.upper()], [_B, _B.upper()], Verdict.SAME, []),
        ([_A, _A.upper()], [_B, _B], Verdict.VALUE, ["body.1"]),
        ([_MORNING, _NOON], [_NOON, _NOON], Verdict.VALUE, ["body.1"]),
        (f"Order {_A} is not paid.", f"Order {_B} is not paid.", Verdict.SAME, []),
        (f"Order {_A} is not paid.", f"Order {_B} is unpaid.", Verdict.VALUE, ["body"]),
        ("polar_cst_aaaaaaaaaaaa", "polar_cst_bbbbbbbbbbbb", Verdict.SAME, []),
        ("polar_cst_aaaaaaaaaaaa", "none", Verdict.VALUE, ["body"]),
        ("https://a/x?X-Amz-Date=1&X-Amz-Signature=2", "https://b/y?X-Amz-Date=3&X-Amz-Signature=4", Verdict.SAME, []),
        ("https://a/x?X-Amz-Date=1&X-Amz-Signature=2", "https://a/x?X-Amz-Signature=2", Verdict.VALUE, ["body"]),
        ("CORE-AAAAAAAA-0001", "CORE-BBBBBBBB-0001", Verdict.SAME, []),
        ("CORE-AAAAAAAA-0001", "CORE-BBBBBBBB-0002", Verdict.VALUE, ["body"]),
        (b"null", b"", Verdict.SHAPE, ["body"]),
        (b"%PDF-1", b"%PDF-2", Verdict.SAME, []),
        (b"%PDF-1", b"null", Verdict.SHAPE, ["body"]),
    ],
)  # fmt: skip
def test_when_two_bodies_are_compared_then_the_verdict_and_its_places_are(
    left: JsonValue | bytes, right: JsonValue | bytes, verdict: Verdict, places: list[str]
) -> None:
    found = compare(_answer(left), _answer(right), Matching())
    assert (found.verdict, [place.where for place in found.places]) == (verdict, places)


class GivenAnswersThatDifferInManyWays:
    def test_when_they_are_compared_then_the_most_severe_counts(self) -> None:
        body: JsonObject = {"error": "A", "detail": "x"}
        other: JsonObject = {"error": "B", "detail": None}
        status = compare(_answer(body, status=404), _answer(other, status=422), Matching())
        name = compare(_answer(body, status=422), _answer(other, status=422), Matching())
        header = compare(_answer({"a": 1}), _answer({"a": 2}, content_type="text/html"), Matching())
        assert [one.verdict for one in (status, name, header)] == [Verdict.STATUS, Verdict.ERROR_NAME, Verdict.SHAPE]
        assert header.places[0].where == "header content-type"


class GivenAMatchingThatKnowsMore:
    def test_when_an_id_stands_for_another_then_no_third_matches(self) -> None:
        matching = Matching()
        matching.know("id", _A, _B)
        assert compare(_answer(_A), _answer(_B), matching).verdict is Verdict.SAME
        assert compare(_answer(_A), _answer(_D), matching).verdict is Verdict.VALUE

    def test_when_a_document_was_shown_before_then_it_has_to_be_the_same_again(self) -> None:
        matching = Matching()
        assert matching.is_same_document(b"%PDF-1", b"%PDF-2")
        assert matching.is_same_document(b"%PDF-1", b"%PDF-2")
        assert not matching.is_same_document(b"%PDF-1", b"%PDF-3")
