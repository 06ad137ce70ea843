"""What an event freezes and a delivery sends: the raw payload, or a message for Discord or Slack."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from mock_server.domain.customers import Customer
from mock_server.domain.organizations import Organization
from mock_server.domain.webhooks import CustomerEvent, OrderEvent, WebhookFormat
from mock_server.views.basics import compact, write_time
from mock_server.views.channel_messages import (
    ChannelMessage,
    discord_shape,
    order_message,
    plain_message,
    slack_shape,
)
from mock_server.views.customers import customer_json
from mock_server.views.orders import OrderSources, organization_order_json
from polar_contract.json_types import JsonObject

# For worlds without versions, because Python 1.0 requires one: the oldest, whose payloads April 2026's match.
API_VERSION = "2026-04"


@dataclass(frozen=True, slots=True)
class Announcement:
    """The contents of one event: `data` for programs, `message` for people."""

    type: str
    data: JsonObject
    message: ChannelMessage


def announce_order(event_type: OrderEvent, sources: OrderSources) -> Announcement:
    return Announcement(event_type, organization_order_json(sources), order_message(event_type, sources))


def announce_customer(event_type: CustomerEvent, customer: Customer, organization: Organization) -> Announcement:
    message = plain_message(event_type, customer.id, organization.name)
    return Announcement(event_type, customer_json(customer, organization), message)


def announce_data(event_type: str, data: JsonObject, organization: Organization) -> Announcement:
    """An event about an object that the mock may not have."""
    object_id = data.get("id")
    message = plain_message(event_type, object_id if isinstance(object_id, str) else "", organization.name)
    return Announcement(event_type, data, message)


def payload_text(
    announcement: Announcement, *, format_: WebhookFormat, raised_at: datetime, api_version: str | None
) -> str:
    """The text that is signed and sent, byte for byte: compact in the raw form, with blanks and in ASCII for channels.

    Source: polar's webhooks, April 2026.
    """
    match format_:
        case WebhookFormat.RAW:
            return compact(_raw(announcement, raised_at, api_version)).decode()
        case WebhookFormat.DISCORD:
            return json.dumps(discord_shape(announcement.message))
        case WebhookFormat.SLACK:
            return json.dumps(slack_shape(announcement.message))


def _raw(announcement: Announcement, raised_at: datetime, api_version: str | None) -> JsonObject:
    head: JsonObject = {"type": announcement.type, "timestamp": write_time(raised_at)}
    if api_version is None:
        return {**head, "data": announcement.data, "api_version": API_VERSION}
    return {**head, "api_version": api_version, "data": announcement.data}
