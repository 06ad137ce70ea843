"""One place of two answers that differ. Compares nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What a side has that lacks a key or a header.
NOTHING = "(absent)"
_INDEX = re.compile(r"\.\d+(?=\.|$)")


@dataclass(frozen=True, slots=True)
class Place:
    """One place of an answer, and what either side has there."""

    where: str
    left: str
    right: str

    @property
    def kind(self) -> str:
        """The place without positions in lists."""
        return _INDEX.sub("[]", self.where)
