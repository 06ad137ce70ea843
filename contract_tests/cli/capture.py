"""The command `polar-contract capture`: reads its options and writes the document. Reading the account is in `run`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from contract_tests.cli.options import (
    account_revision_option,
    ca_bundle_option,
    env_file_option,
    max_time_option,
    production_option,
    timeout_option,
)
from contract_tests.config.credentials import collect_tokens
from contract_tests.config.environment import environment_with
from contract_tests.config.errors import CannotRun
from contract_tests.config.network import usable_network
from contract_tests.config.permissions import Limits
from contract_tests.config.settings import checked_url, named_revision
from contract_tests.transport.visible import visible_line

DEFAULT_MOST_ORDERS = 100

_HELP = """Write a world document from what an account shows.

`polar-mock serve --world FILE` then starts a copy: the same orders in the same order, with their states, amounts, dates,
invoice numbers and products. Only GET requests are sent. Names, e-mail addresses and addresses are replaced by
pseudonyms; countries and states are kept. The mock generates new ids and tokens. What can't be copied is listed at the
top of the document and on standard error. Up to eight requests find out first which revision of the contract the account
keeps; --revision R takes R instead.

\b
Examples:
  POLAR_ORGANIZATION_TOKEN=polar_oat_... polar-contract capture --base-url sandbox -o world.yaml
  polar-contract capture --base-url http://127.0.0.1:8000 --token customer=polar_cst_... | less
  polar-mock serve --world world.yaml

HTTPS_PROXY, HTTP_PROXY and NO_PROXY apply to targets on other hosts.

\b
Exit codes:
  0  the document was written
  2  the document could not be made
"""


@click.command(help=_HELP)
@click.option("--base-url", required=True, metavar="URL", help="The account's API: scheme and host, or sandbox.")
@click.option(
    "--token",
    "tokens",
    multiple=True,
    metavar="KIND=TOKEN",
    help="KIND is organization, customer or member. Prefer environment variables such as POLAR_ORGANIZATION_TOKEN. "
    "Two kinds of token show more.",
)
@env_file_option
@click.option("-o", "--output", metavar="FILE", help="Write the document to this file.  [default: standard output]")
@click.option(
    "--max-orders",
    type=click.IntRange(1, 5000),
    default=DEFAULT_MOST_ORDERS,
    show_default=True,
    help="Copy at most this many orders, the newest ones.",
)
@click.option("--keep-names", is_flag=True, help="Keep names, e-mail addresses, addresses and external ids.")
@click.option("--keep-ids", is_flag=True, help="Keep ids; a mock that already has these ids refuses the document.")
@account_revision_option
@timeout_option
@max_time_option
@ca_bundle_option
@production_option
def capture(
    base_url: str,
    tokens: tuple[str, ...],
    env_file: str | None,
    output: str | None,
    max_orders: int,
    keep_names: bool,
    keep_ids: bool,
    revision: str | None,
    timeout: float,
    max_time: float | None,
    ca_bundle: str | None,
    production: bool,
) -> None:
    """See the help text above."""
    # Imported here so that --help does not load the contract.
    from contract_tests.tools.capture.run import Wish, capture_text

    try:
        named = named_revision(revision)
        url = checked_url(base_url, production=production, revision=named["revision"])
        wish = Wish(
            base_url=url,
            tokens=collect_tokens(tokens, environment_with(env_file)),
            revision=named["revision"] if named["asks_revision"] else None,
            most_orders=max_orders,
            timeout_seconds=timeout,
            limits=Limits(max_seconds=max_time),
            network=usable_network(ca_bundle, os.environ, url),
            keeps_names=keep_names,
            keeps_ids=keep_ids,
        )
        captured = capture_text(wish, stream=sys.stderr)
        _write(captured.text, output)
    except CannotRun as problem:
        click.echo(visible_line(str(problem)), err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        click.echo("Interrupted; nothing was written.", err=True)
        sys.exit(2)
    for line in captured.report:
        click.echo(visible_line(line), err=True)


def _write(text: str, output: str | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        Path(output).write_text(text, "utf-8")
    except OSError as problem:
        raise CannotRun(f"--output {output} could not be written ({problem.strerror}).") from problem
