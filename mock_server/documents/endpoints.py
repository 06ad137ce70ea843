"""A webhook endpoint in a document: read it, build it into a world, and write it back."""

from __future__ import annotations

import difflib
from datetime import datetime

from mock_server.delivery.addresses import AddressBroken, read_webhook_address
from mock_server.documents.errors import shown
from mock_server.documents.fields import Fields
from mock_server.documents.identities import Identities
from mock_server.documents.schema import EndpointDocument
from mock_server.domain.event_types import EVENT_TYPES
from mock_server.domain.webhooks import WebhookEndpoint, WebhookFormat
from mock_server.views.basics import write_time, write_time_or_null
from polar_contract.json_types import JsonObject

ENDPOINT_KEYS = ("id", "url", "name", "format", "events", "secret", "enabled", "created_at", "modified_at")
CHANGEABLE_OF_ENDPOINT = ("url", "name", "format", "events", "secret", "enabled")


def read_endpoint(fields: Fields) -> EndpointDocument:
    return EndpointDocument(
        id=fields.uuid("id"),
        url=_read_url(fields),
        name=fields.text("name"),
        format=fields.choice("format", WebhookFormat) or WebhookFormat.RAW,
        events=_read_events(fields),
        secret=fields.text("secret"),
        enabled=fields.flag("enabled", default=True),
        created_at=fields.time("created_at"),
        modified_at=fields.time("modified_at"),
    )


def _read_url(fields: Fields) -> str:
    url = fields.text("url")
    if url is None and fields.raw("url") is None:
        fields.complain_missing("url", "it has to start with http:// or https://")
    elif url is not None:
        try:
            read_webhook_address(url)
        except AddressBroken as broken:
            fields.complain("url", f"is {shown(url)}; it {broken}")
    return url or ""


def _read_events(fields: Fields) -> tuple[str, ...]:
    events = fields.texts("events") or ()
    for index, event in enumerate(events):
        if event not in EVENT_TYPES:
            close = difflib.get_close_matches(event[:60], EVENT_TYPES, 1)
            hint = f"did you mean {close[0]}?" if close else f"possible are: {', '.join(EVENT_TYPES)}"
            fields.complain(f"events.{index}", f"is {shown(event)}, which is not an event type; {hint}")
    return events


def build_endpoint(
    document: EndpointDocument, *, path: str, identities: Identities, now: datetime, secret_prefix: str
) -> WebhookEndpoint:
    """Build the endpoint that a document describes. `secret_prefix`: of a generated secret. Errors: NameTaken."""
    return WebhookEndpoint(
        id=identities.id(document.id, f"{path}id"),
        created_at=document.created_at or now,
        modified_at=document.modified_at,
        url=document.url,
        name=document.name,
        format=document.format,
        secret=document.secret or identities.new_token(secret_prefix),
        events=document.events,
        enabled=document.enabled,
    )


def write_endpoint(endpoint: WebhookEndpoint) -> JsonObject:
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "name": endpoint.name,
        "format": endpoint.format,
        "events": list(endpoint.events),
        "secret": endpoint.secret,
        "enabled": endpoint.enabled,
        "created_at": write_time(endpoint.created_at),
        "modified_at": write_time_or_null(endpoint.modified_at),
    }
