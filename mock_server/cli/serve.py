"""`polar-mock serve`: the server's command line, what it prints at start, and how it stops."""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mock_server.cli.public_url import read_public_url
from mock_server.web.served import Served

if TYPE_CHECKING:
    from flask import Flask

    from mock_server.assembly import Settings
    from mock_server.documents.schema import WorldDocument

# Four threads: one would let a slow request hold up all others, many cost more switches than they save.
_BLOCKING_THREADS = 4


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0: any free port.")
@click.option("--revision", default=None, help="Contract revision for requests without a token. [default: newest]")
@click.option("--world", default="demo", show_default=True, metavar="FILE|SCENARIO", help="The world at start.")
@click.option(
    "--allow-webhook-hosts",
    default="",
    metavar="HOST[,HOST...]",
    help="Hosts that webhooks may be sent to, beyond this machine.",
)
@click.option(
    "--public-url",
    callback=read_public_url,
    metavar="URL",
    help="What links in answers begin with, where others reach the mock by another name. [default: the host asked for]",
)
def serve(
    host: str, port: int, revision: str | None, world: str, allow_webhook_hosts: str, public_url: str | None
) -> None:
    """Serve the mock until Ctrl-C or SIGTERM.

    \b
    Examples:
      polar-mock serve
      polar-mock serve --port 9000 --world members
      polar-mock serve --world my-world.yaml
      polar-mock serve --allow-webhook-hosts hooks.example.com
      polar-mock serve --host 0.0.0.0 --public-url http://mock.example.com:8000

    The control API under /_mock needs no key on loopback. On any other address, or with a public URL of another
    machine, every call but /_mock/health needs the header X-Mock-Key: the value of POLAR_MOCK_KEY, or one that is
    made up and printed at start.
    """
    served = Served(host, port, public_url)
    settings = replace(_settings(served, revision, world), webhook_hosts=_hosts(allow_webhook_hosts))
    _require_assembly(settings)
    port = _free_port(host, port)
    _serve(settings, host, port)


def _hosts(names: str) -> frozenset[str]:
    return frozenset(name.strip().lower() for name in names.split(",") if name.strip())


def _settings(served: Served, revision: str | None, world: str) -> Settings:
    from mock_server.assembly import Settings
    from polar_contract import revisions

    known = [known.revision for known in revisions()]
    if revision is not None and revision not in known:
        raise click.BadParameter(f"{revision!r}; known revisions: {', '.join(known)}", param_hint="--revision")
    settings = Settings(revision=revision, world=_world_document(world), served=served)
    if served.is_for_this_machine:
        return settings
    return replace(settings, control_key=os.environ.get("POLAR_MOCK_KEY") or secrets.token_urlsafe(24))


def _require_assembly(settings: Settings) -> None:
    """Wire a server once before one is started, so that what can't be wired is told in a sentence."""
    from mock_server.assembly import assemble
    from mock_server.documents.errors import DocumentError
    from mock_server.store.errors import StoreError
    from mock_server.web.api.table import OperationsDiffer
    from polar_contract import ContractError

    try:
        assemble(settings)
    except (DocumentError, StoreError) as error:
        raise click.BadParameter(str(error), param_hint="--world") from None
    except (ContractError, OperationsDiffer) as error:
        raise click.ClickException(f"the contract can't be served: {error}") from None


def _world_document(wanted: str) -> WorldDocument:
    """A scenario by its name; anything that looks like a path, or is one, is a file."""
    from mock_server.documents.errors import DocumentInvalid, ScenarioUnknown
    from mock_server.documents.loading import read_world_file
    from mock_server.documents.scenarios import load_scenario

    try:
        if Path(wanted).suffix in (".yaml", ".yml", ".json") or Path(wanted).exists():
            return read_world_file(Path(wanted))
        return load_scenario(wanted)
    except (DocumentInvalid, ScenarioUnknown) as error:
        raise click.BadParameter(str(error), param_hint="--world") from None


def _free_port(host: str, port: int) -> int:
    """The port, or a free one for 0. Errors: a sentence when the address can't be bound."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"can't listen on {host}:{port}: {error.strerror or error}; choose another with --host or --port"
            ) from None
        bound: int = probe.getsockname()[1]
        return bound


def _serve(settings: Settings, host: str, port: int) -> None:
    from granian.server import Server as Granian

    server = Granian(
        "mock_server",
        address=host,
        port=port,
        interface="wsgi",  # type: ignore[arg-type]  # an enum of texts, which takes the text
        workers=1,
        blocking_threads=_BLOCKING_THREADS,
        websockets=False,
        log_enabled=False,
    )
    server.serve(target_loader=partial(load_app, settings, host, port), wrap_loader=False)


def load_app(settings: Settings, host: str, port: int) -> Flask:
    """What the server's worker process runs: wire the mock, start its jobs, say what it serves."""
    from mock_server.assembly import assemble
    from mock_server.cli.banner import banner

    # Only now is the port known that `--port 0` left open.
    mock = assemble(replace(settings, served=replace(settings.served, port=port)))
    mock.start()
    click.echo(banner(mock, host, port, control_key=settings.control_key))
    return mock.app
