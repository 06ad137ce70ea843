"""Keep snapshots of a world, and go back to one."""

from __future__ import annotations

from mock_server.services.context import Services
from mock_server.store.state import World


def restore_snapshot(services: Services, world: World, name: str) -> None:
    """Go back to the whole world as it was: objects, tokens, events and deliveries, policies, jobs, clock.

    Tokens made since then stop working, and revoked ones work again. Running jobs are cancelled.
    Errors: SnapshotUnknown; TokensLost, if another world uses one of the snapshot's tokens by now.
    """
    snapshot = world.snapshots.get(name)
    services.worlds.claim_tokens(snapshot.state.tables.credentials, world)
    world.restore(snapshot, services.ids.new_id)
    services.worlds.forget_old_tokens(world)
    services.jobs_scheduled(world, ())
