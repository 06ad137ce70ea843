"""One world: its state, which readers take as one value, and the transaction that replaces it.

Readers take no lock. Writers hold the world's lock and collect their changes; the changes become visible together,
in one step, when the block ends without an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import RLock

from mock_server.domain.cancellation import Cancellation
from mock_server.domain.clocks import WorldClock
from mock_server.domain.jobs import Job
from mock_server.domain.limits import RateLimit, Window
from mock_server.domain.policies import InvoicePolicy, Policies
from mock_server.domain.worlds import WorldSeed
from mock_server.store.effects import note_commit
from mock_server.store.faults import FaultRule, FaultState, Strike
from mock_server.store.journal import Journal
from mock_server.store.schedule import Schedule
from mock_server.store.snapshots import Snapshot, Snapshots, snapshot_of
from mock_server.store.table import Table
from mock_server.store.tables import Entity, Tables, build_tables
from polar_contract.behaviour import Behaviour


@dataclass(frozen=True, slots=True)
class WorldState:
    """The state that a reset or a restore replaces in one step; every change replaces `tables`."""

    world_seed: WorldSeed
    tables: Tables
    clock: WorldClock
    policies: Policies
    behaviour_at_start: Behaviour
    """The rules of the version that was current when the world was made, and is so after a reset."""
    behaviour: Behaviour
    """The rules of the world's current version."""
    tokens: Mapping[str, str]
    """Names to tokens, from the document and from later additions by name."""
    jobs: Schedule = field(default_factory=Schedule)
    cancellation: Cancellation = field(default_factory=Cancellation)
    """Cancels running jobs when the world is reset, restored or removed."""
    faults: FaultState = field(default_factory=FaultState)


def _started(world_seed: WorldSeed, clock: WorldClock, behaviour: Behaviour) -> WorldState:
    tables = build_tables(world_seed)
    return WorldState(world_seed, tables, clock, world_seed.policies, behaviour, behaviour, world_seed.tokens)


