"""Escapes untrusted text for terminals and pages: characters that are invisible or change how other text is displayed.

These are all characters that `str.isprintable` rejects (control characters, direction marks, other spaces than the ASCII one,
surrogates, unassigned ones), and printable ones that show nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

_NOT_PRINTABLE_ASCII = re.compile(r"[^ -~]+")
# Printable by their category, but invisible: a joiner, Hangul fillers, the empty braille cell, variation selectors.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0").union(
    map(chr, range(0xFE00, 0xFE10)), map(chr, range(0xE0100, 0xE01F0))
)


def visible(text: str) -> str:
    """The text with every invisible character escaped; newlines and tabs stay."""
    return _with(lambda character: character if character in "\n\t" else _escaped(character), text)


def visible_line(text: str) -> str:
    """The same in one line, so that quoted text cannot imitate a line of our output."""
    return _with(_escaped, text)


def visible_json(document: str) -> str:
    """A JSON document with the same meaning, with invisible characters escaped as in JSON."""
    return _with(_escaped_in_json, document)


def _with(escaped: Callable[[str], str], text: str) -> str:
    """Only passages with something invisible are read character by character."""
    return _NOT_PRINTABLE_ASCII.sub(
        lambda passage: passage[0] if _is_displayed(passage[0]) else "".join(map(escaped, passage[0])), text
    )


def is_visible(text: str) -> bool:
    """Whether nothing in it must be escaped, not even a newline."""
    return visible_line(text) == text


def _is_displayed(text: str) -> bool:
    return text.isprintable() and _INVISIBLE.isdisjoint(text)


def _escaped(character: str) -> str:
    return character if _is_displayed(character) else character.encode("unicode_escape").decode()


@lru_cache(1024)
def _escaped_in_json(character: str) -> str:
    if character in "\n\t" or _is_displayed(character):
        return character
    pair = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{pair[at : at + 4]}" for at in range(0, len(pair), 4))
