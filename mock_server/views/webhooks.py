"""Webhook endpoints, events and deliveries as lists show them."""

from __future__ import annotations

from mock_server.domain.organizations import Organization
from mock_server.domain.webhooks import WebhookDelivery, WebhookEndpoint, WebhookEvent
from mock_server.views.basics import write_time, write_time_or_null
from mock_server.views.webhook_payloads import API_VERSION
from polar_contract.json_types import JsonObject


def endpoint_json(endpoint: WebhookEndpoint, organization: Organization) -> JsonObject:
    return {
        "created_at": write_time(endpoint.created_at),
        "modified_at": write_time_or_null(endpoint.modified_at),
        "id": endpoint.id,
        "url": endpoint.url,
        "name": endpoint.name,
        "format": endpoint.format,
        "secret": endpoint.secret.text,
        "organization_id": organization.id,
        "events": list(endpoint.events),
        "enabled": endpoint.enabled,
        "api_version": endpoint.api_version or API_VERSION,
        "uses_standard_webhook_signature": endpoint.secret.is_standard,
    }


def event_json(event: WebhookEvent) -> JsonObject:
    return {
        "created_at": write_time(event.created_at),
        "modified_at": write_time_or_null(event.modified_at),
        "id": event.id,
        "last_http_code": event.last_http_code,
        "succeeded": event.succeeded,
        "skipped": event.skipped,
        "payload": event.payload,
        "type": event.type,
        "is_archived": False,
        "api_version": event.api_version or API_VERSION,
    }


def delivery_json(delivery: WebhookDelivery, event: WebhookEvent) -> JsonObject:
    return {
        "created_at": write_time(delivery.created_at),
        "modified_at": None,
        "id": delivery.id,
        "succeeded": delivery.succeeded,
        "http_code": delivery.http_code,
        "response": delivery.response,
        "webhook_event": event_json(event),
    }
