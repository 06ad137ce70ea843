"""The command `polar-contract run`: its options and help; starts the run or prints its plan. Checks nothing itself."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from typing import TypedDict, Unpack

import click

from contract_tests.checks.chosen_rules import chosen_rules
from contract_tests.cli.options import (
    auto_revision_option,
    ca_bundle_option,
    date_option,
    env_file_option,
    max_time_option,
    only_rule_option,
    production_option,
    timeout_option,
)
from contract_tests.config.environment import environment_with
from contract_tests.config.errors import CannotRun
from contract_tests.config.permissions import DEFAULT_READY_WITHIN_SECONDS, read_limits, read_permissions
from contract_tests.config.settings import (
    CHECKS,
    DEFAULT_MAX_EXAMPLES,
    DEFAULT_SEED,
    HARS,
    Settings,
    default_workers,
    named_revision,
    read_settings,
    renamed,
)
from contract_tests.transport.visible import visible_line

_HELP = """Test a target against the contract.

Without --base-url the bundled mock is started and tested. A mock on this machine gets all checks, in worlds that the
contract tests create. Any other target is treated as a live account: it gets reads, and requests that must be refused
because they carry no valid token. If only an organization token is given, one customer session is opened (--no-session
prevents this). All other requests need permission: see --allow-writes and --allow-invoice; --dry-run shows what would
be sent. With --as-live a mock is treated as a live account, to rehearse a live run.

\b
Examples:
  polar-contract run
  polar-contract run --base-url http://127.0.0.1:8000
  POLAR_ORGANIZATION_TOKEN=polar_oat_... polar-contract run --base-url https://sandbox-api.polar.sh --dry-run
  POLAR_CUSTOMER_TOKEN=polar_cst_... polar-contract run --base-url https://sandbox-api.polar.sh
  polar-contract run --as-live --requests-per-minute 6000

HTTPS_PROXY, HTTP_PROXY and NO_PROXY apply to targets that are not on this machine.

\b
Exit codes:
  0  no violation of the contract found
  1  the target breaks the contract, or keeps another revision than --revision
  2  the target could not be checked
"""


class _Options(TypedDict):
    base_url: str | None
    tokens: tuple[str, ...]
    env_file: str | None
    revision: str | None
    day: datetime | None
    seed: int
    max_examples: int
    reports: str
    timeout: float
    only: tuple[str, ...]
    skip: tuple[str, ...]
    only_rules: tuple[str, ...]
    documented_guarantees: bool
    promises: bool
    fail_fast: bool
    workers: int | None
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


def _print_new_name(_: click.Context, option: click.Parameter, is_given: bool) -> bool:
    """Print the present name of an option that is given by its old one."""
    if is_given and option.name is not None:
        click.echo(renamed(f"--{option.name}"), err=True)
    return is_given


@click.command(help=_HELP)
@click.option("--base-url", metavar="URL", help="The target: scheme and host, or the name sandbox.")
@click.option(
    "--token",
    "tokens",
    multiple=True,
    metavar="KIND=TOKEN",
    help="Token of a live account; KIND is customer, member or organization. Prefer POLAR_CUSTOMER_TOKEN etc.",
)
@env_file_option
@auto_revision_option
@date_option
@click.option("--seed", type=int, default=DEFAULT_SEED, show_default=True, help="Same seed, same requests.")
@click.option(
    "--max-examples",
    type=int,
    default=DEFAULT_MAX_EXAMPLES,
    show_default=True,
    help="Generated requests per operation and kind.",
)
@click.option("--reports", default="reports", show_default=True, metavar="FOLDER", help="Folder for the reports.")
@timeout_option
@click.option(
    "--only",
    multiple=True,
    type=click.Choice(CHECKS),
    help="Run only these checks; may be repeated. Coverage of all documented responses is then not checked.",
)
@click.option("--skip", multiple=True, type=click.Choice(CHECKS), help="Skip these checks; may be repeated.")
@only_rule_option
@click.option(
    "--documented-guarantees",
    is_flag=True,
    help="Count broken documented guarantees on a live target, too; on the mock they always count.",
)
@click.option("--promises", is_flag=True, hidden=True, callback=_print_new_name)
@click.option("-x", "--fail-fast", is_flag=True, help="Stop after the first check with a finding.")
@click.option(
    "--workers",
    type=int,
    default=None,
    help="Number of processes for a mock; a live account always gets one. Default: 2 for the bundled mock on two cores or "
    "more, otherwise 1.",
)
@click.option(
    "--allow-writes",
    is_flag=True,
    help="Live: PATCH the billing details of an order through the portal and of one through the organization API, then "
    "restore them.",
)
@click.option(
    "--allow-invoice",
    multiple=True,
    metavar="ORDER_ID",
    help="Live: request this order's invoice once. This cannot be undone. May be repeated, also with the same id.",
)
@click.option("--follow-downloads", is_flag=True, help="Live: download invoices from the host in their URL.")
@click.option("--no-session", is_flag=True, help="Live: open no customer session with an organization's token.")
@click.option(
    "--as-live",
    is_flag=True,
    help="Treat a mock as a live account: only allowed requests, the live request rate, tokens as for any account. "
    "The bundled mock is tested with its demo organization's token.",
)
@click.option("--requests-per-minute", type=int, metavar="N", help="At most N. Default 80; unlimited on loopback.")
@click.option(
    "--max-requests", type=int, metavar="N", help="Send at most N requests; the remaining checks are skipped."
)
@max_time_option
@ca_bundle_option
@click.option(
    "--ready-within",
    type=float,
    default=DEFAULT_READY_WITHIN_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="Live: how soon a requested invoice must be available.",
)
@click.option(
    "--har",
    type=click.Choice(HARS),
    default=HARS[0],
    show_default=True,
    help="Size of exchanges.har: short is at most 5 MB, exchanges of findings first; full is every exchange.",
)
@click.option("--dry-run", is_flag=True, help="Send nothing; print every kind of request that would be sent.")
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
        **named_revision(options["revision"]),
        day=options["day"].date() if options["day"] else None,
        seed=options["seed"],
        max_examples=options["max_examples"],
        reports=options["reports"],
        timeout_seconds=options["timeout"],
        production=options["production"],
        only=options["only"],
        skip=options["skip"],
        only_rules=chosen_rules(options["only_rules"]),
        documented_guarantees=options["documented_guarantees"] or options["promises"],
        as_live=options["as_live"],
        fail_fast=options["fail_fast"],
        workers=_workers(options),
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


def _workers(options: _Options) -> int:
    if options["workers"] is not None:
        return options["workers"]
    return default_workers(
        is_bundled_mock=options["base_url"] is None and not options["as_live"],
        is_limited=options["fail_fast"] or bool(options["max_requests"] or options["requests_per_minute"]),
        cores=os.cpu_count() or 1,
    )


def _run(settings: Settings) -> int:
    # Imported here so that --help does not load pytest, Hypothesis and Schemathesis.
    from contract_tests.runner.run import run as run_checks

    return run_checks(settings)


def _plan(settings: Settings) -> int:
    from contract_tests.cli.dry_run import print_plan

    return print_plan(settings)
