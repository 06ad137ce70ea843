"""The command `polar-contract drift`: compares a published OpenAPI document with the contract."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from contract_tests.cli.options import ca_bundle_option, production_option, revision_option, timeout_option
from contract_tests.config.errors import CannotRun
from contract_tests.transport.visible import visible_line
from polar_contract import ContractError

_HELP = """Compare a published OpenAPI document with the contract of a revision.

The document is a file, or a URL that gets one GET without a token. Only operations of the contract are compared;
titles, descriptions and examples don't count. A difference that hurts clients written for the contract makes the exit
code 1, unless it is in the file of accepted differences.

\b
Examples:
  polar-contract drift --against openapi.json --revision 2026-10
  polar-contract drift --against https://sandbox-api.polar.sh/2026-10/openapi.json --revision 2026-10
  polar-contract drift --against openapi.json --revision 2026-10 --write-accept accepted.txt
  polar-contract drift --against openapi.json --revision 2026-10 --accept accepted.txt

HTTPS_PROXY, HTTP_PROXY and NO_PROXY apply to URLs of other hosts.

\b
Exit codes:
  0  no client is hurt, or only by accepted differences
  1  clients are hurt
  2  the document could not be compared
"""


@click.command(help=_HELP)
@click.option("--against", required=True, metavar="URL|FILE", help="The published document, in JSON or YAML.")
@revision_option
@click.option(
    "--accept", type=click.Path(path_type=Path), metavar="FILE", help="Don't count the differences that FILE lists."
)
@click.option(
    "--write-accept",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="List the present differences in FILE for --accept; the exit code is then 0.",
)
@timeout_option
@ca_bundle_option
@production_option
def drift(
    against: str,
    revision: str,
    accept: Path | None,
    write_accept: Path | None,
    timeout: float,
    ca_bundle: str | None,
    production: bool,
) -> None:
    """See the help text above."""
    # Imported here so that --help does not load the contract.
    from contract_tests.tools.changes.grouping import hurting
    from contract_tests.tools.drift.accepting import read_accepted, write_accepted
    from contract_tests.tools.drift.drifting import drift_of, lines_of
    from contract_tests.tools.drift.reading import address_in, fetching_for, read_document
    from polar_contract import load_contract

    try:
        contract = load_contract(revision)
        accepted = read_accepted(accept) if accept is not None else ()
        address = address_in(against, production=production)
        document = read_document(against, address, fetching_for(address, timeout, ca_bundle, os.environ))
        found = drift_of(address.shown if address else against, document, contract, accepted)
        if write_accept is not None:
            write_accepted(write_accept, hurting(found.differences))
    except CannotRun as problem:
        _stop(str(problem))
    except ContractError as problem:
        _stop(f"{str(problem)[:1].upper()}{str(problem)[1:]}.")
    for line in lines_of(found):
        click.echo(visible_line(line))
    sys.exit(found.exit_code if write_accept is None else 0)


def _stop(message: str) -> NoReturn:
    click.echo(visible_line(message), err=True)
    sys.exit(2)
