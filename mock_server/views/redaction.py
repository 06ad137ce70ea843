"""Remove secrets from texts that people read: tokens, webhook secrets, signatures of links."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable

# Of each the beginning stays, which says what it was; a text may be percent-encoded.
_NOT_IN_A_WORD = r"(?:(?<![A-Za-z0-9_])|(?<=%[0-9A-Fa-f]{2}))"
_NAME_OF_A_SECRET = r"[A-Za-z_]*(?:[Tt]oken|TOKEN|[Ss]ecret|SECRET)"  # noqa: S105  a pattern of names
# All tokens and webhook secrets that Polar makes begin so.
_PREFIX = r"(?:polar(?:_|%5[Ff])[a-z]+(?:_|%5[Ff])|whsec(?:_|%5[Ff]))"
_KNOWN_FORMS = "|".join(
    (
        _NOT_IN_A_WORD + rf"({_PREFIX})[A-Za-z0-9._~+/=%-]{{4,}}",
        # Parameters of links: of a signed one, and of the customer portal.
        _NOT_IN_A_WORD + rf"((?:X-Amz-Signature|{_NAME_OF_A_SECRET})(?:=|%3[Dd]){_PREFIX}?)[^&\s\"'<>]+",
        # Members of JSON, whatever their value is.
        rf'("{_NAME_OF_A_SECRET}"\s*:\s*"{_PREFIX}?)(?:[^"\\]|\\.)+',
    )
)
_MEMBER = re.compile(rb'"%b"\s*:\s*"((?:[^"\\]|\\.)+)"' % _NAME_OF_A_SECRET.encode())
_CUT = "…"
_MASK = "<redacted>"
_SHORTEST_SECRET = 4


class Redactor:
    """Removes secrets of the known forms, and those of a world that have another form, because its document chose them."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = re.compile(_KNOWN_FORMS)
        self._others = frozenset(
            text for text in secrets if len(text) >= _SHORTEST_SECRET and not known.fullmatch(text)
        )
        spelled = self._others | {json.dumps(text)[1:-1] for text in self._others}
        forms = [_KNOWN_FORMS, *map(re.escape, sorted(spelled, key=len, reverse=True))]
        self._pattern = re.compile("|".join(forms))

    def clear(self, text: str) -> str:
        return self._pattern.sub(_masked, text)

    def also_of(self, secrets: Collection[str]) -> Redactor:
        """One that removes these, too."""
        return Redactor(self._others.union(secrets)) if secrets else self


def sent_secrets(body: bytes) -> tuple[str, ...]:
    """The values of JSON members that are named as secrets: an answer may repeat them under another name."""
    return tuple(found[1].decode("utf-8", "replace") for found in _MEMBER.finditer(body))


def _masked(found: re.Match[str]) -> str:
    beginning = found[1] or found[2] or found[3]
    return f"{beginning}{_CUT}" if beginning else _MASK
