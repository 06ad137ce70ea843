"""How a world behaves where the service itself has changed, or where a test wants a say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Generation(StrEnum):
    """When an invoice is made after it was asked for."""

    IMMEDIATE = "immediate"
    DELAYED = "delayed"
    STEPPED = "stepped"


class Reissue(StrEnum):
    """What a second request does: nothing, as the contract's page promises, or a new rendering, as was served."""

    AS_DOCUMENTED = "as-documented"
    AS_SERVED = "as-served"


@dataclass(frozen=True, slots=True)
class InvoicePolicy:
    generation: Generation = Generation.DELAYED
    delay: timedelta = timedelta(seconds=3)
    reissue: Reissue = Reissue.AS_DOCUMENTED
    automatic: bool = False

    def due_at(self, now: datetime) -> datetime | None:
        match self.generation:
            case Generation.IMMEDIATE:
                return now
            case Generation.DELAYED:
                return now + self.delay
            case Generation.STEPPED:
                return None
