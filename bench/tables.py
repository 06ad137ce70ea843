"""The figures as tables for people."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from bench.measuring import MEMORY_MARKS, Cost, Spread
from bench.processes import Memory

_MEGABYTE = 1024 * 1024


def show_costs(console: Console, costs: Sequence[Cost]) -> None:
    table = Table("operation", "mock", "trivial", "mock / trivial", title="CPU µs per request, median (least-most)")
    for cost in costs:
        table.add_row(cost.operation, _spread(cost.mock), _spread(cost.trivial), f"{cost.ratio:.2f}")
    console.print(table)


def show_cold_starts(console: Console, spread: Spread) -> None:
    console.print(f"cold start to the first 202, contract cached: {_spread(spread)} ms")


def show_memory(console: Console, measured: dict[str, list[Memory]]) -> None:
    heads = ["at start" if mark == 0 else f"after {mark:,}" for mark in MEMORY_MARKS]
    table = Table("target", *heads, title="memory of the process tree, RSS / PSS in MB")
    for name, figures in measured.items():
        table.add_row(name, *(f"{f.resident / _MEGABYTE:.1f} / {f.proportional / _MEGABYTE:.1f}" for f in figures))
    console.print(table)


def _spread(spread: Spread) -> str:
    return f"{spread.median:.0f} ({spread.least:.0f}-{spread.most:.0f})"
