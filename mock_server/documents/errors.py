"""What is wrong with a world document.

DocumentError
├── DocumentInvalid    every problem with its path
└── ScenarioUnknown    no scenario of that name
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Problem(NamedTuple):
    """`path` is where it stands (`orders.paid.status`), empty for the document as a whole."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class DocumentError(Exception):
    """Base of what can be wrong with a world document."""


@dataclass(eq=False)
class DocumentInvalid(DocumentError):
    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        return "; ".join(map(str, self.problems))


@dataclass(eq=False)
class ScenarioUnknown(DocumentError):
    name: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"no scenario {self.name!r}; there are: {', '.join(self.known)}"
