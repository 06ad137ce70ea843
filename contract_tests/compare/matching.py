"""Which texts of two targets mean the same, though ids, times, tokens and signatures differ. Sends nothing.

What two targets make for themselves is paired by order of first appearance: from then on each stands for the other.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

# Source: forms as observed on the service, April 2026; an invoice number holds a random name of the customer.
_VOLATILE = re.compile(
    r"(?P<token>\b(?:polar_(?:[a-z]{2,3}|at_[uo])_|whsec_|[a-z]+_[A-Za-z0-9_]*secret_)[A-Za-z0-9]{6,})"
    r"|(?P<id>\b[0-9a-fA-F]{8}(?P<dash>-?)[0-9a-fA-F]{4}(?P=dash)[0-9a-fA-F]{4}(?P=dash)[0-9a-fA-F]{4}(?P=dash)[0-9a-fA-F]{12}\b)"
    r"|(?P<time>\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)"
    r"|(?P<signature>(?<=[?&])(?i:x-amz-)?(?i:signature|credential|security-token|date|expires)=[^&\s\"]*)"
    r"|(?P<number>(?<=-)[A-Z]{8,}(?=-\d{4}))"
)
_SIGNED = re.compile(r"https?://[^\s\"]+[?&](?i:x-amz-signature)=[^\s\"]*")
_PARAMETER = re.compile(r"[?&]([^=&]+)=")


@dataclass(frozen=True, slots=True)
class Matching:
    """What stands for what, by kind, from left to right and back."""

    _rights: dict[tuple[str, str], str] = field(default_factory=dict)
    _lefts: dict[tuple[str, str], str] = field(default_factory=dict)

    def know(self, kind: str, left: str, right: str) -> None:
        """The two stand for each other from now on, unless either has another partner already."""
        self._are_partners(kind, plain(kind, left), plain(kind, right))

    def partner_of(self, kind: str, left: str) -> str | None:
        """What stands for it on the right, as it was first seen there; None while nothing does."""
        return self._rights.get((kind, plain(kind, left)))

    def is_same_text(self, left: str, right: str) -> bool:
        """Whether the texts say the same; what is volatile in them is learned."""
        left_words, right_words = _words(left), _words(right)
        if [kind or text for kind, text in left_words] != [kind or text for kind, text in right_words]:
            return False
        # All of them, also after one that is not: each may be the first of its kind.
        found = [
            self._is_same_word(kind, one, other)
            for (kind, one), (_, other) in zip(left_words, right_words, strict=True)
        ]
        return all(found)

    def is_same_document(self, left: bytes, right: bytes) -> bool:
        """Whether two documents are each the one that they were; their bytes are the target's own."""
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
    """The text with the names of a signed link's parameters for the link: where documents are kept is a target's own."""
    return _SIGNED.sub(lambda found: f"(signed link: {', '.join(sorted(_PARAMETER.findall(found.group())))})", text)


def without_volatile(text: str) -> str:
    """The text with its kind for everything that two targets make for themselves."""
    return "".join(f"<{kind}>" if kind else piece for kind, piece in _words(text))


def _words(text: str) -> list[tuple[str, str]]:
    """The text cut into pieces, each with its kind; plain text has none."""
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
    """The text as it is compared: an id may be spelled in several ways."""
    return text.lower().replace("-", "") if kind == "id" else text
