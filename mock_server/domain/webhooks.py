"""Webhook endpoints, the events raised for them and the deliveries attempted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from mock_server.domain.faults import WebhookFault
from mock_server.domain.ids import IdSource
from polar_contract.behaviour import WebhookRules


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


class Secret(NamedTuple):
    """What signs an endpoint's events. `is_standard`: with the bytes that it encodes, not with the whole text."""

    text: str
    is_standard: bool = False


def new_secret(rules: WebhookRules, ids: IdSource, now: datetime) -> Secret:
    """A generated secret, in the form of its day. Source: the service's webhook constants, September 2026."""
    if rules.standard_signing_since is not None and now >= rules.standard_signing_since:
        return Secret(ids.new_key(rules.secret_prefix), is_standard=True)
    return Secret(ids.new_token(rules.secret_prefix))


@dataclass(frozen=True, slots=True)
class WebhookEndpoint:
    id: str
    created_at: datetime
    modified_at: datetime | None
    url: str
    name: str | None
    format: WebhookFormat
    secret: Secret
    events: tuple[str, ...]
    enabled: bool
    api_version: str | None = None
    """The version of the events that are raised for it; None in a world without versions."""
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
    api_version: str | None = None
    """The endpoint's when the event was raised."""
    attempts: int = 0
    """How often it was sent, redeliveries included."""
    succeeded: bool | None = None
    last_http_code: int | None = None
    skipped: bool = False
    fault: WebhookFault | None = None
    """The fault that struck it when it was raised."""

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
