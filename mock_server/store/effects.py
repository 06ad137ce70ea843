"""What one request changed: every commit that is made while it is answered adds to it."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar

from mock_server.domain.jobs import Job
from mock_server.store.journal import NO_CHANGES, Changes
from mock_server.store.tables import Entity, table_name

Commits = list[tuple[Sequence[Entity], Sequence[Job]]]
# A context variable, because a job's thread may commit at the same time, and no service knows which request it works for.
_COMMITS: ContextVar[Commits | None] = ContextVar("commits of a request", default=None)


def note_commit(entities: Sequence[Entity], jobs: Sequence[Job]) -> None:
    """Tell the request in progress, if there is one, what was committed for it."""
    commits = _COMMITS.get()
    if commits is not None:
        commits.append((entities, jobs))


collect_commits = _COMMITS.set
"""From now on, commits in this thread of work are added to this list; returns what ends it."""
stop_collecting = _COMMITS.reset


def changes_of(commits: Commits) -> Changes:
    return _changes(commits) if commits else NO_CHANGES


def _changes(commits: Commits) -> Changes:
    ids: dict[str, dict[str, None]] = {}
    for entities, _ in commits:
        for entity in entities:
            ids.setdefault(table_name(entity), {})[entity.id] = None
    return Changes({name: tuple(of) for name, of in ids.items()}, tuple(job for _, jobs in commits for job in jobs))
