"""Items with equal sort keys may come in any order; every other change of order is a difference, reported as one place."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.tools.compare.comparing import Comparison, Terms, Verdict, compare
from contract_tests.tools.compare.known import Known, entries
from contract_tests.tools.compare.matching import Matching
from contract_tests.transport.exchanges import Exchange
from polar_contract.json_types import JsonObject
from tests.contract_tests.tools.compare.test_known import _answer


def _id(side: int, number: int) -> str:
    return f"{side}0000000-0000-4000-8000-{number:012d}"


def _item(number: int, amount: int, **more: str) -> JsonObject:
    return {"number": number, "net_amount": amount, **more}


def _page(side: int, items: list[JsonObject], *, sorting: str = "amount", pages: int = 1) -> Exchange:
    body: JsonObject = {
        "items": [{"id": _id(side, int(str(item["number"]))), **item} for item in items],
        "pagination": {"total_count": len(items) * pages, "max_page": pages},
    }
    return _answer(body, path=f"/v1/orders/?sorting={sorting}")


def _compared(left: Exchange, right: Exchange, *, count: int = 9, terms: Terms | None = None) -> Comparison:
    matching = Matching()
    for number in range(count):
        matching.know("id", _id(1, number), _id(2, number))
    return compare(left, right, matching, terms or Terms())


@given(amounts=st.lists(st.integers(0, 2), max_size=9), seed=st.integers(0, 99), knows_ids=st.booleans())
def test_when_ties_come_in_any_order_then_two_lists_are_the_same(
    amounts: list[int], seed: int, knows_ids: bool
) -> None:
    items = [_item(number, amount) for number, amount in enumerate(amounts)]
    left, right = items[:], items[:]
    for number, one in enumerate((left, right)):
        random.Random(seed + number).shuffle(one)
        one.sort(key=lambda item: int(str(item["net_amount"])))
    found = _compared(_page(1, left), _page(2, right), count=9 if knows_ids else 0)
    assert found.verdict is Verdict.SAME, found


@given(amounts=st.lists(st.integers(), min_size=2, max_size=9, unique=True), seed=st.integers(0, 99))
def test_when_other_items_change_places_then_the_order_is_the_only_difference(amounts: list[int], seed: int) -> None:
    items = [_item(number, amount) for number, amount in enumerate(sorted(amounts))]
    other = items[:]
    random.Random(seed).shuffle(other)
    found = _compared(_page(1, items), _page(2, other))
    wanted = (Verdict.SAME, []) if other == items else (Verdict.VALUE, ["order of body.items"])
    assert (found.verdict, [place.where for place in found.places]) == wanted


def test_when_a_tied_item_differs_then_it_is_found_at_its_partner() -> None:
    left = [_item(0, 5, name="a"), _item(1, 5, name="b")]
    right = [_item(1, 5, name="changed"), _item(0, 5, name="a")]
    found = _compared(_page(1, left), _page(2, right))
    assert [(one.where, one.left, one.right) for one in found.places] == [("body.items.1.name", "'b'", "'changed'")]


@pytest.mark.parametrize(("amount", "verdict"), [(5, Verdict.SAME), (6, Verdict.VALUE)])
def test_when_a_page_ends_among_ties_then_only_tied_items_may_be_on_the_next_page(
    amount: int, verdict: Verdict
) -> None:
    left, right = [_item(0, 1), _item(1, 5)], [_item(0, 1), _item(2, amount)]
    found = _compared(_page(1, left, pages=2), _page(2, right, pages=2))
    assert found.verdict is verdict, found


def test_when_there_is_no_next_page_then_another_item_is_a_difference() -> None:
    found = _compared(_page(1, [_item(0, 1), _item(1, 5)]), _page(2, [_item(0, 1), _item(2, 5)]))
    assert found.verdict is Verdict.VALUE


@pytest.mark.parametrize(
    ("names", "verdict"),
    [(["Apple", "apricot"], Verdict.KNOWN), (["Apple", "Banana"], Verdict.VALUE)],
    ids=["within a letter", "beyond it"],
)
def test_when_texts_are_sorted_differently_then_it_is_known_within_a_letter(names: list[str], verdict: Verdict) -> None:
    items: list[JsonObject] = [{**_item(number, 5), "product": {"name": name}} for number, name in enumerate(names)]
    left, right = _page(1, items, sorting="product"), _page(2, items[::-1], sorting="product")
    assert _compared(left, right, terms=Terms(Known(entries()))).verdict is verdict


def test_when_one_side_has_only_some_then_those_of_both_are_compared() -> None:
    left, right = [_item(1, 5, name="b")], [_item(0, 1), _item(1, 5, name="changed")]
    terms = Terms(has_whole_lists=False, is_compared=lambda _operation, place: "pagination" not in place)
    found = _compared(_page(1, left), replace(_page(2, right)), terms=terms)
    assert [one.where for one in found.places] == ["body.items.0.name"]