class Transaction:
    """Changes collected while the world's lock is held; reads see the committed state."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.entities: list[Entity] = []
        self.jobs: list[Job] = []
        self.finished_jobs: list[Job] = []
        self.names: dict[str, str] = {}
        self.policies: Policies | None = None
        self.behaviour: Behaviour | None = None
        self.tokens: Mapping[str, str] | None = None
        self.forgotten_events: frozenset[str] = frozenset()
        self.changed_faults: FaultState | None = None

    def forget_events(self, ids: frozenset[str]) -> None:
        """Forget events and their deliveries."""
        self.forgotten_events = ids

    @property
    def changes_state(self) -> bool:
        """Whether there is more than jobs."""
        return bool(
            self.entities
            or self.names
            or self.policies is not None
            or self.tokens is not None
            or self.changed_faults is not None
        )

    @property
    def faults(self) -> FaultState:
        """The faults as this transaction leaves them."""
        return self._world.state.faults if self.changed_faults is None else self.changed_faults

    @faults.setter
    def faults(self, faults: FaultState) -> None:
        self.changed_faults = faults

    def struck_by(self, matching: Iterable[FaultRule]) -> Strike | None:
        """Count a call, an event or a job for the rules that match it; returns the first that strikes."""
        self.faults, strike = self.faults.counted(matching)
        return strike

    def put(self, *entities: Entity | Job) -> None:
        for entity in entities:
            if isinstance(entity, Job):
                self.jobs.append(entity)
            else:
                self.entities.append(entity)

    def name(self, name: str, id_: str) -> None:
        self.names[name] = id_

    def name_all(self, names: Mapping[str, str]) -> None:
        self.names.update(names)

    def finish(self, job: Job) -> bool:
        """Remove a job; False if the world does not have it any more, because it was reset or another thread ran the job."""
        self.finished_jobs.append(job)
        return job in self._world.state.jobs

    def withdraw(self, job: Job) -> bool:
        """Like `finish`, also for a job of this transaction."""
        if job in self.jobs:
            self.jobs.remove(job)
            return True
        return self.finish(job)


class World:
    """One world: its state, and the only way to change it."""

    def __init__(
        self,
        world_id: str,
        world_seed: WorldSeed,
        clock: WorldClock,
        *,
        behaviour: Behaviour,
        on_jobs: Callable[[World, Sequence[Job]], None] = lambda _world, _jobs: None,
    ) -> None:
        self.id = world_id
        self._on_jobs = on_jobs
        self.state = _started(world_seed, clock, behaviour)
        self.lock = RLock()
        self.windows: dict[str, Window] = {}
        """Requests counted against the rate limit, by subject, under the lock; outside the tables, as no response shows them."""
        self.snapshots = Snapshots()
        self.journal = Journal()
        self._queues: dict[str, RLock] = {}
        self.rendered: dict[tuple[str, str], tuple[tuple[object, ...], bytes]] = {}
        """The views layer's cache: written responses, each with the entities that it was written from."""

    @property
    def tables(self) -> Tables:
        """The tables as they are now. Read them once for one response, or hold the lock."""
        return self.state.tables

    @property
    def behaviour(self) -> Behaviour:
        return self.state.behaviour

    @property
    def revision(self) -> str:
        return self.state.world_seed.revision

    @property
    def clock(self) -> WorldClock:
        return self.state.clock

    @property
    def world_seed(self) -> WorldSeed:
        return self.state.world_seed

    @property
    def ids(self) -> Table[str]:
        return self.state.tables.names

    @property
    def policies(self) -> Policies:
        return self.state.policies

    @property
    def tokens(self) -> Mapping[str, str]:
        return self.state.tokens

    @property
    def invoice_policy(self) -> InvoicePolicy:
        return self.policies.invoices

    @property
    def rate_limit(self) -> RateLimit | None:
        return self.policies.rate_limit

    def queue(self, name: str) -> RLock:
        """The lock of a queue of jobs: held while one of its jobs runs; the world itself is not locked."""
        with self.lock:
            return self._queues.setdefault(name, RLock())

    @contextmanager
    def changing(self) -> Iterator[Transaction]:
        """Change the world: all changes if the block ends without an error, none if it raises. Reports new jobs afterwards."""
        with self.lock:
            transaction = Transaction(self)
            yield transaction
            self._commit(transaction)
        # The worker sleeps until the next job that it knows of.
        if transaction.jobs:
            self._on_jobs(self, transaction.jobs)

    def _commit(self, transaction: Transaction) -> None:
        if transaction.changes_state:
            tables = self.state.tables
            if transaction.entities or transaction.names:
                tables = tables.having(*transaction.entities, names=transaction.names)
            if transaction.forgotten_events:
                tables = tables.without_events(transaction.forgotten_events)
            self.state = replace(
                self.state,
                tables=tables,
                policies=self.state.policies if transaction.policies is None else transaction.policies,
                behaviour=transaction.behaviour or self.state.behaviour,
                tokens=self.state.tokens if transaction.tokens is None else transaction.tokens,
                faults=self.state.faults if transaction.changed_faults is None else transaction.changed_faults,
            )
        for job in transaction.finished_jobs:
            self.state.jobs.remove(job)
        for job in transaction.jobs:
            self.state.jobs.add(job)
        note_commit(transaction.entities, transaction.jobs)

    def start_again(
        self,
        world_seed: WorldSeed,
        clock: WorldClock,
        behaviour: Behaviour | None = None,
        faults: FaultState | None = None,
    ) -> None:
        """Replace everything by another world seed; running jobs are cancelled and their results dropped.

        `behaviour`: the rules of its current version; None: those with which the world was made. `faults`: None for no faults.
        """
        # Made before the lock is held, because that takes long for a large world.
        started = _started(world_seed, clock, behaviour or self.state.behaviour_at_start)
        if faults is not None:
            started = replace(started, faults=faults)
        self._replace_state(started, {}, 0)

    def keep_snapshot(self, name: str) -> Snapshot:
        """Errors: SnapshotTaken, SnapshotsFull."""
        with self.lock:
            snapshot = snapshot_of(self.state, name, self.windows, self.journal.last_number)
            self.snapshots.add(snapshot)
        return snapshot

    def restore(self, snapshot: Snapshot, new_id: Callable[[], str]) -> None:
        """Go back to a snapshot; running jobs are cancelled and their results dropped. `new_id`: for the restored jobs."""
        self._replace_state(snapshot.state_again(new_id), snapshot.windows, snapshot.last_number)

    def _replace_state(self, started: WorldState, windows: Mapping[str, Window], last_number: int) -> None:
        with self.lock:
            ended, self.state = self.state, started
            self.windows.clear()
            self.windows.update(windows)
            self.journal.forget_after(last_number)
            self.rendered.clear()
        if ended.cancellation.is_cancelled:
            # The world was removed, or its server stops.
            started.cancellation.cancel()
        ended.cancellation.cancel()

    def end_work(self) -> None:
        """Run no more jobs of this world, and cancel the running ones."""
        self.state.cancellation.cancel()

    @property
    def has_ended(self) -> bool:
        """Whether it was removed, or its server stops."""
        return self.state.cancellation.is_cancelled
