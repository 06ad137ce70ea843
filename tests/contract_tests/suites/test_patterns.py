"""The strategy of a pattern is made once for all filters on it, draws the same as before, and only where this is wanted."""

from __future__ import annotations

import re
from unittest.mock import Mock

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from hypothesis.strategies._internal import regex

from contract_tests.suites.patterns import remembered_patterns

_PATTERN = re.compile(r"^[0-9a-f]{4}-[a-z]{3}\Z")


def _drawn(alphabet: st.SearchStrategy[str]) -> list[str]:
    """Twenty texts of the pattern, through two filters of which each is a new one."""
    found: list[str] = []

    @seed(7)
    @settings(max_examples=20, database=None)
    @given(st.from_regex(_PATTERN, alphabet=alphabet).filter(lambda text: text != "").filter(_PATTERN.search))
    def draw(text: str) -> None:
        found.append(text)

    draw()
    return found


class GivenAPatternWithFilters:
    def test_when_it_is_remembered_then_it_is_made_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        make = Mock(wraps=regex.regex_strategy)
        monkeypatch.setattr(regex, "regex_strategy", make)
        alphabet = st.characters(max_codepoint=121)
        with remembered_patterns():
            _drawn(alphabet)
            _drawn(alphabet)
        assert make.call_count == 1

    def test_when_it_is_remembered_then_the_same_is_drawn(self) -> None:
        anew = _drawn(st.characters(max_codepoint=122))
        with remembered_patterns():
            assert _drawn(st.characters(max_codepoint=122)) == anew
        assert len(set(anew)) > 10

    def test_when_the_block_ends_in_an_error_then_hypothesis_is_as_before(self) -> None:
        before = regex.regex_strategy
        with pytest.raises(KeyError), remembered_patterns():
            raise KeyError
        assert regex.regex_strategy is before
