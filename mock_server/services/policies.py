"""Change how a running world behaves: its policies (rate limits, invoice timing, session lifetime) and its webhook endpoints."""

from __future__ import annotations

from dataclasses import replace

from mock_server.documents.changes import read_changes
from mock_server.documents.endpoints import given_secret, require_served
from mock_server.documents.errors import cut
from mock_server.documents.names import endpoints_by_key
from mock_server.documents.policies import write_policies
from mock_server.documents.schema import EndpointDocument
from mock_server.documents.writing import write_endpoints
from mock_server.domain.webhooks import WebhookEndpoint
from mock_server.services.context import Services
from mock_server.services.versions import behaviour_of, complete_versions
from mock_server.store.state import World
from polar_contract.json_types import JsonObject


def change_policies(services: Services, world: World, sent: JsonObject) -> JsonObject:
    """Apply the requested changes, all of them or none; returns everything changeable in its new state.

    Scheduled work and open sessions keep their times. Errors: DocumentInvalid.
    """
    with world.lock:
        with world.changing() as transaction:
            changes, endpoints = read_changes(changeable(world), sent), endpoints_by_key(world.state)
            for key, document in changes.endpoints.items():
                transaction.put(_changed(world, endpoints[key], key, document))
            versions = complete_versions(services, world.revision, changes.policies.versions)
            transaction.behaviour = behaviour_of(services, versions.current or world.revision, path="versions.current")
            transaction.policies = changes.policies.completed(transaction.behaviour.invoice, versions)
        return changeable(world)


def changeable(world: World) -> JsonObject:
    """The part of the world's document that can be changed in a running world."""
    return {**write_policies(world.policies), "webhook_endpoints": write_endpoints(world.state)}


def _changed(world: World, endpoint: WebhookEndpoint, key: str, document: EndpointDocument) -> WebhookEndpoint:
    rules = world.behaviour.webhook
    require_served(document.api_version, world.policies.versions, path=f"webhook_endpoints.{cut(key)}.api_version")
    secret = given_secret(document, rules, path=f"webhook_endpoints.{cut(key)}.signature")
    changed = replace(
        endpoint,
        url=document.url,
        name=document.name,
        format=document.format,
        events=document.events,
        secret=secret or endpoint.secret,
        enabled=document.enabled,
        api_version=document.api_version or endpoint.api_version,
    )
    return endpoint if changed == endpoint else replace(changed, modified_at=world.clock.now())
