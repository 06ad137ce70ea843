"""Worlds: founding one from a document or a scenario, going back to its start, and ending it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from mock_server.documents.errors import DocumentInvalid, Problem, shortened
from mock_server.documents.founding import found_world
from mock_server.documents.identities import Identities
from mock_server.documents.orders import OrderDocument, found_order
from mock_server.documents.schema import WorldDocument
from mock_server.domain.clocks import WorldClock
from mock_server.domain.orders import Order
from mock_server.domain.webhooks import OrderEvent
from mock_server.domain.worlds import Founding
from mock_server.services.context import Services
from mock_server.services.events import raise_order_events
from mock_server.services.invoices import schedule_automatic_invoice
from mock_server.store.errors import NameTaken
from mock_server.store.state import World, found_tables


def create_world(services: Services, document: WorldDocument, *, world_id: str | None = None) -> World:
    """Found a world.

    Errors: NameTaken when the document gives an id or a token that is in use; DocumentInvalid for a revision that the
            server does not have.
    """
    _require_known_revision(services, document)
    clock = WorldClock(services.wall)
    founding = found_world(
        document,
        ids=services.ids,
        now=clock.now(),
        is_taken=services.worlds.uses,
        revision=services.own_revision,
    )
    world = World(world_id or services.ids.new_id(), founding, clock, on_jobs=services.job_scheduled)
    services.worlds.add(world)
    _schedule_automatic_invoices(services, world)
    return world


def _require_known_revision(services: Services, document: WorldDocument) -> None:
    if document.revision is not None and document.revision not in services.revisions:
        known = ", ".join(services.revisions)
        raise DocumentInvalid((Problem("revision", f"is {shortened(document.revision)}; known revisions: {known}"),))


def _schedule_automatic_invoices(services: Services, world: World) -> None:
    with world.changing() as transaction:
        for order in world.tables.orders.values():
            schedule_automatic_invoice(services, world, transaction=transaction, order=order)
    services.job_scheduled()


def reset_world(services: Services, world: World) -> None:
    """Back to the document that it was made from: same ids and tokens, the clock with the machine's again.

    Sessions get their lifetime anew, counted from now.
    """
    with world.lock:
        services.worlds.forget_tokens(world)
        world.clock = WorldClock(services.wall)
        world.founding = _founded_again(world.founding, world.clock)
        world.tables = found_tables(world.founding)
        world.ids = dict(world.founding.ids)
        world.rendered.clear()
        world.windows.clear()
        for credential in world.tables.credentials.values():
            services.worlds.learn_token(credential, world)


def _founded_again(founding: Founding, clock: WorldClock) -> Founding:
    now = clock.now()
    elapsed: timedelta = now - founding.founded_at
    credentials = tuple(
        credential if credential.expires_at is None else replace(credential, expires_at=credential.expires_at + elapsed)
        for credential in founding.credentials
    )
    return replace(founding, founded_at=now, credentials=credentials)


def add_order(services: Services, world: World, *, key: str, document: OrderDocument) -> Order:
    """One more order in a world, as if it had just been made. Errors: NameTaken for a key or an id in use."""
    if f"order:{key}" in world.ids:
        raise NameTaken("key", key, path="key")
    with world.changing() as transaction:
        identities = Identities(services.ids, services.worlds.uses)
        placed = replace(
            document, id=identities.id(document.id, "id"), item_id=identities.id(document.item_id, "item_id")
        )
        order = found_order(placed, key, tables=world.tables, names=world.ids, ids=identities, now=world.clock.now())
        transaction.put(order)
        types = (OrderEvent.CREATED, OrderEvent.UPDATED, OrderEvent.PAID) if order.is_paid else (OrderEvent.CREATED,)
        raise_order_events(services, world, transaction=transaction, order=order, types=types)
        schedule_automatic_invoice(services, world, transaction=transaction, order=order)
        world.ids[f"order:{key}"] = order.id
        world.ids.update({f"item:{key}": item.id for item in order.items[:1]})
    services.job_scheduled()
    return order
