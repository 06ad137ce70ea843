"""Write docs/performance.md and its chart from measurements."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from html import escape
from pathlib import Path

from bench.measuring import ColdStart, Cost, Costs

PAGE = Path("docs/performance.md")
CHART = Path("docs/images/performance.svg")
_WIDTH, _ROW, _LEFT, _RIGHT = 720, 34, 190, 60


def write_page(folder: Path, costs: Costs, starts: Sequence[ColdStart], *, requests: int, rounds: int) -> None:
    """Effects: two files below the folder of the checkout."""
    (folder / CHART).parent.mkdir(parents=True, exist_ok=True)
    (folder / CHART).write_text(chart(costs), "utf-8")
    (folder / PAGE).write_text(page(costs, starts, requests=requests, rounds=rounds), "utf-8")


def page(costs: Costs, starts: Sequence[ColdStart], *, requests: int, rounds: int) -> str:
    rows = [_row(one) for one in costs.operations]
    rows.append(f"| the mock's HTTP server, with an application that does nothing | {costs.floor.median:.0f} | | |")
    cold = [f"| {start.target} | {start.wall.median:.0f} | {start.cpu.median:.0f} |" for start in starts]
    return _PAGE.format(
        chart=CHART.relative_to(PAGE.parent),
        requests=f"{requests:,}",
        rounds=rounds,
        operations="\n".join(rows),
        starts="\n".join(cold),
        machine=_machine(),
    )


def chart(costs: Costs) -> str:
    """Bars of the mock and of what it is compared with, and a line for the floor."""
    most = max(max(one.mock.median, one.trivial.median) for one in costs.operations)
    scale = (_WIDTH - _LEFT - _RIGHT) / most
    height = _ROW * (len(costs.operations) + 2)
    parts = [_key()]
    for number, one in enumerate(costs.operations, 1):
        top = number * _ROW
        parts.append(f'<text x="{_LEFT - 8}" y="{top + 17}" text-anchor="end">{escape(one.operation)}</text>')
        parts.append(_bar(top + 4, one.mock.median, scale, "mock"))
        parts.append(_bar(top + 18, one.trivial.median, scale, "trivial"))
    line = _LEFT + costs.floor.median * scale
    parts.append(f'<line x1="{line:.1f}" x2="{line:.1f}" y1="{_ROW}" y2="{height - _ROW}" class="floor"/>')
    parts.append(f'<text x="{line + 4:.1f}" y="{height - _ROW + 14}">the HTTP server alone</text>')
    return "\n".join([_HEAD.format(width=_WIDTH, height=height), *parts, "</svg>", ""])


def _bar(top: int, value: float, scale: float, kind: str) -> str:
    width = value * scale
    label = f'<text x="{_LEFT + width + 4:.1f}" y="{top + 10}">{value:.0f}</text>'
    return f'<rect x="{_LEFT}" y="{top}" width="{width:.1f}" height="11" class="{kind}"/>{label}'


def _key() -> str:
    return (
        f'<text x="{_LEFT}" y="20">CPU µs of a request: <tspan class="mock">the mock</tspan>, '
        '<tspan class="trivial">a trivial Flask application</tspan></text>'
    )


def _row(one: Cost) -> str:
    said = "" if one.operation == one.baseline else f" ({one.baseline})"
    return f"| {one.operation} | {one.mock.median:.0f} | {one.trivial.median:.0f}{said} | {one.ratio.median:.2f} |"


def _machine() -> str:
    return f"{os.cpu_count()} cores ({platform.machine()}, {platform.system()}), Python {platform.python_version()}"


_HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="CPU time of a request">
<style>
  text {{ font: 12px system-ui, sans-serif; fill: #57606a; }}
  .mock {{ fill: #1f6feb; }} .trivial {{ fill: #b1762b; }} .floor {{ stroke: #57606a; stroke-dasharray: 3 3; }}
</style>"""

_PAGE = """\
# Performance

What the mock costs beside a Flask application that does the least that Flask can do: three routes, a token, a dictionary of
orders, no state and no checks (`bench/trivial.py`). Read the ratios: other work on a machine affects both alike.

![CPU time of a request]({chart})

## A request

CPU µs of the server's whole process tree, 16 connections, medians of {rounds} alternating rounds of {requests} requests.

| operation | mock | trivial Flask application | ratio |
|---|---|---|---|
{operations}

The cost does not grow with the orders of a world: `tests/mock_server/web/test_call_counts.py` counts the calls of a request with
20 orders and with 2,000, and fails if they differ, or if they grow by more than a tenth.

## A start

From the command to the first answer, in milliseconds.

| program | wall | CPU |
|---|---|---|
{starts}

## Measured on

{machine}. `make bench` prints these tables on yours, and `python -m bench --write` makes this page.
"""
