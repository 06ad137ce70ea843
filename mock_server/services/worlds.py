"""Create worlds from a document or a scenario, reset them, and make them again from a changed document."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from mock_server.documents.identities import Identities
from mock_server.documents.schema import WorldDocument
from mock_server.documents.seeding import build_world
from mock_server.domain.cancellation import Cancellation
from mock_server.domain.clocks import WorldClock
from mock_server.domain.worlds import WorldSeed
from mock_server.services.context import Services
from mock_server.services.invoices import schedule_automatic_invoice
from mock_server.services.versions import behaviour_of, complete_versions
from mock_server.store.state import World
from polar_contract.behaviour import Behaviour


def create_world(
    services: Services,
    document: WorldDocument,
    *,
    world_id: str | None = None,
    cancellation: Cancellation | None = None,
    is_reloadable: bool = False,
) -> World:
    """Create a world; `cancellation` ends that while its orders are made. `is_reloadable`: for `reload_world`.

    Errors: NameTaken when the document gives an id or a token that is in use; DocumentInvalid for a revision that the
            server does not have or can't serve; Cancelled.
    """
    clock = WorldClock(services.wall)
    identities = Identities(services.ids, services.worlds.uses, before={} if is_reloadable else None)
    world_seed, behaviour = _seed(services, document, identities, clock, cancellation or Cancellation())
    world = World(
        world_id or services.ids.new_id(), world_seed, clock, behaviour=behaviour, on_jobs=services.jobs_scheduled
    )
    services.worlds.add(world)
    _schedule_automatic_invoices(services, world)
    return world


def reload_world(services: Services, world: World, document: WorldDocument) -> None:
    """Make a world again from a changed document, as a reset would: what has a place in both has the same ids and tokens.

    If that fails, the world stays as it is. Errors: those of `create_world`; TokensLost.
    """
    clock = WorldClock(services.wall)
    is_taken = partial(services.worlds.uses, besides=world)
    identities = Identities(services.ids, is_taken, before=world.world_seed.identities)
    world_seed, behaviour = _seed(services, document, identities, clock, Cancellation())
    services.worlds.claim_tokens((credential.token for credential in world_seed.credentials), world)
    # Faults stay switched on, as most are given by an option or by hand; what they held back is gone with its event.
    world.start_again(world_seed, clock, behaviour, replace(world.state.faults, held={}))
    services.worlds.forget_old_tokens(world)
    _schedule_automatic_invoices(services, world)


def _seed(
    services: Services,
    document: WorldDocument,
    identities: Identities,
    clock: WorldClock,
    cancellation: Cancellation,
) -> tuple[WorldSeed, Behaviour]:
    """What a document describes, and the rules of its current version."""
    revision = document.revision or services.own_revision
    behaviour_of(services, revision, path="revision")
    versions = complete_versions(services, revision, document.policies.versions)
    behaviour = behaviour_of(services, versions.current or revision, path="versions.current")
    world_seed = build_world(
        document,
        identities=identities,
        now=clock.now(),
        revision=revision,
        versions=versions,
        behaviour=behaviour,
        cancellation=cancellation,
    )
    return world_seed, behaviour


def _schedule_automatic_invoices(services: Services, world: World) -> None:
    if not world.invoice_policy.automatic:
        return
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
    _schedule_automatic_invoices(services, world)


def _seeded_again(world_seed: WorldSeed, clock: WorldClock) -> WorldSeed:
    now = clock.now()
    elapsed: timedelta = now - world_seed.seeded_at
    credentials = tuple(
        credential if credential.expires_at is None else replace(credential, expires_at=credential.expires_at + elapsed)
        for credential in world_seed.credentials
    )
    return replace(world_seed, seeded_at=now, credentials=credentials)
