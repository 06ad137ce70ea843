"""Run `python -m bench.stops`: whether stop signals always work, over the whole start and under each load."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import click
from rich.console import Console
from rich.table import Table

from bench.processes import serving
from bench.stopping import LOADS, SIGNALS, Ended, stop_under_load, stop_while_it_starts
from bench.targets import MOCK

_WITHIN_SECONDS = 2.0


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--moments", default=200, show_default=True, type=click.IntRange(1, 10_000), help="Moments of the start.")
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1, 1000), help="Stops under each load.")
@click.option("--jobs", default=2, show_default=True, type=click.IntRange(1, 32), help="Starts at once.")
def main(moments: int, rounds: int, jobs: int) -> None:
    """Start the mock and signal it, at moments from the start of the process until after it serves, and under load.

    \b
    Examples:
      python -m bench.stops
      python -m bench.stops --moments 1000 --jobs 4

    \b
    Exit codes: 0 every stop worked in time, 1 otherwise.
    """
    window = 1.3 * start_seconds(jobs)
    ended = [*at_moments(window, moments, jobs)]
    for name in LOADS:
        ended += [stop_under_load(name, SIGNALS[number % 2]) for number in range(rounds)]
    Console().print(_table(ended, window))
    sys.exit(1 if any(one.hung or one.seconds > _WITHIN_SECONDS for one in ended) else 0)


def start_seconds(jobs: int) -> float:
    """How long a start takes while this many are under way: the longest of some."""

    def start(_: int) -> float:
        begun = time.monotonic()
        with serving("mock", MOCK):
            return time.monotonic() - begun

    with ThreadPoolExecutor(jobs) as pool:
        return max(pool.map(start, range(2 * jobs)))


def at_moments(window: float, moments: int, jobs: int) -> Iterable[Ended]:
    """Both signals in turn, at moments spread evenly over the window (seconds)."""
    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(
            stop_while_it_starts,
            [window * number / moments for number in range(moments)],
            [SIGNALS[number % 2] for number in range(moments)],
        )


def _table(ended: Sequence[Ended], window: float) -> Table:
    table = Table("signalled", "times", "hangs", "longest, s", "exit codes", title="stops")
    for load in dict.fromkeys(one.load for one in ended):
        these = [one for one in ended if one.load == load]
        name = f"while it starts, 0 to {window:.2f} s" if load == "start" else f"under load: {load}"
        table.add_row(
            name,
            str(len(these)),
            str(sum(one.hung for one in these)),
            f"{max(one.seconds for one in these):.2f}",
            ", ".join(f"{code}: {count}" for code, count in sorted(_codes(these).items())),
        )
    return table


def _codes(ended: Sequence[Ended]) -> Counter[str]:
    return Counter("before Python was up" if one.was_before_the_first_line else str(one.exit_code) for one in ended)


if __name__ == "__main__":
    main(prog_name="python -m bench.stops")
