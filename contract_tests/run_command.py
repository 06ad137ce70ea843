"""The command `polar-contract run`: its options, and handing over to the run or to the plan of one. Judges nothing itself."""

from __future__ import annotations

import sys
from typing import TypedDict, Unpack

import click

from contract_tests.environment import environment_with
from contract_tests.findings import CannotRun
from contract_tests.permissions import DEFAULT_READY_WITHIN_SECONDS, read_limits, read_permissions
from contract_tests.settings import (
    CHECKS,
    DEFAULT_MAX_EXAMPLES,
    DEFAULT_SEED,
    HARS,
    Settings,
    read_settings,
)
from contract_tests.shared_options import (
    ca_bundle_option,
    env_file_option,
    max_time_option,
    production_option,
    revision_option,
    timeout_option,
)
from contract_tests.visible import visible_line

_HELP = """Judge a target against the contract.

Without --base-url the bundled mock is started and judged. A mock on this machine is judged wholly, in worlds of the
judge's own. Any other target is a live account: it gets reads, and requests that have to be refused because they carry
no valid token. With an organization's token alone one customer session is opened (--no-session: none). Everything else
has to be allowed: see --allow-writes and --allow-invoice, and --dry-run for what would be sent. With --as-live a mock
is treated as a live account in all this, to rehearse.

\b
Examples:
  polar-contract run
  polar-contract run --base-url http://127.0.0.1:8000
  POLAR_ORGANIZATION_TOKEN=polar_oat_... polar-contract run --base-url https://sandbox-api.polar.sh --dry-run
  POLAR_CUSTOMER_TOKEN=polar_cst_... polar-contract run --base-url https://sandbox-api.polar.sh
  polar-contract run --as-live --requests-per-minute 6000

HTTPS_PROXY, HTTP_PROXY and NO_PROXY are heeded for targets off this machine.

\b
Exit codes:
  0  the target keeps the contract
  1  it breaks the contract
  2  it could not be judged
"""


class _Options(TypedDict):
    base_url: str | None
    tokens: tuple[str, ...]
    env_file: str | None
    revision: str
    seed: int
    max_examples: int
    reports: str
    timeout: float
    only: tuple[str, ...]
    skip: tuple[str, ...]
    promises: bool
    fail_fast: bool
    workers: int
    allow_writes: bool
    allow_invoice: tuple[str, ...]
    follow_downloads: bool
    no_session: bool
    as_live: bool
    requests_per_minute: int | None
    max_requests: int | None
    max_time: float | None
    ca_bundle: str | None
    ready_within: float
    har: str
    dry_run: bool
    production: bool


@click.command(help=_HELP)
@click.option("--base-url", metavar="URL", help="The target: scheme and host, or sandbox.")
@click.option(
    "--token",
    "tokens",
    multiple=True,
    metavar="KIND=TOKEN",
    help="Token of a live account; KIND is customer, member or organization. Better: POLAR_CUSTOMER_TOKEN and so on.",
)
@env_file_option
@revision_option
@click.option("--seed", type=int, default=DEFAULT_SEED, show_default=True, help="Same seed, same requests.")
@click.option(
    "--max-examples",
    type=int,
    default=DEFAULT_MAX_EXAMPLES,
    show_default=True,
    help="Generated requests per operation and kind.",
)
@click.option("--reports", default="reports", show_default=True, metavar="FOLDER", help="Where the reports go.")
@timeout_option
@click.option(
    "--only",
    multiple=True,
    type=click.Choice(CHECKS),
    help="Make these checks only; may be repeated. Whether every documented answer is reached is then not judged.",
)
@click.option("--skip", multiple=True, type=click.Choice(CHECKS), help="Leave these checks out; may be repeated.")
@click.option(
    "--promises",
    is_flag=True,
    help="Count broken promises of the documentation against a live target too; on the mock they always count.",
)
@click.option("-x", "--fail-fast", is_flag=True, help="Stop after the first check that finds something.")
@click.option(
    "--workers",
    type=int,
    default=1,
    show_default=True,
    help="Judge a mock in so many processes; a live account in one.",
)
@click.option("--allow-writes", is_flag=True, help="Live: PATCH the billing details of one order, and put them back.")
@click.option(
    "--allow-invoice",
    multiple=True,
    metavar="ORDER_ID",
    help="Live: ask for this order's invoice, once. It can't be taken back. May be repeated, also with the same id.",
)
@click.option("--follow-downloads", is_flag=True, help="Live: download invoices from the host that their URL names.")
@click.option("--no-session", is_flag=True, help="Live: open no customer session with an organization's token.")
@click.option(
    "--as-live",
    is_flag=True,
    help="Treat a mock as a live account: only what was allowed is sent, at that pace, with tokens as for any account. "
    "The bundled mock is judged with its demo organization's token.",
)
@click.option("--requests-per-minute", type=int, metavar="N", help="At most N; usually 80, on this machine no limit.")
@click.option("--max-requests", type=int, metavar="N", help="Send no more than N; what is left is not judged.")
@max_time_option
@ca_bundle_option
@click.option(
    "--ready-within",
    type=float,
    default=DEFAULT_READY_WITHIN_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="Live: how soon an invoice has to be there.",
)
@click.option(
    "--har",
    type=click.Choice(HARS),
    default=HARS[0],
    show_default=True,
    help="How much exchanges.har holds: at most 5 MB, those of findings first; or every exchange.",
)
@click.option("--dry-run", is_flag=True, help="Send nothing; print every class of request that would be sent.")
@production_option
def run(**options: Unpack[_Options]) -> None:
    """See the help text above."""
    try:
        settings = _settings_from(options)
    except CannotRun as problem:
        click.echo(visible_line(str(problem)), err=True)
        sys.exit(2)
    sys.exit(_plan(settings) if options["dry_run"] else _run(settings))


def _settings_from(options: _Options) -> Settings:
    return read_settings(
        base_url=options["base_url"],
        token_options=options["tokens"],
        environment=environment_with(options["env_file"]),
        revision=options["revision"],
        seed=options["seed"],
        max_examples=options["max_examples"],
        reports=options["reports"],
        timeout_seconds=options["timeout"],
        production=options["production"],
        only=options["only"],
        skip=options["skip"],
        promises=options["promises"],
        as_live=options["as_live"],
        fail_fast=options["fail_fast"],
        workers=options["workers"],
        ca_bundle=options["ca_bundle"],
        har=options["har"],
        permissions=read_permissions(
            writes=options["allow_writes"],
            invoice_ids=options["allow_invoice"],
            downloads=options["follow_downloads"],
            session=not options["no_session"],
        ),
        limits=read_limits(
            requests_per_minute=options["requests_per_minute"],
            max_requests=options["max_requests"],
            max_seconds=options["max_time"],
            ready_within_seconds=options["ready_within"],
        ),
    )


def _run(settings: Settings) -> int:
    # pytest, Hypothesis and Schemathesis are spared to those who only read the help.
    from contract_tests.run import run as run_checks

    return run_checks(settings)


def _plan(settings: Settings) -> int:
    from contract_tests.planning import print_plan

    return print_plan(settings)
