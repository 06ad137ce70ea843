"""Chooses defects: by parts of their names, by a change, or a seeded sample."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping

from mutants.defects import Defect


def named(every: Mapping[str, Defect], texts: Iterable[str]) -> dict[str, Defect]:
    """The defects whose names contain one of the texts; all defects without any text."""
    wanted = [text.lower() for text in texts]
    return {name: one for name, one in every.items() if not wanted or any(text in name.lower() for text in wanted)}


def sample(every: Mapping[str, Defect], count: int, seed: str) -> dict[str, Defect]:
    """So many defects against which checks run, and as many that are applied in memory; the same for the same seed."""
    draw = random.Random(seed)
    chosen: set[str] = set()
    for is_live in (True, False):
        names = [name for name, one in every.items() if one.is_live is is_live]
        chosen.update(draw.sample(names, min(count, len(names))))
    return {name: one for name, one in every.items() if name in chosen}
