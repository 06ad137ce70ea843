"""The snapshots of one world, by name: each a state that is kept aside, and never runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from mock_server.domain.cancellation import Cancellation
from mock_server.domain.clocks import ClockMode
from mock_server.domain.limits import Window
from mock_server.store.errors import SnapshotsFull, SnapshotTaken, SnapshotUnknown
from mock_server.store.schedule import Schedule

if TYPE_CHECKING:
    from mock_server.store.state import WorldState

MOST_SNAPSHOTS = 20
"""Of one world. A snapshot shares all unchanged rows with its world; one that differs in every row takes as much as the world."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`state`: with a clock that stands still at the time of the snapshot, whatever its `mode` was."""

    name: str
    mode: ClockMode
    state: WorldState
    windows: Mapping[str, Window]
    """The requests counted against the rate limit."""
    last_number: int
    """Of the journal: the requests after it are forgotten when the snapshot is restored."""

    @property
    def taken_at(self) -> datetime:
        """By the world's clock."""
        return self.state.clock.now()

    def state_again(self, new_id: Callable[[], str]) -> WorldState:
        """The same state to run from: its time goes on from that of the snapshot.

        Jobs get other ids, so that an attempt from before the restore finds no job to finish.
        """
        clock = self.state.clock.stopped()
        if self.mode is ClockMode.WALL:
            clock.release()
        jobs = Schedule(replace(job, id=new_id()) for job in self.state.jobs.waiting())
        held = {endpoint: replace(job, id=new_id()) for endpoint, job in self.state.faults.held.items()}
        faults = replace(self.state.faults, held=held)
        return replace(self.state, clock=clock, jobs=jobs, faults=faults, cancellation=Cancellation())


def snapshot_of(state: WorldState, name: str, windows: Mapping[str, Window], last_number: int) -> Snapshot:
    """What of a state changes in place is copied; everything else is shared with it."""
    kept = replace(state, clock=state.clock.stopped(), jobs=Schedule(state.jobs.waiting()), cancellation=Cancellation())
    return Snapshot(name, state.clock.mode, kept, dict(windows), last_number)


class Snapshots:
    """By name, the oldest first. Readers take no lock: every change replaces the mapping. Errors: SnapshotUnknown."""

    def __init__(self) -> None:
        self._kept: Mapping[str, Snapshot] = {}

    def all(self) -> tuple[Snapshot, ...]:
        return tuple(self._kept.values())

    def get(self, name: str) -> Snapshot:
        try:
            return self._kept[name]
        except KeyError:
            raise SnapshotUnknown(name, tuple(self._kept)) from None

    def add(self, snapshot: Snapshot) -> None:
        """Errors: SnapshotTaken for a name in use; SnapshotsFull."""
        if snapshot.name in self._kept:
            raise SnapshotTaken(snapshot.name)
        if len(self._kept) >= MOST_SNAPSHOTS:
            raise SnapshotsFull(MOST_SNAPSHOTS, tuple(self._kept))
        self._kept = {**self._kept, snapshot.name: snapshot}

    def remove(self, name: str) -> None:
        removed = self.get(name)
        self._kept = {key: kept for key, kept in self._kept.items() if kept is not removed}
