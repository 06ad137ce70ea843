"""Every rule has a stable id and a sentence of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from contract_tests.checks.rules import Rule

_SOURCES = Path(__file__).parents[3] / "contract_tests"


@pytest.mark.parametrize("part", ["id", "sentence"])
def test_no_two_rules_share_an_id_or_a_sentence(part: str) -> None:
    values = [getattr(rule, part) for rule in Rule]
    assert len(set(values)) == len(values) == len(Rule.__members__)


def test_an_id_names_what_is_looked_at_and_what_of_it() -> None:
    assert [rule.id for rule in Rule if not re.fullmatch(r"[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*", rule.id)] == []
    assert all(Rule.by_id(rule.id) is rule for rule in Rule)


def test_every_rule_is_checked_somewhere() -> None:
    code = "\n".join(path.read_text("utf-8") for path in _SOURCES.rglob("*.py") if path.name != "rules.py")
    assert [rule.id for rule in Rule if not re.search(rf"\bRule\.{rule.name}\b", code)] == []
