"""A world's policies: behaviour that changed on the service itself, or that tests need to choose."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from mock_server.domain.limits import RateLimit
from mock_server.domain.sessions import SESSION_LIFETIME
from polar_contract.behaviour import InvoiceRules

# Of the mock: the service keeps all. An event and its delivery take about 4 kB.
KEPT_EVENTS = 10_000
# Of the mock. A request with its response takes about 5 kB.
KEPT_REQUESTS = 10_000


class Generation(StrEnum):
    """When an invoice is made after it was requested."""

    IMMEDIATE = "immediate"
    DELAYED = "delayed"
    STEPPED = "stepped"


class Reissue(StrEnum):
    """The effect of a second request for an invoice: the one that the contract's page documents, or the one that the service had."""

    AS_DOCUMENTED = "as-documented"
    AS_SERVED = "as-served"


@dataclass(frozen=True, slots=True)
class InvoicePolicy:
    generation: Generation = Generation.DELAYED
    delay: timedelta = timedelta(seconds=3)
    reissue: Reissue = Reissue.AS_DOCUMENTED
    automatic: bool | None = None
    """Whether new orders get invoices; None: as the world's revision does. The policy of a world is never None."""

    def due_at(self, now: datetime) -> datetime | None:
        match self.generation:
            case Generation.IMMEDIATE:
                return now
            case Generation.DELAYED:
                return now + self.delay
            case Generation.STEPPED:
                return None


class OffSession(StrEnum):
    """What becomes of a charge of a saved payment method."""

    SUCCEEDS = "succeeds"
    FAILS = "fails"
    REQUIRES_ACTION = "requires_action"


@dataclass(frozen=True, slots=True)
class VersionPolicy:
    """Which versions of the API the world's service has. None: as the world's revision does; a world's own is never None."""

    current: str | None = None
    """The revision of requests that name none."""
    served: tuple[str, ...] | None = None
    """Those that a request may name; none in a revision from before requests could choose one."""

    @property
    def current_or_none(self) -> str | None:
        """The current version, None where requests can't choose one."""
        return self.current if self.served else None


@dataclass(frozen=True, slots=True)
class Policies:
    """All policies that a world can choose, and change while it runs."""

    invoices: InvoicePolicy = field(default_factory=InvoicePolicy)
    rate_limit: RateLimit | None = None
    """None: no limit."""
    session_lifetime: timedelta = SESSION_LIFETIME
    """For sessions without a lifetime of their own; open sessions keep theirs."""
    versions: VersionPolicy = field(default_factory=VersionPolicy)
    off_session: OffSession = OffSession.SUCCEEDS
    """Of the mock: its customers have no saved payment methods, so the outcome of a charge is chosen here."""
    kept_events: int = KEPT_EVENTS
    """How many webhook events a world keeps, with their deliveries; older ones that are over are forgotten in batches."""
    kept_requests: int = KEPT_REQUESTS
    """How many requests its journal keeps, with their responses; 0 switches it off."""

    def completed(self, invoice: InvoiceRules, versions: VersionPolicy) -> Policies:
        """The policies of a world whose revision has these rules and these versions."""
        automatic = self.invoices.automatic
        if automatic is None:
            automatic = invoice.automatic == "created"
        return replace(self, invoices=replace(self.invoices, automatic=automatic), versions=versions)
