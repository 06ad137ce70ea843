"""The known limits of releases: what each itself cannot do, how its failure shows, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sdk.releases import Target

LIMITS_FILE = Path(__file__).parent / "limits.yaml"


@dataclass(frozen=True, slots=True)
class Limit:
    """`revisions`: those of the services where it shows; empty for all. `says`: a part of the failure's text."""

    releases: tuple[str, ...]
    revisions: tuple[str, ...]
    promise: str
    says: str
    why: str

    def is_of(self, target: Target) -> bool:
        return target.release.name in self.releases and (
            not self.revisions or target.meeting.revision in self.revisions
        )


def read_limits(file: Path = LIMITS_FILE) -> list[Limit]:
    """The limits of the file: each entry names one or more promises."""
    entries: list[dict[str, Any]] = yaml.safe_load(file.read_text())
    return [
        Limit(tuple(entry["releases"]), tuple(entry.get("revisions", ())), promise, entry["says"], entry["why"])
        for entry in entries
        for promise in entry["promises"]
    ]


def limits_of(target: Target, limits: Sequence[Limit]) -> list[Limit]:
    return [limit for limit in limits if limit.is_of(target)]
