"""Redacts secrets in altered spellings: escaped, in other letters, with other separators, without their prefix, cut.

Only letters and digits are compared, after decoding escapes and ignoring case, so that none of this hides a secret.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from base64 import b64encode
from collections.abc import Iterator
from functools import lru_cache
from html.entities import html5

_ESCAPE = re.compile(
    r"\\u\{(?P<braced>[0-9a-fA-F]{1,6})\}|\\u(?P<json>[0-9a-fA-F]{4})|\\U(?P<wide>[0-9a-fA-F]{8})|\\x(?P<hex>[0-9a-fA-F]{2})"
    r"|&#[xX](?P<entity>[0-9a-fA-F]{1,6});?|&#(?P<decimal>[0-9]{1,7});?|&(?P<name>[a-zA-Z]{2,31};)"
    r"|%u(?P<percent_u>[0-9a-fA-F]{4})|%(?P<percent>[0-9a-fA-F]{2})|\\(?P<octal>[0-7]{3})"
)
# Escapes within escapes, as in %255F.
_DEEPEST = 4
_NEITHER_LETTER_NOR_DIGIT = {code: None for code in range(128) if not chr(code).isalnum()}
# Any match of at least 2 * _GRAM - 1 letters contains one of these at a multiple of _GRAM.
_GRAM = 8
_GRAMS = re.compile(f"[a-z0-9]{{{_GRAM}}}")
_SHORTEST_PART = 16
_KIND = r"(?:cst|mst|oat|pat|whs|rst|at[_\W]{1,3}[uo])"
_STRANGER = re.compile(
    rf"(?i)polar[\W_]{{1,3}}{_KIND}[\W_]{{1,3}}[a-z0-9]{{20,}}|whsec[\W_]{{1,3}}[a-z0-9+/]{{20,}}={{0,2}}"
)

_Spans = list[tuple[int, int]]
"""The position of each decoded character in the original text."""


class AlteredSecrets:
    """Learns secrets and redacts altered spellings of them. `Redactor` handles exact ones."""

    def __init__(self) -> None:
        # Most processes of a run learn hundreds of secrets and redact nothing, so the forms are made when they are needed.
        self._learnt: list[tuple[str, str, str]] = []
        self._lock = threading.Lock()
        self._forms: dict[str, str] = {}
        # Nearly every gram belongs to one form: a set for each of half a million would be most of the work.
        self._by_gram: dict[str, str] = {}
        self._more_by_gram: dict[str, list[str]] = {}

    def learn(self, secret: str, beginning: str, placeholder: str) -> None:
        """Learn a secret. `beginning` is its prefix, which shows its kind and is not secret."""
        with self._lock:
            self._learnt.append((secret, beginning, placeholder))

    def _make_forms(self) -> None:
        with self._lock:
            for one in self._learnt:
                self._make_forms_of(*one)
            self._learnt.clear()

    def _make_forms_of(self, secret: str, beginning: str, placeholder: str) -> None:
        whole, prefix = _core(secret), len(_core(beginning))
        self._keep(whole, prefix, placeholder)
        self._keep(whole[::-1], 0, placeholder)
        self._keep(secret.encode().hex(), 0, placeholder)
        for shift in range(3):
            # The text before a secret shifts it within base64's groups of three bytes; the outer groups also encode neighbours.
            encoded = b64encode(b"\0" * shift + secret.encode()).decode()
            self._keep(_core(encoded[4:-4]), 0, placeholder)

    def _keep(self, form: str, prefix: int, placeholder: str) -> None:
        if len(form) - prefix < _SHORTEST_PART or form in self._forms:
            return
        self._forms[form] = placeholder
        for at in range(prefix, len(form) - _GRAM + 1):
            gram = form[at : at + _GRAM]
            if self._by_gram.setdefault(gram, form) != form:
                self._more_by_gram.setdefault(gram, []).append(form)

    def redact(self, text: str) -> str:
        """The text with placeholders for known secrets, and `<token>` for unknown ones of the usual shape."""
        if self._learnt:
            self._make_forms()
        core = _core(_read(text))
        is_known = any(map(self._by_gram.__contains__, _GRAMS.findall(core)))
        if not is_known and _KINDS_IN_CORE.search(core) is None:
            return text
        characters, spans = _read_with_spans(text)
        found = [*self._known(characters, spans), *_strangers(characters, spans)]
        return _replaced(text, found)

    def _known(self, characters: str, spans: _Spans) -> Iterator[tuple[int, int, str]]:
        core, places = _core_with_places(characters)
        at = 0
        while at + _GRAM <= len(core):
            matches = [_grown(core, at, form) for form in self._forms_with(core[at : at + _GRAM])]
            begin, end, form = max(matches, key=lambda one: one[1] - one[0], default=(at, at, ""))
            if end - begin >= _SHORTEST_PART:
                yield spans[places[begin]][0], spans[places[end - 1]][1], self._forms[form]
            at = end if end > at and end - begin >= _SHORTEST_PART else at + 1

    def _forms_with(self, gram: str) -> list[str]:
        first = self._by_gram.get(gram)
        return [] if first is None else [first, *self._more_by_gram.get(gram, ())]


_KINDS_IN_CORE = re.compile(r"polar(?:cst|mst|oat|pat|whs|rst|at[uo])|whsec")


def _grown(core: str, at: int, form: str) -> tuple[int, int, str]:
    """The longest part of the form in the text around `at`: begin, end, and the form."""
    within = form.index(core[at : at + _GRAM])
    begin, end = at, at + _GRAM
    while begin > 0 and within > 0 and core[begin - 1] == form[within - 1]:
        begin, within = begin - 1, within - 1
    reach = within + end - begin
    while end < len(core) and reach < len(form) and core[end] == form[reach]:
        end, reach = end + 1, reach + 1
    return begin, end, form


def _strangers(characters: str, spans: _Spans) -> Iterator[tuple[int, int, str]]:
    for found in _STRANGER.finditer(characters):
        yield spans[found.start()][0], spans[found.end() - 1][1], "<token>"


def _replaced(text: str, found: list[tuple[int, int, str]]) -> str:
    parts, until = [], 0
    # Matches may overlap: the first letter of one can look like the next letter of another.
    for begin, end, placeholder in sorted(found):
        if end > until:
            parts += [text[until:begin], placeholder]
            until = end
    return "".join([*parts, text[until:]])


def _core(text: str) -> str:
    """The ASCII letters and digits of the text, in lower case."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).encode("ascii", "ignore").decode()
    return text.translate(_NEITHER_LETTER_NOR_DIGIT).lower()


