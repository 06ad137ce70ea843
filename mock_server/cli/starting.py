"""From the options of a server to a mock that listens: its settings, its worlds, its sockets. `serve` and `exec` share it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mock_server.cli.faults import add_faults_at_start, read_faults_at_start
from mock_server.cli.long_work import telling
from mock_server.cli.world_option import world_document

if TYPE_CHECKING:
    from mock_server.assembly import MockServer, Settings
    from mock_server.documents.schema import WorldDocument
    from mock_server.serving.access_log import AccessLog
    from mock_server.serving.listening import Listening
    from polar_contract import Revision

_DEMO = "demo"
_TODAY = "today"


class CannotStart(click.ClickException):
    """The mock can't serve; the message says why."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Options:
    host: str
    port: int
    revision: str | None
    world: str | None
    faults: tuple[str, ...]
    allow_webhook_hosts: str
    public_url: str | None
    body_timeout: float
    access_log: bool
    log_format: str | None
    ready_file: Path | None
    env_file: Path | None
    exit_with_stdin: bool
    watch: bool


@contextmanager
def listening_mock(options: Options, settings: Settings) -> Iterator[tuple[MockServer, Listening, Settings]]:
    """The mock of these options as it is before it serves, its sockets, and the settings with the address that it has."""
    faults = read_faults_at_start(options.faults)
    with closing(_listen(options.host, options.port)) as listening:
        settings = _reachable_at(settings, listening, options.public_url)
        with telling("making the world"):
            mock = _assembled(settings)
        add_faults_at_start(mock, faults)
        yield mock, listening, settings


def _hosts(names: str) -> frozenset[str]:
    return frozenset(name.strip().lower() for name in names.split(",") if name.strip())


def settings_of(options: Options) -> Settings:
    from mock_server.assembly import Settings
    from polar_contract import ContractError, revisions
    from polar_contract.errors import known_revisions

    try:
        known = {known.revision: known for known in revisions()}
    except ContractError as error:
        raise CannotStart(f"the contract can't be served: {error}") from None
    revision = options.revision
    if revision is not None and revision not in known:
        raise click.BadParameter(f"{revision!r}; {known_revisions(revision, list(known))}", param_hint="--revision")
    first, more = _worlds_at_start(options.world, None if revision is None else known[revision])
    return Settings(
        revision,
        world=first,
        is_world_reloadable=options.watch,
        more_worlds=more,
        webhook_hosts=_hosts(options.allow_webhook_hosts),
    )


def _worlds_at_start(wanted: str | None, revision: Revision | None) -> tuple[WorldDocument, dict[str, WorldDocument]]:
    """The world with the id `default`, and further ones: the demo and today's service, or the one that is asked for."""
    if wanted is not None:
        return world_document(wanted), {}
    if revision is None:
        return world_document(_DEMO), {_TODAY: world_document(_TODAY)}
    scenario = world_document(_DEMO if revision.versions is None else _TODAY)
    return replace(scenario, revision=revision.revision), {}


def _listen(host: str, port: int) -> Listening:
    from mock_server.serving.listening import CannotListen, listen

    try:
        return listen(host, port)
    except CannotListen as error:
        raise CannotStart(str(error)) from None


def _reachable_at(settings: Settings, listening: Listening, public_url: str | None) -> Settings:
    """Build the server now that its port and reachability are known; clients of other machines need the key."""
    from mock_server.web.served import Served

    served = Served(listening.host, listening.port, public_url, listening.is_loopback)
    key = None if served.is_for_this_machine else os.environ.get("POLAR_MOCK_KEY") or secrets.token_urlsafe(24)
    return replace(settings, served=served, control_key=key)


def _assembled(settings: Settings) -> MockServer:
    """Report a server that can't be wired as a usage error."""
    from mock_server.assembly import assemble
    from mock_server.documents.errors import DocumentError
    from mock_server.services.context import RevisionNotServed
    from mock_server.store.errors import StoreError
    from polar_contract import ContractError

    try:
        return assemble(settings)
    except (DocumentError, StoreError) as error:
        raise click.BadParameter(str(error), param_hint="--world") from None
    except RevisionNotServed as error:
        raise CannotStart(str(error)) from None
    except ContractError as error:
        raise CannotStart(f"the contract can't be served: {error}") from None


def access_log_of(options: Options) -> AccessLog | None:
    if not options.access_log and options.log_format is None:
        return None
    from mock_server.serving.access_log import AccessLog, LogFormat

    return AccessLog(
        lambda line: click.echo(line, nl=False, err=True), LogFormat(options.log_format or LogFormat.COMBINED)
    )
