"""The service that a run found behind its base URL: which revision it keeps, how that was found, and what the run does about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Service:
    """What a few requests showed before the first check. `sentence` comes first in every report."""

    sentence: str
    keeps: str
    """The revision whose rules the target keeps, as far as it is known here."""
    current: str | None
    """The version that it names in answers to requests that name none; None where it names none."""
    served: tuple[str, ...]
    """The known versions that it accepts."""
    day: date
    """The day of its answers, or the one that the user chose."""
    asked: str | None = None
    """The revision that the user asked for; None if the run was to find it."""
    headers: tuple[tuple[str, str], ...] = ()
    """Those of every request of the run: the version that it chooses."""
    requests: int = 0
    """How many requests this took."""
    identity: str = ""
    """The part of the sentence that says what the target is and why, without what a run does about it."""

    @property
    def is_another(self) -> bool:
        """Whether the target keeps another revision than the one that the user asked for, and can't be made to keep that one."""
        return self.asked is not None and self.asked != self.keeps
