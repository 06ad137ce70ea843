"""The command `polar-contract rules`: lists the ids that `--only-rule` takes. Sends nothing."""

from __future__ import annotations

import click

_HELP = """List every rule that the contract tests check: its id, and what it says.

Reports name rules by these ids. `run` and `replay` report single rules with --only-rule ID.

\b
Examples:
  polar-contract rules
  polar-contract run --only-rule page.unique --only-rule list.sorted
"""


@click.command(help=_HELP)
def rules() -> None:
    """See the help text above."""
    from contract_tests.checks.rules import Rule

    width = max(len(rule.id) for rule in Rule)
    for rule in Rule:
        click.echo(f"{rule.id:<{width}}  {rule.sentence}")