@lru_cache(maxsize=4096)
def _core_of_one(character: str) -> str:
    return _core(character)


def _core_with_places(text: str) -> tuple[str, list[int]]:
    pairs = [(letter, place) for place, character in enumerate(text) for letter in _core_of_one(character)]
    return "".join(letter for letter, _ in pairs), [place for _, place in pairs]


def _read(text: str) -> str:
    for _ in range(_DEEPEST):
        read = _ESCAPE.sub(_meaning, text)
        if read == text:
            break
        text = read
    return text


def _read_with_spans(text: str) -> tuple[str, _Spans]:
    spans: _Spans = [(place, place + 1) for place in range(len(text))]
    for _ in range(_DEEPEST):
        parts, kept, until = [], [], 0
        for found in _ESCAPE.finditer(text):
            meaning = _meaning(found)
            span = (spans[found.start()][0], spans[found.end() - 1][1])
            parts += [text[until : found.start()], meaning]
            kept += [*spans[until : found.start()], *([span] * len(meaning))]
            until = found.end()
        if not until:
            break
        text, spans = "".join([*parts, text[until:]]), [*kept, *spans[until:]]
    return text, spans


def _meaning(found: re.Match[str]) -> str:
    kind, value = str(found.lastgroup), found[str(found.lastgroup)]
    if kind == "name":
        return html5.get(value, found[0])
    code = int(value, 10 if kind == "decimal" else 8 if kind == "octal" else 16)
    return chr(code) if code <= 0x10FFFF else found[0]
