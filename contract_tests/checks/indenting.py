"""Indents a JSON text line by line without changing numbers, escapes or repeated keys; notes the place of each line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

Place = tuple[str, ...]
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_CLOSING = {"{": "}", "[": "]"}
# Deeper levels would be too far to the right.
_DEEPEST_INDENTED = 30


@dataclass(frozen=True, slots=True)
class Line:
    """One line, and its place in the document: the names and indexes of the path to it."""

    place: Place
    text: str


@dataclass(slots=True)
class _Open:
    """An object or list being written: the name or index of its current item, and whether a name comes next."""

    closing: str
    item: str
    awaits_name: bool


@dataclass(slots=True)
class _Writer:
    lines: list[Line] = field(default_factory=list)
    line: str = ""
    opened: list[_Open] = field(default_factory=list)

    def end_line(self) -> None:
        if self.line.strip():
            self.lines.append(Line(tuple(one.item for one in self.opened), self.line))
        self.line = self._margin()

    def write(self, token: str) -> None:
        inner = self.opened[-1] if self.opened else None
        if token in _CLOSING:
            self._open(token)
        elif token in _CLOSING.values():
            self._close(token)
        elif token == "," and inner is not None:
            self.line += token
            self.end_line()
            inner.awaits_name = inner.closing == "}"
            inner.item = "" if inner.awaits_name else str(int(inner.item) + 1)
        elif token == ":":
            self.line += ": "
        else:
            if inner is not None and inner.awaits_name:
                inner.item, inner.awaits_name = str(json.loads(token)), False
            self.line += token

    def _margin(self) -> str:
        return "  " * min(len(self.opened), _DEEPEST_INDENTED)

    def _open(self, token: str) -> None:
        self.line += token
        self.end_line()
        is_object = token == "{"
        self.opened.append(_Open(_CLOSING[token], "" if is_object else "0", is_object))
        self.line = self._margin()

    def _close(self, token: str) -> None:
        self.end_line()
        self.opened.pop()
        self.line = self._margin() + token


def indented(text: str) -> list[Line] | None:
    """The lines of a JSON text; None for text that is not JSON."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return None
    writer = _Writer()
    for token in _joined(_TOKEN.findall(text)):
        if token in ("{}", "[]"):
            writer.line += token
        else:
            writer.write(token)
    writer.end_line()
    return writer.lines


def _joined(tokens: list[str]) -> Iterator[str]:
    """The tokens, with an empty object or list as one token."""
    waiting = ""
    for token in tokens:
        if waiting and token == _CLOSING[waiting]:
            yield waiting + token
            waiting = ""
            continue
        if waiting:
            yield waiting
        waiting = token if token in _CLOSING else ""
        if not waiting:
            yield token
    if waiting:
        yield waiting
