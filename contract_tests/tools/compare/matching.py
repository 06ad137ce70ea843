"""Decides which texts of two targets are equal although ids, times, tokens and signatures differ. Sends nothing.

Values that each target generates itself are paired in the order in which they first appear; from then on each pair has to match.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

# Source: forms as observed on the service, April 2026; an invoice number holds a random name of the customer.
_VOLATILE = re.compile(
    r"(?P<token>\b(?:whsec_[A-Za-z0-9+/]{6,}={0,2}|(?:polar_(?:[a-z]{2,3}|at_[uo])_|[a-z]+_[A-Za-z0-9_]*secret_)[A-Za-z0-9]{6,}))"
    r"|(?P<id>\b[0-9a-fA-F]{8}(?P<dash>-?)[0-9a-fA-F]{4}(?P=dash)[0-9a-fA-F]{4}(?P=dash)[0-9a-fA-F]{4}(?P=dash)[0-9a-fA-F]{12}\b)"
    r"|(?P<time>\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)"
    r"|(?P<signature>(?<=[?&])(?i:x-amz-)?(?i:signature|credential|security-token|date|expires)=[^&\s\"]*)"
    r"|(?P<number>(?<=-)[A-Z]{8,}(?=-\d{4}))"
)
_SIGNED = re.compile(r"https?://[^\s\"]+[?&](?i:x-amz-signature)=[^\s\"]*")
_PARAMETER = re.compile(r"[?&]([^=&]+)=")


@dataclass(frozen=True, slots=True)
class Matching:
    """The pairs of generated values, by kind, from left to right and from right to left."""

    _rights: dict[tuple[str, str], str] = field(default_factory=dict)
    _lefts: dict[tuple[str, str], str] = field(default_factory=dict)

    def know(self, kind: str, left: str, right: str) -> None:
        """Pair the two values, unless either already has another partner."""
        self._are_partners(kind, plain(kind, left), plain(kind, right))

    def partner_of(self, kind: str, left: str) -> str | None:
        """The value on the right that is paired with this one, as it first appeared; None when there is none yet."""
        return self._rights.get((kind, plain(kind, left)))

    def is_same_text(self, left: str, right: str) -> bool:
        """Whether the texts are equal apart from generated values; new pairs of these are recorded."""
        left_words, right_words = _words(left), _words(right)
        if [kind or text for kind, text in left_words] != [kind or text for kind, text in right_words]:
            return False
        # Compare all of them, also after one that differs, so that every new pair is recorded.
        found = [
            self._is_same_word(kind, one, other)
            for (kind, one), (_, other) in zip(left_words, right_words, strict=True)
        ]
        return all(found)

    def is_same_document(self, left: bytes, right: bytes) -> bool:
        """Whether both documents are unchanged since they were paired; their bytes differ between targets."""
        return self._are_partners("document", hashlib.sha256(left).hexdigest(), hashlib.sha256(right).hexdigest())

    def _is_same_word(self, kind: str, left: str, right: str) -> bool:
        if not kind:
            return True
        if kind == "signature":
            return left.partition("=")[0].lower() == right.partition("=")[0].lower()
        if kind == "id" and _form(left) != _form(right):
            return False
        return self._are_partners(kind, plain(kind, left), plain(kind, right))

    def _are_partners(self, kind: str, left: str, right: str) -> bool:
        if (kind, left) not in self._rights and (kind, right) not in self._lefts:
            self._rights[kind, left], self._lefts[kind, right] = right, left
        return self._rights.get((kind, left)) == right


def without_signed_paths(text: str) -> str:
    """The text with each signed link replaced by the names of its parameters: each target stores documents at its own address."""
    return _SIGNED.sub(lambda found: f"(signed link: {', '.join(sorted(_PARAMETER.findall(found.group())))})", text)


def without_volatile(text: str) -> str:
    """The text with every generated value replaced by its kind."""
    return "".join(f"<{kind}>" if kind else piece for kind, piece in _words(text))


def _words(text: str) -> list[tuple[str, str]]:
    """The text cut into pieces, each with its kind; the kind of plain text is empty."""
    words, end = [], 0
    for found in _VOLATILE.finditer(text):
        words += [("", text[end : found.start()]), (_kind(found), found.group())]
        end = found.end()
    return [*words, ("", text[end:])]


def _kind(found: re.Match[str]) -> str:
    return next(kind for kind in ("token", "id", "time", "signature", "number") if found.group(kind) is not None)


def _form(one: str) -> tuple[bool, bool]:
    return "-" in one, one.lower() == one


def plain(kind: str, text: str) -> str:
    """The normalised text: an id can be written in several ways."""
    return text.lower().replace("-", "") if kind == "id" else text
