"""Build a wired application from settings. This is the only module that imports every layer; nothing starts here."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from mock_server.contract.event_data import EventSchemas
from mock_server.delivery.hosts import HostPolicy
from mock_server.delivery.sending import HttpSender, Sender
from mock_server.documents.schema import WorldDocument
from mock_server.domain.clocks import Now, wall_now
from mock_server.domain.ids import IdSource, RandomIds
from mock_server.domain.policies import VersionPolicy
from mock_server.services.context import Services
from mock_server.services.worker import JobWorker
from mock_server.services.worlds import create_world
from mock_server.store.state import World
from mock_server.store.worlds import WorldStore
from mock_server.web.api.table import OPERATIONS
from mock_server.web.app import create_app
from mock_server.web.control.gate import ControlGate
from mock_server.web.pipeline import ApiPipeline
from mock_server.web.published import PublishedDocuments
from mock_server.web.revisions import ServedRevisions
from mock_server.web.served import Served
from polar_contract import default_revision, load_contract, revisions
from polar_contract.revisions import served_beside

DEFAULT_WORLD_ID = "default"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a server. `control_key` None: the control API needs no key (loopback only)."""

    revision: str | None = None
    """For worlds that name none, and for requests without a token. None: the spec's default."""
    spec: Path | None = None
    """The folder of revisions. None: the one that POLAR_SPEC names, or the bundled one."""
    world: WorldDocument | None = None
    """The world that exists at start, under the id `default`."""
    is_world_reloadable: bool = False
    """Whether that one may be made again from a changed document."""
    more_worlds: Mapping[str, WorldDocument] = field(default_factory=dict)
    """Further worlds that exist at start, by id."""
    served: Served = field(default_factory=Served)
    """Where the server will listen, and the base of the links in its responses."""
    control_key: str | None = None
    webhook_hosts: frozenset[str] = frozenset()
    """Hosts beyond this machine that may receive webhooks."""


@dataclass(frozen=True, slots=True)
class MockServer:
    """A wired server: its WSGI application, its services, and the worker that runs jobs once it is started."""

    app: Flask
    services: Services
    worker: JobWorker
    world: World | None
    """The one with the id `default`."""
    revisions: ServedRevisions

    def body_limit_bytes(self) -> int:
        """The size limit of bodies that are sent to the API, by the revisions that were needed so far."""
        return self.revisions.body_limit_bytes

    def start(self) -> None:
        self.worker.start(self.services)

    def stop(self) -> None:
        self.worker.stop(self.services)


def assemble(
    settings: Settings, *, ids: IdSource | None = None, wall: Now = wall_now, send: Sender | None = None
) -> MockServer:
    """Wire a server. Errors: RevisionNotServed for its own revision, NameTaken, DocumentInvalid, and those of `revisions`."""
    known = revisions(spec=settings.spec)
    own_revision = settings.revision or default_revision(spec=settings.spec)
    served = ServedRevisions(OPERATIONS, spec=settings.spec)
    served.served(own_revision)
    worker = JobWorker()
    services = Services(
        worlds=WorldStore(),
        ids=ids or RandomIds(),
        wall=wall,
        jobs_scheduled=worker.wake,
        revisions={revision.revision: served_beside(revision.revision, known) for revision in known},
        own_revision=own_revision,
        behaviour_of=served.behaviour_of,
        event_schemas=EventSchemas(lambda revision: load_contract(revision, spec=settings.spec).effective),
        operations_of=served.operations_of,
        send=send or HttpSender(),
        webhook_hosts=HostPolicy(settings.webhook_hosts),
        signing_key=secrets.token_bytes(32),
    )
    world = None
    if settings.world:
        is_reloadable = settings.is_world_reloadable
        world = create_world(services, settings.world, world_id=DEFAULT_WORLD_ID, is_reloadable=is_reloadable)
    for world_id, document in settings.more_worlds.items():
        create_world(services, document, world_id=world_id)
    versions = VersionPolicy(own_revision, services.revisions[own_revision])
    for name in versions.served or ():
        served.served(name)
    pipeline = ApiPipeline(services, served, versions, OPERATIONS)
    documents = PublishedDocuments(known, own_revision, settings.spec)
    app = create_app(services, pipeline, documents, gate=ControlGate(settings.served, settings.control_key))
    return MockServer(app, services, worker, world, served)
