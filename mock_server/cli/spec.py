"""The `polar-mock spec` command: report the problems of a contract with their places."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.group()
def spec() -> None:
    """Work with contracts (OpenAPI 3.1 documents)."""


@spec.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
def check(file: Path | None) -> None:
    """Check FILE, or document, overlay and behaviour of every revision in the spec folder.

    The spec folder is the bundled one, or the one that the environment variable POLAR_SPEC names.
    Prints one line for each problem: file, place (a JSON pointer) and description.
    Exit code 0 if there are no problems, 1 if there are some.

    \b
    Examples:
      polar-mock spec check
      polar-mock spec check openapi.yaml
    """
    # The validators take a third of a second to import; serving never needs them.
    from polar_contract.checking import check_document

    problems = check_document(file)
    for problem in problems:
        click.echo(str(problem))
    if problems:
        sys.exit(1)
    click.echo(f"{file or 'the spec'}: no problems")
