"""The `polar-mock spec` command: report the problems of a contract with their places."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.group()
def spec() -> None:
    """Work with contracts (OpenAPI 3.1 documents)."""


@spec.command()
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Check each FILE, or document, overlay and behaviour of every revision in the spec folder.

    The spec folder is the bundled one, or the one that the environment variable POLAR_SPEC names.
    Prints one line for each problem: file, place (a JSON pointer) and description.
    Needs the extra `spec`: pip install 'polar-contract-harness[spec]'.

    \b
    Exit codes:
      0  there are no problems
      1  there are problems
      2  the extra is not installed, or the command line is wrong

    \b
    Examples:
      polar-mock spec check
      polar-mock spec check openapi.yaml
      polar-mock spec check */openapi.yaml
    """
    # The validators take a third of a second to import; serving never needs them.
    from polar_contract.checking import check_document
    from polar_contract.errors import LibrariesMissing

    found = False
    for file in files or (None,):
        try:
            problems = check_document(file)
        except LibrariesMissing as error:
            click.echo(f"Error: {error}", err=True)
            sys.exit(2)
        for problem in problems:
            click.echo(str(problem))
        if not problems:
            click.echo(f"{file or 'the spec'}: no problems")
        found = found or bool(problems)
    sys.exit(1 if found else 0)
