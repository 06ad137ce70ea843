"""The command line `polar-contract`: reads options, hands over to the run. Judges nothing itself."""

from __future__ import annotations

import os
import sys

import click

from contract_tests.capturing.command import capture
from contract_tests.findings import CannotJudge
from contract_tests.offline.command import judge
from contract_tests.parity.command import parity
from contract_tests.settings import (
    CHECKS,
    DEFAULT_MAX_EXAMPLES,
    DEFAULT_REVISION,
    DEFAULT_SEED,
    DEFAULT_TIMEOUT_SECONDS,
    Settings,
    read_settings,
)

_RUN_HELP = """Judge a target against the contract.

Without --base-url the bundled mock is started and judged. A mock on this machine is judged wholly, in worlds of the
judge's own. Any other target is a live account: it gets reads, and requests that have to be refused, and nothing else.

\b
Examples:
  polar-contract run
  polar-contract run --base-url http://127.0.0.1:8000
  POLAR_CUSTOMER_TOKEN=polar_cst_... polar-contract run --base-url https://sandbox-api.polar.sh

\b
Exit codes:
  0  the target keeps the contract
  1  it breaks the contract
  2  it could not be judged
"""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Says whether a server keeps the contract of the order-invoice API."""


main.add_command(capture)
main.add_command(judge)
main.add_command(parity)


@main.command(help=_RUN_HELP)
@click.option("--base-url", metavar="URL", help="The target: scheme and host.")
@click.option(
    "--token",
    "tokens",
    multiple=True,
    metavar="KIND=TOKEN",
    help="Token of a live account; KIND is customer, member or organization. Better: POLAR_CUSTOMER_TOKEN and so on.",
)
@click.option("--revision", default=DEFAULT_REVISION, show_default=True, help="The contract's revision.")
@click.option("--seed", type=int, default=DEFAULT_SEED, show_default=True, help="Same seed, same requests.")
@click.option(
    "--max-examples",
    type=int,
    default=DEFAULT_MAX_EXAMPLES,
    show_default=True,
    help="Generated requests per operation and kind.",
)
@click.option("--reports", default="reports", show_default=True, metavar="FOLDER", help="Where the reports go.")
@click.option(
    "--timeout",
    type=float,
    default=DEFAULT_TIMEOUT_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="Patience per answer.",
)
@click.option(
    "--only",
    multiple=True,
    type=click.Choice(CHECKS),
    help="Make these checks only; may be repeated. Whether every documented answer is reached is then not judged.",
)
@click.option("--i-understand-this-is-production", "production", is_flag=True, help="Allow api.polar.sh.")
def run(
    base_url: str | None,
    tokens: tuple[str, ...],
    revision: str,
    seed: int,
    max_examples: int,
    reports: str,
    timeout: float,
    only: tuple[str, ...],
    production: bool,
) -> None:
    """See the help text above."""
    try:
        settings = read_settings(
            base_url=base_url,
            token_options=tokens,
            environment=os.environ,
            revision=revision,
            seed=seed,
            max_examples=max_examples,
            reports=reports,
            timeout_seconds=timeout,
            production=production,
            only=only,
        )
    except CannotJudge as problem:
        click.echo(str(problem), err=True)
        sys.exit(2)
    sys.exit(_run(settings))


def _run(settings: Settings) -> int:
    # pytest, Hypothesis and Schemathesis are spared to those who only read the help.
    from contract_tests.run import run as run_checks

    return run_checks(settings)
