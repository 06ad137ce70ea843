"""Read and change webhook endpoints, their events and the attempted deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from mock_server.domain.errors import EndpointUnknown, EventUnknown
from mock_server.domain.organizations import refuse_organization
from mock_server.domain.webhooks import (
    Secret,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
    WebhookFormat,
    new_secret,
)
from mock_server.services.context import Services
from mock_server.services.events import delivery_job
from mock_server.services.paging import Page, PageRequest, cut
from mock_server.store.state import World
from mock_server.store.tables import Tables


@dataclass(frozen=True, slots=True)
class DeliveryFilters:
    endpoint_ids: frozenset[str] | None = None
    event_types: frozenset[str] | None = None
    start: datetime | None = None
    end: datetime | None = None
    succeeded: bool | None = None
    http_code_class: str | None = None
    """`2xx`, `3xx`, `4xx` or `5xx`."""
    query: str | None = None


_NO_FILTERS = DeliveryFilters()


def list_endpoints(
    tables: Tables, request: PageRequest, *, organization_ids: frozenset[str] | None
) -> Page[WebhookEndpoint]:
    """The organization's endpoints, newest first. Source: observed on the service."""
    mine = organization_ids is None or tables.organization.id in organization_ids
    living = [endpoint for endpoint in tables.endpoints.values() if not endpoint.deleted and mine]
    return cut(living[::-1], request)


def find_endpoint(tables: Tables, endpoint_id: str) -> WebhookEndpoint:
    """Errors: EndpointUnknown, also for a deleted one."""
    endpoint = tables.endpoints.get(endpoint_id)
    if endpoint is None or endpoint.deleted:
        raise EndpointUnknown(endpoint_id)
    return endpoint


def create_endpoint(services: Services, world: World, *, fields: Mapping[str, Any]) -> WebhookEndpoint:
    """A new endpoint from a checked body. Errors: InputRefused when the body names an organization."""
    refuse_organization(fields.get("organization_id"))
    endpoint = WebhookEndpoint(
        id=services.ids.new_id(),
        created_at=world.clock.now(),
        modified_at=None,
        url=fields["url"],
        name=fields.get("name"),
        format=WebhookFormat(fields["format"]),
        secret=_sent_secret(fields) or _new_secret(services, world),
        events=tuple(fields["events"]),
        enabled=True,
        api_version=fields.get("api_version") or world.policies.versions.current_or_none,
    )
    with world.changing() as transaction:
        transaction.put(endpoint)
    return endpoint


def update_endpoint(world: World, *, endpoint_id: str, fields: Mapping[str, Any]) -> WebhookEndpoint:
    """Change the fields that were sent and are not null. Source: observed on the service: null is ignored."""
    changes = {name: value for name, value in fields.items() if value is not None}
    if "format" in changes:
        changes["format"] = WebhookFormat(changes["format"])
    if "secret" in changes:
        changes["secret"] = Secret(changes["secret"])
    if "events" in changes:
        changes["events"] = tuple(changes["events"])
    return _change(world, endpoint_id, changes)


def reset_secret(services: Services, world: World, *, endpoint_id: str) -> WebhookEndpoint:
    """A new secret, in the form of its day: an older endpoint moves over to signatures as Standard Webhooks has them."""
    return _change(world, endpoint_id, {"secret": _new_secret(services, world)})


def delete_endpoint(world: World, endpoint_id: str) -> None:
    _change(world, endpoint_id, {"deleted": True})


def _sent_secret(fields: Mapping[str, Any]) -> Secret | None:
    """A chosen secret signs as text, whatever its form. Source: the service's changelog, September 2026."""
    return Secret(fields["secret"]) if fields.get("secret") else None


def _new_secret(services: Services, world: World) -> Secret:
    return new_secret(world.behaviour.webhook, services.ids, world.clock.now())


def list_deliveries(
    tables: Tables, request: PageRequest, *, filters: DeliveryFilters
) -> Page[tuple[WebhookDelivery, WebhookEvent]]:
    """Deliveries with their events, newest first."""
    pairs = ((delivery, tables.events[delivery.event_id]) for delivery in reversed(tables.deliveries.values()))
    if filters != _NO_FILTERS:
        return cut([pair for pair in pairs if _matches(*pair, filters)], request)
    start = (request.page - 1) * request.limit
    return Page(tuple(islice(pairs, start, start + request.limit)), len(tables.deliveries), request.limit)


def redeliver_event(services: Services, world: World, event_id: str) -> None:
    """Send an event once more: same id and payload, a fresh signature. Errors: EventUnknown."""
    with world.changing() as transaction:
        event = world.tables.events.get(event_id)
        if event is None:
            raise EventUnknown(event_id)
        transaction.put(delivery_job(services, world, event))


def _change(world: World, endpoint_id: str, changes: Mapping[str, Any]) -> WebhookEndpoint:
    with world.changing() as transaction:
        endpoint = find_endpoint(world.tables, endpoint_id)
        changed = replace(endpoint, **changes)
        if changed != endpoint:
            changed = replace(changed, modified_at=world.clock.now())
        transaction.put(changed)
    return changed


def _matches(delivery: WebhookDelivery, event: WebhookEvent, filters: DeliveryFilters) -> bool:
    code_class = None if delivery.http_code is None else f"{delivery.http_code // 100}xx"
    return (
        (filters.endpoint_ids is None or delivery.endpoint_id in filters.endpoint_ids)
        and (filters.event_types is None or event.type in filters.event_types)
        and (filters.start is None or delivery.created_at > filters.start)
        and (filters.end is None or delivery.created_at < filters.end)
        and (filters.succeeded is None or delivery.succeeded is filters.succeeded)
        and (filters.http_code_class is None or code_class == filters.http_code_class)
        and (not filters.query or _is_found(delivery, filters.query.lower()))
    )


def _is_found(delivery: WebhookDelivery, text: str) -> bool:
    """Match parts of the delivery's id, its event's id or its code, not the payload. Source: polar's webhooks, April 2026."""
    code = "" if delivery.http_code is None else str(delivery.http_code)
    return any(text in one for one in (delivery.id, delivery.event_id, code))
