"""`polar-contract judge`: reads files of recorded exchanges and says what is wrong in them. Sends nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from contract_tests.offline.sources import Unreadable
from contract_tests.reporting.files import SUMMARY_FILE
from contract_tests.settings import DEFAULT_REVISION
from contract_tests.verdicts import counted
from contract_tests.visible import visible, visible_line
from polar_contract import ContractError, load_contract

if TYPE_CHECKING:
    from contract_tests.offline.judging import OfflineVerdict

_HELP = """Judge recorded exchanges, without a server.

FILES are HAR documents (browsers save them, and every run leaves one in its reports), recordings of the service, or
folders of either. Each answer is held against the contract, and against what the exchanges before it have shown.

\b
Examples:
  polar-contract judge reports/exchanges.har
  polar-contract judge recordings/0.1.0

\b
Exit codes:
  0  every answer keeps the contract
  1  some do not
  2  nothing could be judged
"""
_SUFFIXES = (".har", ".json")


@click.command(help=_HELP)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--revision", default=DEFAULT_REVISION, show_default=True, help="The contract's revision.")
def judge(files: tuple[Path, ...], revision: str) -> None:
    """See the help text above."""
    # What reads answers and invoices is spared to those who only read the help.
    from contract_tests.offline.judging import judge_files

    try:
        paths = [file for path in files for file in _files_in(path)]
        verdict = judge_files(paths, load_contract(revision))
    except Unreadable as problem:
        _stop(f"{problem}.")
    except ContractError as problem:
        _stop(f"{str(problem)[:1].upper()}{str(problem)[1:]}.")
    for found in verdict.findings:
        click.echo(f"{visible(str(found))}\n")
    click.echo(_sentence(len(paths), verdict))
    if not verdict.judged and not verdict.findings:
        _stop("No answer of an operation in the contract was found, so nothing could be judged.")
    sys.exit(1 if verdict.findings else 0)


def _files_in(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    try:
        # A folder of reports also holds a summary of the run.
        return sorted(file for file in path.iterdir() if file.suffix in _SUFFIXES and file.name != SUMMARY_FILE)
    except OSError as problem:
        raise Unreadable(path, f"this folder can't be read: {problem.strerror}") from problem


def _sentence(files: int, verdict: OfflineVerdict) -> str:
    counts = f"{counted(verdict.judged, 'answer')} judged, {verdict.outside} outside the contract's operations"
    return f"{counted(files, 'file')}: {counts}, {counted(len(verdict.findings), 'finding')}"


def _stop(sentence: str) -> NoReturn:
    click.echo(visible_line(sentence), err=True)
    sys.exit(2)
