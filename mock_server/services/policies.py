"""Change how a running world behaves: its policies (rate limits, invoice timing, session lifetime) and its webhook endpoints."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from mock_server.documents.changes import read_changes
from mock_server.documents.names import endpoints_by_key
from mock_server.documents.policies import write_policies
from mock_server.documents.schema import EndpointDocument
from mock_server.documents.writing import write_endpoints
from mock_server.domain.webhooks import WebhookEndpoint
from mock_server.store.state import World
from polar_contract.json_types import JsonObject


def change_policies(world: World, sent: JsonObject) -> JsonObject:
    """Apply the requested changes, all of them or none; returns everything changeable in its new state.

    Scheduled work and open sessions keep their times. Errors: DocumentInvalid.
    """
    with world.lock:
        with world.changing() as transaction:
            changes, endpoints = read_changes(changeable(world), sent), endpoints_by_key(world.state)
            for key, document in changes.endpoints.items():
                transaction.put(_changed(endpoints[key], document, now=world.clock.now()))
            transaction.policies = changes.policies.completed(world.behaviour.invoice)
        return changeable(world)


def changeable(world: World) -> JsonObject:
    """The part of the world's document that can be changed in a running world."""
    return {**write_policies(world.policies), "webhook_endpoints": write_endpoints(world.state)}


def _changed(endpoint: WebhookEndpoint, document: EndpointDocument, *, now: datetime) -> WebhookEndpoint:
    changed = replace(
        endpoint,
        url=document.url,
        name=document.name,
        format=document.format,
        events=document.events,
        secret=document.secret or endpoint.secret,
        enabled=document.enabled,
    )
    return endpoint if changed == endpoint else replace(changed, modified_at=now)
