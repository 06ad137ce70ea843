"""Run `python -m bench`: the mock's cost per request, at start and in memory, and the coverage of the contract tests by requests."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console

from bench.comparing import compare_programs
from bench.load import UnexpectedAnswer
from bench.measuring import measure_cold_starts, measure_costs, measure_memory
from bench.page import write_page
from bench.processes import ServerFailed
from bench.tables import show_cold_starts, show_costs, show_memory, show_programs


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--requests", default=20_000, show_default=True, type=click.IntRange(min=100), help="Per round and operation."
)
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(min=1), help="Rounds; targets alternate.")
@click.option("--skip-memory", is_flag=True, help="Skip memory, which takes 100,000 requests to each target.")
@click.option(
    "--skip-comparison",
    is_flag=True,
    help="Skip the comparison with Schemathesis, which takes some minutes.",
)
@click.option("--write", is_flag=True, help="Write docs/performance.md and its chart; measures nothing else.")
def main(requests: int, rounds: int, skip_memory: bool, skip_comparison: bool, write: bool) -> None:
    """Measure the mock beside a trivial Flask application under the same server, and the contract tests beside plain Schemathesis.

    Needs Linux (/proc).

    \b
    Examples:
      python -m bench
      python -m bench --requests 2000 --rounds 1 --skip-memory --skip-comparison
      python -m bench --write

    Read the ratio rather than the absolute numbers: other work on the machine affects both targets alike.

    \b
    Exit codes: 0 measured, 1 a server failed or gave an unexpected answer.
    """
    console = Console()
    say = Console(stderr=True, style="dim").print
    try:
        costs = measure_costs(requests=requests, rounds=rounds, progress=say)
        show_costs(console, costs)
        starts = measure_cold_starts()
        show_cold_starts(console, starts)
        if write:
            write_page(Path.cwd(), costs, starts, requests=requests, rounds=rounds)
            return
        if not skip_memory:
            show_memory(console, measure_memory(say))
        if not skip_comparison:
            show_programs(console, list(compare_programs(say)))
    except (ServerFailed, UnexpectedAnswer) as problem:
        click.echo(str(problem), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main(prog_name="python -m bench")
