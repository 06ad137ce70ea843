"""Create worlds from a document or a scenario, reset them, and remove them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from mock_server.documents.schema import WorldDocument
from mock_server.documents.seeding import build_world
from mock_server.domain.cancellation import Cancellation
from mock_server.domain.clocks import WorldClock
from mock_server.domain.worlds import WorldSeed
from mock_server.services.context import Services
from mock_server.services.invoices import schedule_automatic_invoice
from mock_server.services.versions import behaviour_of, complete_versions
from mock_server.store.state import World


def create_world(
    services: Services,
    document: WorldDocument,
    *,
    world_id: str | None = None,
    cancellation: Cancellation | None = None,
) -> World:
    """Create a world; `cancellation` ends that while its orders are made.

    Errors: NameTaken when the document gives an id or a token that is in use; DocumentInvalid for a revision that the
            server does not have or can't serve; Cancelled.
    """
    revision = document.revision or services.own_revision
    behaviour_of(services, revision, path="revision")
    versions = complete_versions(services, revision, document.policies.versions)
    behaviour = behaviour_of(services, versions.current or revision, path="versions.current")
    clock = WorldClock(services.wall)
    world_seed = build_world(
        document,
        ids=services.ids,
        now=clock.now(),
        is_taken=services.worlds.uses,
        revision=revision,
        versions=versions,
        behaviour=behaviour,
        cancellation=cancellation or Cancellation(),
    )
    world = World(
        world_id or services.ids.new_id(), world_seed, clock, behaviour=behaviour, on_jobs=services.jobs_scheduled
    )
    services.worlds.add(world)
    _schedule_automatic_invoices(services, world)
    return world


def _schedule_automatic_invoices(services: Services, world: World) -> None:
    with world.changing() as transaction:
        for order in world.tables.orders.values():
            schedule_automatic_invoice(services, world, transaction=transaction, order=order)


def reset_world(services: Services, world: World) -> None:
    """Reset the world to the document it was made from: same ids and tokens; the clock runs with the machine's again.

    Sessions get a new lifetime, counted from now.
    """
    clock = WorldClock(services.wall)
    world.start_again(_seeded_again(world.world_seed, clock), clock)
    services.worlds.forget_old_tokens(world)


def _seeded_again(world_seed: WorldSeed, clock: WorldClock) -> WorldSeed:
    now = clock.now()
    elapsed: timedelta = now - world_seed.seeded_at
    credentials = tuple(
        credential if credential.expires_at is None else replace(credential, expires_at=credential.expires_at + elapsed)
        for credential in world_seed.credentials
    )
    return replace(world_seed, seeded_at=now, credentials=credentials)
