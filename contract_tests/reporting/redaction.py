"""Redacts secrets in text before it reaches a terminal or a file: known secrets by value, unknown tokens by shape."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

from contract_tests.reporting.altered import AlteredSecrets

# Source: observed on the service: prefix, then letters and digits (43 of them in real tokens); shorter ones may be cut.
# Secrets of webhooks since September 2026 are base64 after their prefix, as it is or as a URL or JSON has it.
_TOKEN_SHAPE = re.compile(
    r"polar_(?:[a-z]{2,3}|at_[uo])_(?P<rest>\w{2,})|whsec_(?P<key>(?:[\w+/-]|%2[BFbf]|\\/){2,}(?:=|%3[Dd]){0,2})",
    re.ASCII,
)
# Looks back from each "=", of which there are few: looking for the names takes more than all other patterns together.
_SIGNATURE = re.compile(r"(?i)=(?:(?<=signature=)|(?<=credential=)|(?<=security-token=)|(?<=sig=))[^&\s\"'<>]+")
_BEARER = re.compile(r"(?i)(authorization['\"]?\s*[:=]\s*['\"]?bearer\s+)(?!<|\$POLAR_)[^\s'\"\\,})\]]+")
_SHORTEST_SECRET = 4
_SHORTEST_REST = 6
_TELLING_HEAD = 12


class Redactor:
    """Replaces every learned secret by its placeholder, also when it was cut or spelled differently."""

    def __init__(self) -> None:
        self._altered = AlteredSecrets()
        self._placeholders: dict[str, str] = {}
        # A run learns hundreds of tokens. Those of the usual shape are looked up; only others need a pattern, which is
        # expensive to make.
        self._by_head: dict[str, list[str]] = {}
        self._odd: list[str] = []
        self._odd_pattern: re.Pattern[str] | None = None

    def learn(self, secret: str, placeholder: str) -> None:
        """Remember one secret; values too short to be a secret are ignored."""
        if len(secret) < _SHORTEST_SECRET or secret in self._placeholders:
            return
        shape = _TOKEN_SHAPE.fullmatch(secret)
        if shape is not None:
            self._placeholders[secret] = placeholder
            self._altered.learn(secret, secret[: -len(_rest(shape))], placeholder)
            self._by_head.setdefault(secret[:_TELLING_HEAD], []).append(secret)
            return
        self._altered.learn(secret, "", placeholder)
        for form in {secret, quote(secret, safe=""), json.dumps(secret)[1:-1]}:
            self._placeholders[form] = placeholder
            self._odd.append(form)
        self._odd_pattern = _pattern_of(self._odd)

    @property
    def secrets(self) -> dict[str, str]:
        """Placeholders by secret, for another redactor."""
        return dict(self._placeholders)

    def redact(self, text: str) -> str:
        """The text without secrets; shorter or longer than before, otherwise the same."""
        if self._odd_pattern is not None:
            text = self._odd_pattern.sub(self._instead_of_odd, text)
        text = _TOKEN_SHAPE.sub(self._instead_of_token, text)
        text = _SIGNATURE.sub("=<signature>", text)
        return self._altered.redact(_BEARER.sub(r"\1<token>", text))

    def _instead_of_token(self, match: re.Match[str]) -> str:
        found = match.group()
        if found in self._placeholders:
            return self._placeholders[found]
        alike = self._by_head.get(found[:_TELLING_HEAD], [])
        known = next((secret for secret in alike if secret.startswith(found) or found.startswith(secret)), None)
        if known is not None:
            return self._placeholders[known] + found[len(known) :]
        return "<token>" if alike or len(_rest(match)) >= _SHORTEST_REST else found

    def _instead_of_odd(self, match: re.Match[str]) -> str:
        found = match.group()
        if found in self._placeholders:
            return self._placeholders[found]
        return next((self._placeholders[secret] for secret in self._odd if secret.startswith(found)), "<token>")


def _rest(token: re.Match[str]) -> str:
    """The part after the prefix."""
    return token["rest"] or token["key"]


def _pattern_of(secrets: list[str]) -> re.Pattern[str]:
    longest_first = sorted(secrets, key=len, reverse=True)
    whole = [re.escape(secret) for secret in longest_first]
    heads = [
        re.escape(secret[:_TELLING_HEAD]) + r"[A-Za-z0-9_]*"
        for secret in longest_first
        if len(secret) > _TELLING_HEAD + 8
    ]
    return re.compile("|".join(whole + heads))
