"""A world's transactions commit as a whole or not at all, and each token finds its world."""

from __future__ import annotations

from threading import Thread

import pytest

from mock_server.documents.extending import read_world_document
from mock_server.documents.scenarios import load_scenario
from mock_server.documents.schema import WorldDocument
from mock_server.domain.clocks import WorldClock
from mock_server.domain.jobs import Job, JobKind
from mock_server.domain.worlds import WorldSeed
from mock_server.store import state
from mock_server.store.errors import NameTaken, WorldUnknown
from mock_server.store.state import World
from mock_server.store.tables import Tables, build_tables
from mock_server.store.worlds import WorldStore
from tests.mock_server.documents.worlds import seeded
from tests.mock_server.factories import NOW, an_order, the_behaviour


def a_world(world_id: str = "w1", document: WorldDocument | None = None) -> World:
    document = document or read_world_document({"scenario": "demo"}, has_fresh_identity=True)
    return World(world_id, seeded(document, seed=None), WorldClock(lambda: NOW), behaviour=the_behaviour())


class GivenAWorld:
    def test_when_a_change_ends_well_then_all_of_it_shows(self) -> None:
        world = a_world()

        with world.changing() as transaction:
            transaction.put(an_order(id="a"), an_order(id="b"))
            assert "a" not in world.tables.orders

        assert {"a", "b"} <= world.tables.orders.keys()

    def test_when_a_change_fails_then_nothing_of_it_shows(self) -> None:
        world = a_world()

        with pytest.raises(ZeroDivisionError):
            self.change_and_fail(world)

        assert "a" not in world.tables.orders
        with world.changing() as transaction:
            transaction.put(an_order(id="b"))
        assert "b" in world.tables.orders

    def test_when_a_change_adds_a_job_then_the_worker_is_notified_after_the_commit(self) -> None:
        notified: list[bool] = []
        world = a_world()
        job = Job(id="j", kind=JobKind.DELIVER_EVENT, queue="e", subject_id="x", created_at=NOW, due_at=NOW)
        listening = World(
            "w2",
            world.world_seed,
            world.clock,
            behaviour=world.behaviour,
            on_jobs=lambda world, jobs: notified.append(world is listening and job in jobs and job in world.state.jobs),
        )
        with listening.changing() as transaction:
            transaction.put(an_order(id="a"))
        assert notified == []
        with listening.changing() as transaction:
            transaction.put(job)
        assert notified == [True]

    def test_when_it_starts_again_then_the_new_state_is_made_without_its_lock(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world = a_world()
        was_free: list[bool] = []

        def try_lock() -> None:
            was_free.append(world.lock.acquire(blocking=False))
            world.lock.release()

        def make(world_seed: WorldSeed) -> Tables:
            # The lock may be taken again by the thread that has it, so another one has to try.
            trying = Thread(target=try_lock)
            trying.start()
            trying.join()
            return build_tables(world_seed)

        monkeypatch.setattr(state, "build_tables", make)

        world.start_again(world.world_seed, world.clock)

        assert was_free == [True]

    def change_and_fail(self, world: World) -> None:
        with world.changing() as transaction:
            transaction.put(an_order(id="a"))
            _ = 1 / 0


class GivenWorlds:
    def test_then_a_token_leads_to_its_own_world(self) -> None:
        worlds = WorldStore()
        first, second = a_world("w1"), a_world("w2")
        worlds.add(first)
        worlds.add(second)

        assert worlds.by_token(first.world_seed.tokens["customer"]) is first
        assert worlds.by_token(second.world_seed.tokens["customer"]) is second
        assert worlds.by_token("polar_cst_nobody") is None
        assert worlds.uses(second.ids["order:paid"])

    def test_when_one_is_removed_then_only_its_tokens_are_forgotten(self) -> None:
        worlds = WorldStore()
        first, second = a_world("w1"), a_world("w2")
        worlds.add(first)
        worlds.add(second)

        worlds.remove("w1")

        assert worlds.by_token(first.world_seed.tokens["customer"]) is None
        assert worlds.by_token(second.world_seed.tokens["customer"]) is second
        with pytest.raises(WorldUnknown):
            worlds.get("w1")

    def test_when_a_token_or_an_id_is_taken_then_the_world_is_refused_and_nothing_is_kept(self) -> None:
        worlds = WorldStore()
        fixed = load_scenario("demo")
        worlds.add(a_world("w1", fixed))

        for world_id in ("w1", "w2"):
            with pytest.raises(NameTaken):
                worlds.add(a_world(world_id, fixed))

        assert [world.id for world in worlds.all()] == ["w1"]
