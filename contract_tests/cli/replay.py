"""The command `polar-contract replay`: reads its options and prints the findings in files of recorded exchanges. Sends nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click

from contract_tests.cli.options import only_rule_option, recorded_revision_option
from contract_tests.config.errors import CannotRun
from contract_tests.config.settings import named_revision
from contract_tests.tools.replay.sources import Unreadable
from contract_tests.transport.visible import visible, visible_line
from polar_contract import ContractError, load_contract

_HELP = """Check recorded exchanges without a server.

FILES are HAR documents (browsers save them, and every run writes one into its reports), recordings of the service, zips
of a HAR document (Playwright writes them), or folders of these. Each answer is checked against the contract and against
the exchanges before it. Bodies in separate files are read only from the document's folder or zip. The contract's revision
is the one that most answers of a file name (Polar-Version; 0.1.0 if they name none), or for one answer the one that it names.

Browsers omit the Authorization header on export. The authorization checks are then skipped, and the end of the output
reports that.

\b
Examples:
  polar-contract replay reports/exchanges.har
  polar-contract replay recordings/0.1.0
  polar-contract replay checkout.har.zip
  polar-contract replay --all-headers proxy.har
  polar-contract replay --revision 2026-10 proxy.har

\b
Exit codes:
  0  no violations found in the checked answers
  1  at least one answer breaks the contract
  2  nothing could be checked
"""


@click.command(help=_HELP)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@recorded_revision_option
@click.option(
    "--all-headers",
    is_flag=True,
    help="The HAR documents contain every header that was sent: a request without Authorization had no token.",
)
@only_rule_option
def replay(files: tuple[Path, ...], revision: str | None, all_headers: bool, only_rules: tuple[str, ...]) -> None:
    """See the help text above."""
    # Imported here so that --help does not load the modules that read answers and invoices.
    from contract_tests.checks.chosen_rules import chosen_rules
    from contract_tests.tools.replay.checking import check_files
    from contract_tests.tools.replay.report import lines_of

    try:
        chosen = chosen_rules(only_rules)
        named = named_revision(revision)
        contract = load_contract(named["revision"]) if named["asks_revision"] else None
        verdict = check_files(files, contract, has_all_headers=all_headers, only_rules=chosen)
    except CannotRun as problem:
        _stop(str(problem))
    except Unreadable as problem:
        _stop(f"{problem}.")
    except ContractError as problem:
        _stop(f"{str(problem)[:1].upper()}{str(problem)[1:]}.")
    for found in verdict.findings:
        click.echo(f"{visible(str(found))}\n")
    for line in lines_of(verdict):
        click.echo(line)
    if not verdict.checked and not verdict.findings:
        _stop("No answer of an operation in the contract was found, so nothing could be checked.")
    sys.exit(1 if verdict.findings else 0)


def _stop(message: str) -> NoReturn:
    click.echo(visible_line(message), err=True)
    sys.exit(2)
