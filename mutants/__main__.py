"""`python -m mutants`: judges every planted defect and the good mock, and shows which rule caught which in how many requests."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

import click
from rich.console import Console
from rich.table import Table

from contract_tests.settings import CHECKS
from mock_server.testing import MockDidNotStart, running_mock
from mutants.catalogue import catalogue
from mutants.judging import Caught, judge_mutant, judge_url
from mutants.layers import Mutant

_QUICK = tuple(name for name in CHECKS if name != "properties")
_GOOD_SEEDS = (1, 2, 3)
_HELP = """Judge planted defects, each in front of the good mock, and the good mock itself with three seeds.

NAMES are parts of names or families; without any, the whole catalogue is judged.

\b
Examples:
  python -m mutants
  python -m mutants webhook "PATCH leaks"
  python -m mutants --list

\b
Exit codes:
  0  every defect is caught, the good mock is spared
  1  a defect was missed, or the good mock accused
  2  no defect has such a name, or the mock does not start
"""


@click.command(help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("names", nargs=-1)
@click.option("--jobs", type=click.IntRange(1, 32), default=2, show_default=True, help="Runs at once.")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the runs against defects.")
@click.option("--list", "is_listed", is_flag=True, help="Only list the defects.")
def main(names: tuple[str, ...], jobs: int, seed: int, is_listed: bool) -> None:
    """See the help text above."""
    chosen = chosen_mutants(names)
    if not chosen:
        click.echo(f"No defect is called like {', '.join(map(repr, names))}; see --list.", err=True)
        sys.exit(2)
    if is_listed:
        click.echo("\n".join(chosen))
        return
    console = Console(width=None if sys.stdout.isatty() else 170)
    try:
        with running_mock() as mock:
            caught = _judge_all(mock.base_url, chosen, jobs, seed)
            good = [] if names else _judge_good(mock.base_url)
    except MockDidNotStart as problem:
        click.echo(str(problem), err=True)
        sys.exit(2)
    _print(console, caught, good)
    sys.exit(0 if all(one.is_caught for one in caught.values()) and all(one.exit_code == 0 for one in good) else 1)


def chosen_mutants(names: Iterable[str]) -> dict[str, Mutant]:
    """The defects whose names hold one of the texts; all without any."""
    wanted = [name.lower() for name in names]
    return {
        name: one for name, one in catalogue().items() if not wanted or any(part in name.lower() for part in wanted)
    }


def _judge_all(mock_url: str, chosen: dict[str, Mutant], jobs: int, seed: int) -> dict[str, Caught]:
    arguments = ["--seed", str(seed), *_only(_QUICK)]
    done: dict[str, Caught] = {}
    with ThreadPoolExecutor(jobs) as pool:
        futures = {pool.submit(judge_mutant, mock_url, one, arguments): name for name, one in chosen.items()}
        for future in as_completed(futures):
            name = futures[future]
            done[name] = future.result()
            if sys.stderr.isatty():
                click.echo(f"\r[{len(done)}/{len(chosen)}] {name[:70]:<70}", nl=False, err=True)
    return {name: done[name] for name in chosen}


def _judge_good(mock_url: str) -> list[Caught]:
    return [judge_url(mock_url, ["--seed", str(seed), *_only(_QUICK)]) for seed in _GOOD_SEEDS]


def _only(checks: Sequence[str]) -> list[str]:
    return [part for name in checks for part in ("--only", name)]


def _print(console: Console, caught: dict[str, Caught], good: Sequence[Caught]) -> None:
    table = Table("defect", "caught by the rule", "operation", "check", "source", "requests", "s")
    for name, one in caught.items():
        rule = one.rule if one.is_caught else f"[red]MISSED[/] (exit {one.exit_code}) {one.last_line[:60]}"
        table.add_row(
            name,
            rule,
            re.sub("customer_portal:", "portal:", one.operation),
            one.check,
            one.source,
            str(one.requests),
            f"{one.seconds:.1f}",
        )
    console.print(table)
    for seed, one in zip(_GOOD_SEEDS, good, strict=False):
        console.print(
            f"the good mock, seed {seed}: exit {one.exit_code}, {one.requests} requests in {one.seconds:.1f} s"
        )
    missed = [name for name, one in caught.items() if not one.is_caught]
    requests = sum(one.requests for one in caught.values())
    console.print(f"{len(caught) - len(missed)} of {len(caught)} defects caught in {requests} requests.")
    for name in missed:
        console.print(f"missed: {name}", style="red")


if __name__ == "__main__":
    main()
