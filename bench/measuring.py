"""The measurements: CPU per request in alternating rounds, cold start, memory. `tables` prints them."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from bench.load import Request, fetch_body, send_load
from bench.processes import Memory, Server, cpu_seconds, memory, wait_until_listening
from bench.targets import (
    Target,
    all_targets,
    mock_target,
    order_of,
    starting_mock,
    starting_trivial,
    trivial_target,
)

WARM_UP_REQUESTS = 2_000
_BASELINE = "POST invoice"
MEMORY_MARKS = (0, 10_000, 100_000)


@dataclass(frozen=True, slots=True)
class Spread:
    least: float
    median: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        return cls(min(values), statistics.median(values), max(values))


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU of a server's whole process tree per request, in microseconds, over the rounds."""

    operation: str
    mock: Spread
    baseline: str
    """The operation of the trivial application that it is compared with: the same, or `POST invoice`."""
    trivial: Spread
    ratio: Spread
    """The mock's cost divided by the trivial application's in the same round, when the machine was equally busy for both."""

    @classmethod
    def of(cls, operation: str, mock: Sequence[float], trivial: Sequence[float], *, baseline: str) -> Cost:
        """The costs by round."""
        ratios = [ours / theirs for ours, theirs in zip(mock, trivial, strict=True)]
        return cls(operation, Spread.of(mock), baseline, Spread.of(trivial), Spread.of(ratios))


@dataclass(frozen=True, slots=True)
class Costs:
    operations: list[Cost]
    floor: Spread
    """The same HTTP server with an application that does nothing."""


@dataclass(frozen=True, slots=True)
class ColdStart:
    """From spawning a server to its first 202 on `POST invoice`, in milliseconds."""

    target: str
    wall: Spread
    cpu: Spread
    """User and system time of all its processes until they ended, which a busy machine affects less than wall time."""


def measure_costs(*, requests: int, rounds: int, progress: Callable[[str], None]) -> Costs:
    """All servers run throughout; rounds alternate between them, every second one in reverse order."""
    samples: dict[tuple[str, str], list[float]] = {}
    with all_targets() as targets:
        _warm_up(targets)
        for number in range(rounds):
            progress(f"round {number + 1} of {rounds}")
            for target in targets if number % 2 == 0 else reversed(targets):
                for operation, request in target.requests.items():
                    cost = _microseconds_per_request(target, request, requests)
                    samples.setdefault((target.server.name, operation), []).append(cost)
    mock, trivial = (
        {name: got for (of, name), got in samples.items() if of == target} for target in ("mock", "trivial")
    )
    baselines = {name: name if name in trivial else _BASELINE for name in mock}
    costs = [Cost.of(name, mock[name], trivial[to], baseline=to) for name, to in baselines.items()]
    return Costs(costs, Spread.of(samples["floor", _BASELINE]))


def measure_cold_starts(*, starts: int = 5) -> list[ColdStart]:
    """Start both targets in turn; the first start of each, which caches the contract and compiled modules, does not count."""
    starters = {"mock": starting_mock, "trivial": starting_trivial}
    samples: dict[str, list[tuple[float, float]]] = {name: [] for name in starters}
    for number in range(1 + starts):
        for name, starter in starters.items():
            sample = _cold_start_ms(starter)
            if number:
                samples[name].append(sample)
    return [
        ColdStart(name, Spread.of([wall for wall, _ in taken]), Spread.of([cpu for _, cpu in taken]))
        for name, taken in samples.items()
    ]


def measure_memory(progress: Callable[[str], None]) -> dict[str, list[Memory]]:
    """By target: memory at each of MEMORY_MARKS; half of the requests are of each operation."""
    measured: dict[str, list[Memory]] = {}
    with mock_target() as mock:
        order = order_of(mock)
        measured["mock"] = _memory_at_marks(mock, progress)
    with trivial_target(order) as trivial:
        measured["trivial"] = _memory_at_marks(trivial, progress)
    return measured


def _warm_up(targets: Sequence[Target]) -> None:
    for target in targets:
        for request in target.requests.values():
            send_load(target.server.port, request, count=WARM_UP_REQUESTS)


def _microseconds_per_request(target: Target, request: Request, count: int) -> float:
    before = cpu_seconds(target.server.pid)
    send_load(target.server.port, request, count=count)
    return (cpu_seconds(target.server.pid) - before) / count * 1_000_000


def _memory_at_marks(target: Target, progress: Callable[[str], None]) -> list[Memory]:
    measured, sent = [], 0
    for mark in MEMORY_MARKS:
        progress(f"{target.server.name}, memory after {mark:,} requests")
        for request in target.requests.values():
            send_load(target.server.port, request, count=(mark - sent) // len(target.requests))
        sent = mark
        measured.append(memory(target.server.pid))
    return measured


def _cold_start_ms(starter: Callable[[], AbstractContextManager[tuple[Server, Request]]]) -> tuple[float, float]:
    """Wall and CPU time."""
    cpu_before, begun = _cpu_of_ended_children(), time.perf_counter()
    with starter() as (server, request):
        wait_until_listening(server)
        fetch_body(server.port, request)
        wall = time.perf_counter() - begun
    return wall * 1_000, (_cpu_of_ended_children() - cpu_before) * 1_000


def _cpu_of_ended_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
