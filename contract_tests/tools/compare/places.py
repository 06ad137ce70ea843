"""Describes one place where two answers differ. Compares nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Shown for a side that lacks a key or a header.
NOTHING = "(absent)"
_INDEX = re.compile(r"\.\d+(?=\.|$)")


@dataclass(frozen=True, slots=True)
class Place:
    """One place of an answer, and the value of each side there."""

    where: str
    left: str
    right: str

    @property
    def kind(self) -> str:
        """The place without list indexes."""
        return _INDEX.sub("[]", self.where)
