"""Costs, starts and the comparison of test programs as tables."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from bench.comparing import SAMPLE, Compared
from bench.measuring import ColdStart, Cost, Costs, Spread
from bench.sections import Section


def costs_section(costs: Costs, *, requests: int, rounds: int) -> Section:
    peers = list(dict.fromkeys(name for cost in costs.operations for name in cost.peers))
    heads = ("operation", "mock", "trivial Flask", "ratio", *peers)
    rows = [_row(cost, peers) for cost in costs.operations]
    rows.append(
        (
            "the HTTP server alone",
            f"{costs.floor.median:.0f}",
            "",
            "",
            *("" for _ in peers),
        )
    )
    text = _COSTS.format(requests=f"{requests:,}", rounds=rounds) + (_PEERS if peers else "")
    return Section("A request", text, heads, rows, _FLAT)


def _row(cost: Cost, peers: Sequence[str]) -> tuple[str, ...]:
    baseline = "" if cost.baseline == cost.operation else f" ({cost.baseline})"
    others = (f"{cost.peers[peer].median:.0f}" if peer in cost.peers else "" for peer in peers)
    return (
        cost.operation,
        f"{cost.mock.median:.0f}",
        f"{cost.trivial.median:.0f}{baseline}",
        _spread(cost.ratio, digits=2),
        *others,
    )


def cold_starts_section(starts: Sequence[ColdStart]) -> Section:
    rows = [(start.target, _spread(start.wall), _spread(start.cpu)) for start in starts]
    return Section("A start", _STARTS, ("program", "wall", "CPU"), rows)


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


_COSTS = """\
CPU µs of the server's whole process tree, 16 connections, medians of {rounds} alternating rounds of {requests} requests;
ratios with the least and the most of a round. The HTTP server alone is the mock's own, with an application that does nothing."""
_PEERS = """
The other mock servers get a tenth of the requests. Prism serves `spec/0.1.0/openapi.yaml`; its list is an example with one order.
json-server and Mockoon serve this order from a file (`bench/peer_data.py`). None of them keeps the API's state or rules; an empty
field: it can't answer that."""
_FLAT = """\
The cost does not grow with the orders of a world: `tests/mock_server/web/test_call_counts.py` counts the calls of a request with
20 orders and with 2,000, and fails if they differ, or if they grow by more than a tenth."""
_STARTS = "From the command to the first answer, in milliseconds, median (least-most) of alternating starts."
