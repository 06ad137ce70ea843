"""The command `polar-contract compat`: tells what of an application's recorded requests another revision breaks. Sends nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click

from contract_tests.tools.replay.sources import Unreadable
from contract_tests.transport.visible import visible_line
from polar_contract import ContractError, default_revision

_HELP = """Tell which recorded requests and answers of an application a newer revision changes.

FILES are what `polar-contract replay` reads: HAR documents, recordings of the service, zips of a HAR document, or folders
of these, recorded against the revision of --from. Each request is judged by the new document and rules, with what the
exchanges before it show: operations that are gone, requests that are refused or lose a field, answers that have another
status, and fields of the answers that vanish, appear or may be null.

\b
Examples:
  polar-contract compat app.har --revision 2026-10
  polar-contract compat recordings/ --from 2026-04 --revision 2026-10
  polar-contract compat reports/exchanges.har --revision 2026-10

Tokens are never shown. `polar-contract changes` tells what no recording shows.

\b
Exit codes:
  0  nothing that the application did breaks
  1  something breaks
  2  nothing could be judged
"""


@click.command(help=_HELP)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--revision", required=True, metavar="NEW", help="The revision to judge by.")
@click.option(
    "--from", "old", metavar="OLD", help="The revision of the recordings.  [default: the one that the spec names]"
)
@click.option(
    "--all-headers",
    is_flag=True,
    help="The HAR documents contain every header that was sent: a request without Authorization had no token.",
)
def compat(files: tuple[Path, ...], revision: str, old: str | None, all_headers: bool) -> None:
    """See the help text above."""
    # Imported here so that --help does not load the contract.
    from contract_tests.reporting.redaction import Redactor
    from contract_tests.tools.compat.report import lines_of
    from contract_tests.tools.compat.run import judge_files
    from polar_contract import load_contract

    redactor = Redactor()
    try:
        before, after = load_contract(old or default_revision()), load_contract(revision)
        if before.revision == after.revision:
            _stop(f"--from and --revision are both {revision}; name two revisions.")
        result = judge_files(files, before, after, redactor, has_all_headers=all_headers)
    except Unreadable as problem:
        _stop(redactor.redact(f"{problem}."))
    except ContractError as problem:
        _stop(f"{str(problem)[:1].upper()}{str(problem)[1:]}.")
    for line in lines_of(result):
        click.echo(visible_line(redactor.redact(line)))
    if not result.judged:
        _stop("No request of an operation in the contract was found, so nothing could be judged.")
    sys.exit(result.exit_code)


def _stop(message: str) -> NoReturn:
    click.echo(visible_line(message), err=True)
    sys.exit(2)
