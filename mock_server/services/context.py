"""What every service receives: the worlds, the source of ids, the time, and a callback for new jobs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mock_server.delivery.hosts import HostPolicy
from mock_server.delivery.sending import Sender
from mock_server.domain.clocks import Now
from mock_server.domain.ids import IdSource
from mock_server.store.worlds import WorldStore


@dataclass(frozen=True, slots=True)
class Services:
    worlds: WorldStore
    ids: IdSource
    wall: Now
    job_scheduled: Callable[[], None]
    """Called after a job was committed, so that the worker looks for due jobs again."""
    revisions: tuple[str, ...]
    own_revision: str
    """For worlds without a revision of their own, and for requests that belong to no world."""
    send: Sender
    """Sends one webhook request."""
    webhook_hosts: HostPolicy
    signing_key: bytes
    """Signs the download links of invoices; a new one for each server."""
