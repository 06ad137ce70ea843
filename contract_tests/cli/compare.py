"""The command `polar-contract compare`: reads and validates its options. The comparison itself is in `run`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

import click

from contract_tests.cli.options import (
    ca_bundle_option,
    compared_revision_option,
    env_file_option,
    max_time_option,
    production_option,
    timeout_option,
)
from contract_tests.config.credentials import collect_tokens
from contract_tests.config.environment import environment_with
from contract_tests.config.errors import CannotRun
from contract_tests.config.network import usable_network
from contract_tests.config.permissions import Limits, Permissions
from contract_tests.config.settings import DEFAULT_SEED, NamedRevision, Settings, checked_url, named_revision
from contract_tests.transport.visible import visible_line

_HELP = """Send the same requests to two targets and report where their answers differ.

The comparison sends every row of the core table, then stories: sequences of steps generated from the model. Two mocks
also run the contract tests, whose results must be equal. Ids, times, tokens and signatures may differ. Every other
distinct difference is reported once, with the shortest story that shows it. Answers differ in status, in error name,
in shape (key paths and types) or in value.

Two mocks on this machine are compared in worlds created for the comparison. A live account receives only reads and
requests that it has to refuse; when the other target is a mock, the mock first gets a copy of the account. The revision
is the one that the live account keeps, which a few requests find out first; --revision R takes R instead.

\b
Examples:
  polar-contract compare --left http://127.0.0.1:8000 --right http://127.0.0.1:8001
  polar-contract compare --left http://127.0.0.1:8000 --right http://127.0.0.1:8001 --steps 2000 --seed 7
  POLAR_CUSTOMER_TOKEN=polar_cst_... polar-contract compare --right sandbox
  POLAR_RIGHT_CUSTOMER_TOKEN=polar_cst_... \\
    polar-contract compare --left http://127.0.0.1:8000 --right https://sandbox-api.polar.sh

Differences that docs/fidelity.md lists are reported under their names and count only with --strict.

HTTPS_PROXY, HTTP_PROXY and NO_PROXY apply to targets on other hosts.

\b
Exit codes:
  0  all answers are the same, except for known differences
  1  some answers differ in an unknown way
  2  the comparison could not be made
"""


@click.command(help=_HELP)
@click.option("--left", metavar="URL", help="One target: scheme and host, or sandbox.  [default: the bundled mock]")
@click.option("--right", required=True, metavar="URL", help="The other target: scheme and host, or sandbox.")
@click.option(
    "--token-left",
    "left_tokens",
    multiple=True,
    metavar="KIND=TOKEN",
    help="Token of a live account; KIND is customer, member or organization. "
    "Prefer environment variables such as POLAR_LEFT_CUSTOMER_TOKEN.",
)
@click.option(
    "--token-right", "right_tokens", multiple=True, metavar="KIND=TOKEN", help="The same for the other target."
)
@click.option(
    "--steps",
    type=click.IntRange(0, 100_000),
    metavar="NUMBER",
    help="Number of story steps after the table.  [default: 500 between mocks, 30 with a live account]",
)
@click.option(
    "--as-live",
    multiple=True,
    type=click.Choice(("left", "right")),
    help="Treat a mock on this side as a live account, as a rehearsal.",
)
@click.option(
    "--requests-per-minute",
    type=click.IntRange(1, 100_000),
    metavar="N",
    help="At most N to a live account. Default 80; unlimited on loopback.",
)
@env_file_option
@click.option("--no-checks", is_flag=True, help="Between mocks: skip the contract tests (about ten seconds).")
@click.option("--fail-fast", is_flag=True, help="Stop at the first difference; do not shorten its story.")
@click.option("--strict", is_flag=True, help="Also count known differences (docs/fidelity.md).")
@click.option(
    "--seed", type=int, default=DEFAULT_SEED, show_default=True, help="The same seed generates the same stories."
)
@compared_revision_option
@timeout_option
@max_time_option
@ca_bundle_option
@production_option
def compare(
    left: str | None,
    right: str,
    left_tokens: tuple[str, ...],
    right_tokens: tuple[str, ...],
    steps: int | None,
    as_live: tuple[str, ...],
    requests_per_minute: int | None,
    env_file: str | None,
    no_checks: bool,
    fail_fast: bool,
    strict: bool,
    seed: int,
    revision: str | None,
    timeout: float,
    max_time: float | None,
    ca_bundle: str | None,
    production: bool,
) -> None:
    """See the help text above."""
    # Imported here so that --help does not load Hypothesis and the contract.
    from contract_tests.reporting.terminal import report_console
    from contract_tests.tools.compare.run import Wish, run
    from contract_tests.tools.compare.targets import SideName, tokens_in

    def settings(side: SideName, url: str | None, tokens: Iterable[str], named: NamedRevision) -> Settings:
        base_url = None
        if url is not None:
            base_url = checked_url(url, production=production, option=f"--{side}", revision=named["revision"])
        # The bundled mock needs no token, so plain variable names can only belong to the other side.
        environment = tokens_in(environment_with(env_file), side, takes_plain=left is None and side == "right")
        return Settings(
            permissions=Permissions(session=False),
            base_url=base_url,
            limits=Limits(requests_per_minute=requests_per_minute, max_seconds=max_time),
            network=usable_network(ca_bundle, os.environ, base_url),
            tokens=collect_tokens(tokens, environment, option=f"--token-{side}"),
            as_live=side in as_live,
            **named,
            seed=seed,
            timeout_seconds=timeout,
        )

    try:
        named = named_revision(revision)
        sides = settings("left", left, left_tokens, named), settings("right", right, right_tokens, named)
        wish = Wish(*sides, steps, seed, makes_checks=not no_checks, fails_fast=fail_fast, is_strict=strict)
        sys.exit(run(wish, report_console(), stream=sys.stderr))
    except CannotRun as problem:
        click.echo(visible_line(str(problem)), err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        click.echo("Interrupted; nothing was compared.", err=True)
        sys.exit(2)
