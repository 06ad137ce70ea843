"""Invisible characters are escaped, and everything else stays."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.transport.exchanges import quoted
from contract_tests.transport.visible import is_visible, visible, visible_json, visible_line

_HIDDEN = {
    "\x1b": r"\x1b",
    "\x00": r"\x00",
    "\x07": r"\x07",
    "\r": r"\r",
    "\x7f": r"\x7f",
    "\x9b": r"\x9b",
    "\u00a0": r"\xa0",
    "\u00ad": r"\xad",
    "\u061c": r"\u061c",
    "\u200b": r"\u200b",
    "\u200d": r"\u200d",
    "\u200f": r"\u200f",
    "\u2028": r"\u2028",
    "\u202e": r"\u202e",
    "\u2066": r"\u2066",
    "\u3164": r"\u3164",
    "\ufe0f": r"\ufe0f",
    "\ufeff": r"\ufeff",
    "\ud800": r"\ud800",
    "\U000e0041": r"\U000e0041",
    "\U000e0101": r"\U000e0101",
}


class GivenTextOfSomebodyElse:
    @pytest.mark.parametrize(("character", "escaped"), _HIDDEN.items(), ids=[ascii(one) for one in _HIDDEN])
    def test_when_it_holds_what_cant_be_seen_then_this_is_escaped(self, character: str, escaped: str) -> None:
        assert visible(f"a{character}b") == visible_line(f"a{character}b") == f"a{escaped}b"

    @pytest.mark.parametrize("text", ["Zürich", "東京", "価格 ¥1", "emoji 🎉", "a\\b \"c\" 'd'", "·×…«»"])
    def test_when_all_of_it_can_be_seen_then_it_stays(self, text: str) -> None:
        assert visible(text) == visible_line(text) == visible_json(text) == text
        assert is_visible(text)

    def test_when_it_has_lines_then_they_stay_lines_only_where_they_may(self) -> None:
        assert visible("a\n\tb") == "a\n\tb"
        assert visible_line("a\nThe mock: no violations.") == r"a\nThe mock: no violations."

    @given(st.text())
    def test_then_whatever_it_is_the_result_can_be_seen(self, text: str) -> None:
        assert visible_line(text).isprintable()
        assert visible(text).replace("\n", "").replace("\t", "").isprintable()

    @given(st.text(st.characters()), st.text())
    def test_when_it_is_in_a_json_document_then_its_meaning_stays(self, key: str, text: str) -> None:
        document = visible_json(json.dumps({key: [text]}, ensure_ascii=False, indent=1))
        assert json.loads(document) == {key: [text]}
        assert document.replace("\n", "").isprintable()

    @pytest.mark.parametrize(
        ("text", "word"),
        [
            ("plain", "plain"),
            ("it's", "'it'\"'\"'s'"),
            ("a\x1bb", r"$'a\x1bb'"),
            ("a'\\\n", r"$'a\'\\\x0a'"),
            ("\u202eä", r"$'\xe2\x80\xaeä'"),
        ],
        ids=range(5),
    )
    def test_when_it_is_a_word_of_a_command_then_a_shell_reads_the_same(self, text: str, word: str) -> None:
        assert quoted(text) == word
