"""The problems of a world document.

DocumentError
├── DocumentInvalid    every problem with its path
├── FaultSetUnknown    no set of faults has that name
└── ScenarioUnknown    no scenario has that name
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from polar_contract.json_types import JsonValue

MOST_NAMED = 20
"""Number of problems that are listed; further ones are only counted, so a document with a million faults costs no more."""
_LONGEST_NAME = 60


class Problem(NamedTuple):
    """`path` is the place in the document (`orders.paid.status`), empty for the document as a whole."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class DocumentError(Exception):
    """Base of the problems of a world document."""


@dataclass(eq=False)
class DocumentInvalid(DocumentError):
    """`more`: the number of further problems that are not listed."""

    problems: tuple[Problem, ...]
    more: int = 0

    def __str__(self) -> str:
        return "; ".join([*map(str, self.problems), *_and_more(self.more)])


@dataclass(eq=False)
class ScenarioUnknown(DocumentError):
    name: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"no scenario {cut(self.name)!r}; there are: {', '.join(self.known)}"


@dataclass(eq=False)
class FaultSetUnknown(DocumentError):
    name: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"no set of faults {cut(self.name)!r}; there are: {', '.join(self.known)}"


class Problems:
    """Collects problems while a document is read: the first twenty with messages, the rest as a count."""

    def __init__(self) -> None:
        self._named: list[Problem] = []
        self._more = 0

    @property
    def remaining(self) -> int:
        """How many more problems will be listed; further ones need no message."""
        return MOST_NAMED - len(self._named)

    def add(self, path: str, message: str) -> None:
        if self.remaining > 0:
            self._named.append(Problem(path, message))
        else:
            self.skip(1)

    def skip(self, count: int) -> None:
        """Count problems without a message."""
        self._more += count

    def add_all(self, found: DocumentInvalid) -> None:
        for problem in found.problems:
            self.add(*problem)
        self.skip(found.more)

    def __len__(self) -> int:
        return len(self._named) + self._more

    def raise_if_any(self) -> None:
        """Errors: DocumentInvalid."""
        if len(self):
            raise DocumentInvalid(tuple(self._named), self._more)


def shown(value: JsonValue) -> str:
    """A value as a document spells it, shortened; for objects and lists only the kind."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    # Convert no more of a long text than is shown.
    return cut(json.dumps(value[:_LONGEST_NAME] if isinstance(value, str) else value, ensure_ascii=False))


def cut(text: str) -> str:
    return text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 3]}..."


def some_of(names: Iterable[str]) -> str:
    """The possible names: the first twenty of them, and how many more there are."""
    known = list(names)
    return ", ".join([*map(cut, islice(known, MOST_NAMED)), *_and_more(len(known) - MOST_NAMED)])


def _and_more(count: int) -> list[str]:
    return [f"and {count} more"] if count > 0 else []
