"""What every service receives: the worlds, the source of ids, the time, and a callback for new jobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from mock_server.contract.event_data import EventSchemas
from mock_server.delivery.hosts import HostPolicy
from mock_server.delivery.sending import Sender
from mock_server.domain.clocks import Now
from mock_server.domain.ids import IdSource
from mock_server.domain.jobs import Job
from mock_server.store.journal import Journal
from mock_server.store.state import World
from mock_server.store.worlds import WorldStore
from polar_contract.behaviour import Behaviour


class RevisionNotServed(Exception):
    """A revision of the spec that this server can't serve; the message says why."""

    def __init__(self, revision: str, reason: str) -> None:
        super().__init__(f"revision {revision} can't be served: {reason}")


@dataclass(frozen=True, slots=True)
class Services:
    worlds: WorldStore
    ids: IdSource
    wall: Now
    jobs_scheduled: Callable[[World, Sequence[Job]], None]
    """Called after jobs were committed, or without any after a world's clock was changed: the worker looks for due ones."""
    revisions: Mapping[str, tuple[str, ...]]
    """All that a world can have, each with the versions that its service serves; empty where requests can't choose one."""
    own_revision: str
    """For worlds without a revision of their own, and for requests that belong to no world."""
    behaviour_of: Callable[[str], Behaviour]
    """The rules of one of `revisions`, from now on served. Errors: RevisionNotServed."""
    event_schemas: EventSchemas
    """The webhooks that the documents of the revisions describe."""
    operations_of: Callable[[str], Mapping[str, str]]
    """The operations of one of `revisions`, by id, with their paths. Errors: RevisionNotServed."""
    send: Sender
    """Sends one webhook request."""
    webhook_hosts: HostPolicy
    signing_key: bytes
    """Signs the download links of invoices; a new one for each server."""
    unclaimed: Journal = field(default_factory=Journal)
    """The requests that belong to no world."""
