"""What lists cost in worlds of 10 to 100,000 orders, and what the largest of these worlds costs to make, read and reset."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from bench.load import Request
from bench.measuring import microseconds_per_request
from bench.processes import Server, cpu_seconds, memory, serving
from bench.sections import Section
from bench.targets import MOCK, ORDERS, call_control, create_world

_REQUESTS = 2_000
SIZES = (10, 1_000, 10_000, 100_000)
# A query, and whether its cost grows with the orders: then a round has fewer requests in a larger world.
_LISTS = {
    "list of 10": ("?limit=10", False),
    "its second page": ("?limit=10&page=2", False),
    "sorted by amount": ("?limit=10&sorting=amount", True),
    "filtered by a text": ("?limit=10&query=o9", True),
}


@dataclass(frozen=True, slots=True)
class Large:
    """A world's cost: CPU seconds for each action, and resident megabytes of the mock before and after."""

    orders: int
    make: float
    reset: float
    document: float
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Scaling:
    lists: dict[str, list[float]]
    """By list: CPU µs of a request for each of the sizes."""
    large: Large


def large_world(orders: int) -> bytes:
    """The document of a world with this many orders of one customer."""
    made = {f"o{number}": {"customer": "main", "product": "pro"} for number in range(orders)}
    customer = {"email": "jane@example.com", "name": "Jane Doe", "billing_address": {"country": "FR"}}
    return json.dumps(
        {
            "products": {"pro": {"price_amount": 1000}},
            "customers": {"main": customer},
            "tokens": {"customer": {"kind": "customer_session", "customer": "main"}},
            "orders": made,
        }
    ).encode()


def measure_scaling(*, rounds: int, sizes: Sequence[int] = SIZES) -> Scaling:
    """Rounds alternate between the sizes. Errors: ServerFailed, UnexpectedAnswer."""
    with serving("mock", MOCK) as server:
        large = _measure_large(server, max(sizes))
    taken: dict[tuple[str, int], list[float]] = {}
    with serving("mock", MOCK) as server:
        tokens = {size: create_world(server.port, large_world(size)).tokens["customer"] for size in sizes}
        for _ in range(rounds):
            for size, token in tokens.items():
                for name, (query, grows) in _LISTS.items():
                    request = Request("GET", f"{ORDERS}/{query}", token, 200)
                    count = min(_REQUESTS, _REQUESTS * 1_000 // size) if grows else _REQUESTS
                    cost = microseconds_per_request(server, request, count)
                    taken.setdefault((name, size), []).append(cost)
    return Scaling({name: [median(taken[name, size]) for size in sizes] for name in _LISTS}, large)


def _measure_large(server: Server, orders: int) -> Large:
    document = large_world(orders)
    before, cpu = _megabytes(server), [cpu_seconds(server.pid)]
    world = create_world(server.port, document)
    after = _megabytes(server)
    for method, path in (("POST", "/reset"), ("GET", "")):
        cpu.append(cpu_seconds(server.pid))
        call_control(server.port, method, f"/_mock/worlds/{world.id}{path}", None)
    cpu.append(cpu_seconds(server.pid))
    make, reset, read = (later - earlier for earlier, later in pairwise(cpu))
    return Large(orders, make, reset, read, before, after)


def _megabytes(server: Server) -> float:
    return memory(server.pid).resident / 2**20


def scaling_section(scaling: Scaling, sizes: Sequence[int] = SIZES) -> Section:
    rows = [(name, *(f"{cost:,.0f}" for cost in costs)) for name, costs in scaling.lists.items()]
    heads = ("orders in the world", *(f"{size:,}" for size in sizes))
    large = scaling.large
    ending = (
        f"A world of {large.orders:,} orders takes {large.make:.1f} s of CPU to make and {large.reset:.1f} s to reset; its document is "
        f"read in {large.document:.1f} s.\nThe mock has {large.before:.0f} MB at its start and {large.after:.0f} MB with that world."
    )
    return Section(
        "Large worlds",
        "CPU µs of a list, all orders of one customer, medians of alternating rounds.",
        heads,
        rows,
        ending,
    )
