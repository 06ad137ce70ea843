"""Escapes untrusted text for terminals and pages: characters that are invisible or change how other text is displayed.

These are all characters that `str.isprintable` rejects (control characters, direction marks, other spaces than the ASCII one,
surrogates, unassigned ones), and printable ones that show nothing.
"""

from __future__ import annotations

import re

_NOT_PRINTABLE_ASCII = re.compile(r"[^ -~]")
# Printable by their category, but invisible: a joiner, Hangul fillers, the empty braille cell, variation selectors.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {chr(one) for one in range(0xFE00, 0xFE10)}


def visible(text: str) -> str:
    """The text with every invisible character escaped; newlines and tabs stay."""
    return _NOT_PRINTABLE_ASCII.sub(lambda found: found[0] if found[0] in "\n\t" else _escaped(found[0]), text)


def visible_line(text: str) -> str:
    """The same in one line, so that quoted text cannot imitate a line of our output."""
    return _NOT_PRINTABLE_ASCII.sub(lambda found: _escaped(found[0]), text)


def visible_json(document: str) -> str:
    """A JSON document with the same meaning, with invisible characters escaped as in JSON."""
    return _NOT_PRINTABLE_ASCII.sub(
        lambda found: found[0] if found[0] in "\n\t" else _escaped_in_json(found[0]), document
    )


def is_visible(text: str) -> bool:
    """Whether nothing in it must be escaped, not even a newline."""
    return visible_line(text) == text


def _is_displayed(character: str) -> bool:
    return character.isprintable() and character not in _INVISIBLE and not "\U000e0100" <= character <= "\U000e01ef"


def _escaped(character: str) -> str:
    return character if _is_displayed(character) else character.encode("unicode_escape").decode()


def _escaped_in_json(character: str) -> str:
    if _is_displayed(character):
        return character
    pair = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{pair[at : at + 4]}" for at in range(0, len(pair), 4))
