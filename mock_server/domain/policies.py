"""How a world behaves where the service itself has changed, or where a test wants a say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from mock_server.domain.limits import RateLimit
from mock_server.domain.sessions import SESSION_LIFETIME


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


@dataclass(frozen=True, slots=True)
class Policies:
    """Everything of the kind that one world may choose, and change while it runs."""

    invoices: InvoicePolicy = field(default_factory=InvoicePolicy)
    rate_limit: RateLimit | None = None
    """None: no limit."""
    session_lifetime: timedelta = SESSION_LIFETIME
    """Of sessions that say nothing of their own; those that are open keep theirs."""
