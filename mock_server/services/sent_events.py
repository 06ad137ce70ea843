"""Send an event of any type at a caller's wish, to the endpoints that subscribe to it."""

from __future__ import annotations

from typing import NamedTuple

from mock_server.documents.errors import Problems, shown
from mock_server.documents.sent_events import SentEvent, read_sent_event
from mock_server.domain.webhooks import OrderEvent, WebhookEvent
from mock_server.services.context import Services
from mock_server.services.events import raise_event
from mock_server.services.jobs import run_due
from mock_server.store.state import World
from mock_server.store.tables import Tables
from mock_server.views.orders import order_sources
from mock_server.views.webhook_payloads import Announcement, announce_data, announce_order
from polar_contract.json_types import JsonObject


class Sent(NamedTuple):
    """`events`: one for each endpoint that subscribes to the type, after its first attempt; from `tables`."""

    type: str
    data: JsonObject
    events: tuple[WebhookEvent, ...]
    tables: Tables


def send_event(services: Services, world: World, body: JsonObject) -> Sent:
    """Raise the event that the body describes, and make what is due at its endpoints before this returns.

    Errors: DocumentInvalid, also for data that is not as the document of the world's current version says.
    """
    with world.changing() as transaction:
        sent = read_sent_event(body, world.tables)
        announcement = _announcement(world, sent)
        _check(services, world, announcement)
        order_id = None if sent.order is None else sent.order.id
        raised = raise_event(services, world, transaction=transaction, announcement=announcement, order_id=order_id)
    # The world is not locked while receivers answer: they may call the API before they do.
    for event in raised:
        run_due(services, world, queue=event.endpoint_id)
    tables = world.tables
    return Sent(
        announcement.type, announcement.data, tuple(tables.events.get(event.id, event) for event in raised), tables
    )


def _announcement(world: World, sent: SentEvent) -> Announcement:
    if sent.order is None:
        return announce_data(sent.type, sent.data, world.tables.organization)
    announcement = announce_order(OrderEvent(sent.type), order_sources(world, world.tables, sent.order))
    return Announcement(announcement.type, {**announcement.data, **sent.data}, announcement.message)


def _check(services: Services, world: World, announcement: Announcement) -> None:
    revision = world.policies.versions.current or world.revision
    problems = Problems()
    for fault in services.event_schemas.faults(revision, announcement.type, announcement.data):
        wanted = "is missing" if fault.wanted is None else f"is {shown(fault.value)}; it has to be {fault.wanted}"
        problems.add(".".join(fault.path), wanted)
    problems.raise_if_any()
