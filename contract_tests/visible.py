"""Text that somebody else wrote, made fit for terminals and pages: what can't be seen, or changes how the rest is seen, is escaped.

These are control bytes of both sets, marks of direction, characters without width, other blanks than the blank, and surrogates.
"""

from __future__ import annotations

import re

_OUTSIDE_ASCII = re.compile(r"[^ -~]")
# Letters by their category, seen by nobody: a joiner, fillers of Hangul, an empty braille cell, selectors of a variant.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {chr(one) for one in range(0xFE00, 0xFE10)}


def visible(text: str) -> str:
    """The text with everything escaped that can't be seen; lines and tabs stay."""
    return _OUTSIDE_ASCII.sub(lambda found: found[0] if found[0] in "\n\t" else _escaped(found[0]), text)


def visible_line(text: str) -> str:
    """The same in one line, so that nobody else's text looks like a line of ours."""
    return _OUTSIDE_ASCII.sub(lambda found: _escaped(found[0]), text)


def visible_json(document: str) -> str:
    """A JSON document with the same meaning, escaped in JSON's own way."""
    return _OUTSIDE_ASCII.sub(lambda found: found[0] if found[0] in "\n\t" else _escaped_in_json(found[0]), document)


def is_visible(text: str) -> bool:
    """Whether nothing in it has to be escaped, not even the end of a line."""
    return visible_line(text) == text


def _can_be_seen(character: str) -> bool:
    return character.isprintable() and character not in _INVISIBLE and not "\U000e0100" <= character <= "\U000e01ef"


def _escaped(character: str) -> str:
    return character if _can_be_seen(character) else character.encode("unicode_escape").decode()


def _escaped_in_json(character: str) -> str:
    if _can_be_seen(character):
        return character
    pair = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{pair[at : at + 4]}" for at in range(0, len(pair), 4))
