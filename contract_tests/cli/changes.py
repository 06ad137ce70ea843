"""The command `polar-contract changes`: prints what changed between two revisions. Sends nothing."""

from __future__ import annotations

import sys

import click

from polar_contract import ContractError

_HELP = """Print what changed from the revision OLD to the revision NEW, and for whom.

Each difference of the two documents names its operations, its place, what was before and after, and whom it hurts: a
client that reads answers and events, one that writes requests, or nobody. What hurts comes first. Then come the rules
that the documents don't state: what they mean, their values, and what client code has to do.

\b
Examples:
  polar-contract changes 0.1.0 2026-10
  polar-contract changes 2026-04 2026-10 --format markdown > changes.md
  polar-contract changes 2026-04 2026-10 --format json

\b
Exit codes:
  0  printed, whether or not anything changed
  2  a revision is not known or can't be read
"""


@click.command(help=_HELP)
@click.argument("old")
@click.argument("new")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "markdown", "json")),
    default="text",
    show_default=True,
    help="The form of the output.",
)
def changes(old: str, new: str, form: str) -> None:
    """See the help text above."""
    # Imported here so that --help does not load the contract.
    from contract_tests.tools.changes.comparison import compare_revisions
    from contract_tests.tools.changes.report import FORMATS
    from contract_tests.transport.visible import visible_line

    try:
        comparison = compare_revisions(old, new)
    except ContractError as problem:
        click.echo(visible_line(f"{str(problem)[:1].upper()}{str(problem)[1:]}."), err=True)
        sys.exit(2)
    click.echo(FORMATS[form](comparison), nl=False)
