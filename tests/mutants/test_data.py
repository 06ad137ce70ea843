"""The rows: what is refused in them, and how one row becomes a defect of every operation."""

from __future__ import annotations

from typing import Any

import pytest

from mutants.crossing import Documented, crossed
from mutants.defects import BadRow, Defect, defects, read_defect
from mutants.planting.objects import object_change
from polar_contract import default_revision, load_contract

_GOOD: dict[str, Any] = {"name": "test: one", "when": "orders:get 200", "status": 203, "rule": "answer.expected"}
_ORDER = {"id": "a", "status": "paid", "total_amount": 5, "product": {"name": "Guide"}, "items": [{"label": "One"}]}


@pytest.fixture(scope="module")
def every() -> dict[str, Defect]:
    return defects(default_revision())


def test_given_all_rows_when_they_are_read_then_each_can_be_planted(every: dict[str, Defect]) -> None:
    assert [name for name, one in every.items() if not callable(one.plant())] == []
    assert {one.is_live for one in every.values()} == {True, False}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"rule": "no.such-rule"}, "names no rule"),
        ({"rule": []}, "names no rule: nothing"),
        ({"rule": ["answer.expected", "body.schema"]}, "does not say why"),
        ({"stats": 203}, "nothing is called stats"),
        ({"every": 3, "cached": 1}, "2 operators"),
        ({"status": None}, ""),
    ],
    ids=["an unknown rule", "no rule", "two rules", "a misspelled key", "two operators", "a good row"],
)
def test_given_a_row_when_it_cannot_be_meant_so_then_a_message_says_why(changes: dict[str, Any], problem: str) -> None:
    row = {**_GOOD, **changes}
    if not problem:
        assert read_defect(row, default_revision()).name == "test: one"
        return
    with pytest.raises(BadRow, match=problem):
        read_defect(row, default_revision())


def test_given_a_row_for_each_error_when_it_is_crossed_then_special_rules_and_exceptions_apply() -> None:
    contract = load_contract(default_revision())
    row = {
        "each": "error",
        "name": "error: {error} of {operation} as {other}",
        "set": {"error": "{other}"},
        "rule": "answer.expected",
        "rules": {"NotPaidOrder": "error.message"},
        "other": {"NotPaidOrder": "Unpaid", "ResourceNotFound": None, "any": "Unknown"},
        "except": ["orders:"],
    }
    made = list(crossed(row, Documented.of(contract)))
    special = [one for one in made if "NotPaidOrder" in one["name"]]
    assert [(one["name"], one["set"], one["rule"]) for one in special] == [
        (
            "error: NotPaidOrder of customer_portal:orders:generate_invoice as Unpaid",
            {"error": "Unpaid"},
            "error.message",
        )
    ]
    assert not any("ResourceNotFound" in one["name"] or " orders:" in one["name"] for one in made)


@pytest.mark.parametrize(
    ("data", "changed"),
    [
        ({"set": {"status": "void"}}, {"status": "void"}),
        ({"add": {"total_amount": 1}}, {"total_amount": 6}),
        ({"of": "product", "sub": {"name": ["^G", "J"]}}, {"product": {"name": "Juide"}}),
        ({"of": "items[]", "drop": ["label"]}, {"items": [{}]}),
        ({"of": "customer", "set": {"name": "Eve"}}, {}),
        ({"where": {"status": "void"}, "set": {"id": "b"}}, {}),
        ({"where": {"status": ["paid", "void"]}, "set": {"id": "b"}}, {"id": "b"}),
    ],
    ids=["set", "add", "a part", "each of a list", "an absent part", "another one", "one of two"],
)
def test_given_an_order_when_a_row_changes_it_then_only_what_it_names_changes(
    data: dict[str, Any], changed: dict[str, Any]
) -> None:
    assert object_change(data)(_ORDER) == {**_ORDER, **changed}
