"""Takes secrets out of text before it reaches a terminal or a file. It knows tokens by value and, for strangers, by shape."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

# Source: observed on the service: prefix, then letters and digits (43 of them in real tokens); shorter ones may be cut.
_TOKEN_SHAPE = re.compile(r"\b(?:polar_(?:[a-z]{2,3}|at_[uo])_|whsec_)[A-Za-z0-9]{6,}")
_SIGNATURE = re.compile(r"(?i)((?:x-amz-)?(?:signature|credential|security-token|sig)=)[^&\s\"'<>]+")
_BEARER = re.compile(r"(?i)(authorization['\"]?\s*[:=]\s*['\"]?bearer\s+)(?!<)[^\s'\"\\,})\]]+")
_SHORTEST_SECRET = 4
_TELLING_HEAD = 12


class Redactor:
    """Replaces every secret it was told of by its placeholder, also where a library cut it short."""

    def __init__(self) -> None:
        self._placeholders: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None

    def learn(self, secret: str, placeholder: str) -> None:
        """Remember one secret; values too short to be one are left alone."""
        if len(secret) < _SHORTEST_SECRET or secret in self._placeholders:
            return
        for form in {secret, quote(secret, safe=""), json.dumps(secret)[1:-1]}:
            self._placeholders[form] = placeholder
        self._pattern = None

    @property
    def secrets(self) -> dict[str, str]:
        """Placeholders by secret, for another redactor."""
        return dict(self._placeholders)

    def redact(self, text: str) -> str:
        """The text without secrets; shorter or longer than before, otherwise the same."""
        if self._pattern is None and self._placeholders:
            self._pattern = _pattern_of(self._placeholders)
        if self._pattern is not None:
            text = self._pattern.sub(lambda found: self._placeholder_of(found.group()), text)
        text = _TOKEN_SHAPE.sub("<token>", text)
        text = _SIGNATURE.sub(r"\1<signature>", text)
        return _BEARER.sub(r"\1<token>", text)

    def _placeholder_of(self, found: str) -> str:
        if found in self._placeholders:
            return self._placeholders[found]
        return next((name for secret, name in self._placeholders.items() if secret.startswith(found)), "<token>")


def _pattern_of(secrets: dict[str, str]) -> re.Pattern[str]:
    longest_first = sorted(secrets, key=len, reverse=True)
    whole = [re.escape(secret) for secret in longest_first]
    heads = [
        re.escape(secret[:_TELLING_HEAD]) + r"[A-Za-z0-9_]*"
        for secret in longest_first
        if len(secret) > _TELLING_HEAD + 8
    ]
    return re.compile("|".join(whole + heads))
