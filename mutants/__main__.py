"""The command `python -m mutants`: options and exit codes. Tests every planted defect, or compares each with the good mock."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click
from rich.console import Console

from contract_tests.config.settings import CHECKS
from contract_tests.reporting.progress import Progress
from contract_tests.transport.signals import heeding_signals
from mock_server.testing import MockDidNotStart, running_mock
from mutants.catalogue import catalogue
from mutants.comparing import compare_mutant
from mutants.operators import Mutant
from mutants.report import print_caught, print_compared, print_good
from mutants.running import run_on, run_on_mutant
from mutants.runs import outcomes

_QUICK = tuple(part for name in CHECKS if name != "properties" for part in ("--only", name))
_GOOD_SEEDS = (1, 2, 3)
_HELP = """Run the contract tests against planted defects, each in front of the good mock.

NAMES are parts of names or families. Without NAMES the whole catalogue is tested, and the good mock itself with three
seeds. With --compare each defect is instead compared with the good mock, up to the first difference: by the core
table, by 500 steps of stories, and by the contract tests on both sides.

\b
Examples:
  python -m mutants
  python -m mutants webhook "PATCH leaks"
  python -m mutants --compare webhook
  python -m mutants --list

\b
Exit codes:
  0  every defect was caught, and no violation was found in the good mock
  1  a defect was missed, or a violation was found in the good mock
  2  no defect has such a name, the mock did not start, or the run was interrupted
"""


@click.command(help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("names", nargs=-1)
@click.option("--compare", "--parity", "is_compared", is_flag=True, help="Compare each defect with the good mock.")
@click.option("--jobs", type=click.IntRange(1, 32), default=2, show_default=True, help="Number of parallel runs.")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the runs against defects.")
@click.option("--list", "is_listed", is_flag=True, help="Only list the defects.")
def main(names: tuple[str, ...], is_compared: bool, jobs: int, seed: int, is_listed: bool) -> None:
    """See the help text above."""
    chosen = chosen_mutants(names)
    if not chosen:
        click.echo(f"No defect has a name that contains {' or '.join(map(repr, names))}; see --list.", err=True)
        sys.exit(2)
    if is_listed:
        click.echo("\n".join(chosen))
        return
    console = Console(width=None if sys.stdout.isatty() else 170)
    try:
        with heeding_signals(), running_mock() as mock:
            if is_compared:
                exit_code = _compare(mock.base_url, chosen, jobs, seed, console)
            else:
                exit_code = _test(mock.base_url, chosen, jobs, seed, console, with_good=not names)
    except MockDidNotStart as problem:
        click.echo(str(problem), err=True)
        exit_code = 2
    except KeyboardInterrupt:
        click.echo("Interrupted.", err=True)
        exit_code = 2
    sys.exit(exit_code)


def chosen_mutants(names: Iterable[str]) -> dict[str, Mutant]:
    """The defects whose names contain one of the texts; all defects without any text."""
    wanted = [name.lower() for name in names]
    return {
        name: one for name, one in catalogue().items() if not wanted or any(part in name.lower() for part in wanted)
    }


def _test(mock_url: str, chosen: dict[str, Mutant], jobs: int, seed: int, console: Console, *, with_good: bool) -> int:
    arguments = ("--seed", str(seed), *_QUICK)
    caught, are_all = outcomes(chosen, lambda one: run_on_mutant(mock_url, one, arguments), jobs, Progress(sys.stderr))
    print_caught(console, caught)
    if not are_all:
        return _interrupted(len(caught), len(chosen))
    good = {each: run_on(mock_url, ("--seed", str(each), *_QUICK)) for each in _GOOD_SEEDS if with_good}
    print_good(console, good)
    is_well = all(one.is_caught for one in caught.values()) and all(one.exit_code == 0 for one in good.values())
    return 0 if is_well else 1


def _compare(mock_url: str, chosen: dict[str, Mutant], jobs: int, seed: int, console: Console) -> int:
    arguments = ("--seed", str(seed))
    compared, are_all = outcomes(
        chosen, lambda one: compare_mutant(mock_url, one, arguments), jobs, Progress(sys.stderr)
    )
    print_compared(console, compared)
    if not are_all:
        return _interrupted(len(compared), len(chosen))
    return 0 if all(one.is_found for one in compared.values()) else 1


def _interrupted(done: int, chosen: int) -> int:
    click.echo(f"Interrupted: {done} of {chosen} defects were run.", err=True)
    return 2


if __name__ == "__main__":
    main()
