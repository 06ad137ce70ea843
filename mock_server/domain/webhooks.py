"""Webhook endpoints, the events raised for them and the deliveries attempted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class WebhookFormat(StrEnum):
    RAW = "raw"
    DISCORD = "discord"
    SLACK = "slack"


class OrderEvent(StrEnum):
    """The event types that an order's status changes raise."""

    CREATED = "order.created"
    UPDATED = "order.updated"
    PAID = "order.paid"
    REFUNDED = "order.refunded"


class CustomerEvent(StrEnum):
    UPDATED = "customer.updated"


@dataclass(frozen=True, slots=True)
class WebhookEndpoint:
    id: str
    created_at: datetime
    modified_at: datetime | None
    url: str
    name: str | None
    format: WebhookFormat
    secret: str
    events: tuple[str, ...]
    enabled: bool
    deleted: bool = False

    def wants(self, event_type: str) -> bool:
        return self.enabled and not self.deleted and event_type in self.events


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """One event for one endpoint; the payload is frozen when the event is raised."""

    id: str
    created_at: datetime
    modified_at: datetime | None
    endpoint_id: str
    type: str
    payload: str
    attempts: int = 0
    """How often it was sent, redeliveries included."""
    succeeded: bool | None = None
    last_http_code: int | None = None
    skipped: bool = False

    @property
    def is_over(self) -> bool:
        """Whether no further attempt follows by itself."""
        return self.succeeded is not None or self.skipped


@dataclass(frozen=True, slots=True)
class WebhookDelivery:
    """One attempt to deliver an event."""

    id: str
    created_at: datetime
    event_id: str
    endpoint_id: str
    succeeded: bool
    http_code: int | None
    response: str | None
    request_headers: tuple[tuple[str, str], ...] = ()
