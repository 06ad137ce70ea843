"""Faults that a world is given on purpose: which calls, webhooks or invoices a rule strikes, and what happens to them then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hashlib import blake2b

MOST_RULES = 100
MOST_MILLISECONDS = 300_000
MOST_BODY_BYTES = 2**20
BODY_MILLISECONDS = 5_000
HELD_SECONDS = 5.0


class Effect(StrEnum):
    """Whether the function of the operation runs. After it: its effect stays, and the client gets the fault."""

    BEFORE = "before"
    AFTER = "after"


class Connection(StrEnum):
    """What happens to the connection that the response is sent on."""

    RESET = "reset"
    CUT = "cut"
    SLOW = "slow"
    ENDLESS = "endless"


class WebhookFault(StrEnum):
    LOST = "lost"
    DOUBLED = "doubled"
    REORDERED = "reordered"
    LATE = "late"


class InvoiceFault(StrEnum):
    """What happens to the job that makes an invoice."""

    LOST = "lost"


class SessionFault(StrEnum):
    EXPIRES = "expires"


class Method(StrEnum):
    GET = "GET"
    POST = "POST"
    PATCH = "PATCH"
    PUT = "PUT"
    DELETE = "DELETE"


@dataclass(frozen=True, slots=True)
class Strikes:
    """Which of the matching calls are struck, counted from 1: from `first` on every `every`-th, at most `times`.

    Each of those is struck with `probability`; the same seed gives the same sequence.
    """

    first: int = 1
    every: int = 1
    times: int | None = None
    probability: float = 1.0
    seed: int = 0

    def hit(self, number: int, struck: int) -> bool:
        """Whether matching call `number` is struck, of which `struck` were before."""
        if number < self.first or (number - self.first) % self.every:
            return False
        if self.times is not None and struck >= self.times:
            return False
        return self.probability >= 1 or chance(self.seed, number) < self.probability


def chance(seed: int, number: int) -> float:
    """A number from 0 to below 1 that follows from these two alone, so that no generator has a state to copy."""
    return int.from_bytes(blake2b(f"{seed}:{number}".encode(), digest_size=7).digest()) / 2**56


@dataclass(frozen=True, slots=True)
class Latency:
    """Fixed where both limits are the same."""

    lowest_ms: float
    highest_ms: float
    seed: int = 0

    def seconds(self, number: int) -> float:
        spread = self.highest_ms - self.lowest_ms
        return (self.lowest_ms + (spread * chance(self.seed, number) if spread else 0)) / 1000


@dataclass(frozen=True, slots=True)
class NamedAnswer:
    """A response that the service documents. `rule`: the name of a field of the revision's `ErrorRules`."""

    rule: str


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TooManyAnswer:
    """The response to one request too many."""

    retry_after_seconds: int


@dataclass(frozen=True, slots=True)
class InvalidTokenAnswer:
    """The response to an unknown or expired token."""


FaultAnswer = NamedAnswer | GivenAnswer | TooManyAnswer | InvalidTokenAnswer


@dataclass(frozen=True, slots=True)
class CallFault:
    """A fault of API calls; None matches every operation, order, token, method.

    `answer` None: the function's own. `does_session_expire`: from now on the caller's session is unknown.
    """

    strikes: Strikes
    effect: Effect
    operation: str | None = None
    order_id: str | None = None
    token: str | None = None
    method: Method | None = None
    latency: Latency | None = None
    answer: FaultAnswer | None = None
    connection: Connection | None = None
    body_seconds: float = BODY_MILLISECONDS / 1000
    does_session_expire: bool = False


@dataclass(frozen=True, slots=True)
class EventFault:
    """A fault of webhook events; each endpoint that an event is for counts by itself."""

    strikes: Strikes
    kind: WebhookFault
    event_type: str | None = None
    order_id: str | None = None
    delay: timedelta = timedelta(0)
    """Of a late event; of a reordered one the longest wait for the next event."""

    def matches(self, event_type: str, order_id: str | None) -> bool:
        return self.event_type in (None, event_type) and self.order_id in (None, order_id)


@dataclass(frozen=True, slots=True)
class InvoiceJobFault:
    """The job of an invoice runs and makes nothing."""

    strikes: Strikes
    order_id: str | None = None


Fault = CallFault | EventFault | InvoiceJobFault
