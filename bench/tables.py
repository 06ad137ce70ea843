"""Print the measurements as tables."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from bench.comparing import SAMPLE, Compared
from bench.measuring import MEMORY_MARKS, ColdStart, Costs, Spread
from bench.processes import Memory

_MEGABYTE = 1024 * 1024


def show_costs(console: Console, costs: Costs) -> None:
    heads = ("operation", "mock", "trivial Flask application", "mock / trivial")
    table = Table(*heads, title="CPU µs per request, median (least-most)")
    for cost in costs.operations:
        same = "" if cost.baseline == cost.operation else f", {cost.baseline}"
        table.add_row(
            cost.operation, _spread(cost.mock), f"{_spread(cost.trivial)}{same}", _spread(cost.ratio, digits=2)
        )
    table.add_row("the HTTP server alone", _spread(costs.floor), "", "")
    console.print(table)


def show_cold_starts(console: Console, starts: Sequence[ColdStart]) -> None:
    title = "cold start to first 202, ms"
    table = Table("target", "wall", "CPU", title=title)
    for start in starts:
        table.add_row(start.target, _spread(start.wall), _spread(start.cpu))
    console.print(table)


def show_memory(console: Console, measured: dict[str, list[Memory]]) -> None:
    heads = ["at start" if mark == 0 else f"after {mark:,}" for mark in MEMORY_MARKS]
    table = Table("target", *heads, title="memory of the process tree, RSS / PSS in MB")
    for name, figures in measured.items():
        table.add_row(name, *(f"{f.resident / _MEGABYTE:.1f} / {f.proportional / _MEGABYTE:.1f}" for f in figures))
    console.print(table)


def show_programs(console: Console, compared: Sequence[Compared]) -> None:
    heads = ("requests", "seconds", "answers seen", "last new one at", "complaints about the good mock")
    table = Table("program", *heads, title="tests of the good mock")
    for one in compared:
        last = f"request {one.reach.requests}, {one.reach.seconds:.1f} s"
        seconds = f"{max((elapsed for elapsed, _ in one.good.seen), default=0.0):.1f}"
        seen = f"{one.reach.seen} of {one.reach.documented}"
        table.add_row(one.program, str(one.good.requests), seconds, seen, last, str(one.accused))
    console.print(table)
    table = Table("program", "caught", "requests", "caught per 100", "missed", title=f"{len(SAMPLE)} planted defects")
    for one in compared:
        missed = ", ".join(name for name in SAMPLE if name not in one.caught) or "none"
        caught = f"{len(one.caught)} of {len(SAMPLE)}"
        table.add_row(one.program, caught, str(one.requests), f"{one.caught_per_100_requests:.2f}", missed)
    console.print(table)


def _spread(spread: Spread, *, digits: int = 0) -> str:
    return f"{spread.median:.{digits}f} ({spread.least:.{digits}f}-{spread.most:.{digits}f})"
