"""The measurements: CPU per request in alternating rounds, cold start, memory. Shows nothing; `tables` does."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.load import Request, fetch_body, send_load
from bench.processes import Memory, cpu_seconds, memory, started, wait_until_listening
from bench.targets import MOCK, Target, both_targets, mock_target, order_of, starting_requests, trivial_target

WARM_UP_REQUESTS = 2_000
MEMORY_MARKS = (0, 10_000, 100_000)
_COLD_STARTS = 5


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
    trivial: Spread

    @property
    def ratio(self) -> float:
        return self.mock.median / self.trivial.median


def measure_costs(*, requests: int, rounds: int, progress: Callable[[str], None]) -> list[Cost]:
    """Both servers run throughout; rounds alternate between them, every second one in reverse order."""
    samples: dict[tuple[str, str], list[float]] = {}
    with both_targets() as targets:
        _warm_up(targets)
        for number in range(rounds):
            progress(f"round {number + 1} of {rounds}")
            for target in targets if number % 2 == 0 else reversed(targets):
                for operation, request in target.requests.items():
                    cost = _microseconds_per_request(target, request, requests)
                    samples.setdefault((target.server.name, operation), []).append(cost)
        operations = list(targets[0].requests)
    return [Cost(name, Spread.of(samples["mock", name]), Spread.of(samples["trivial", name])) for name in operations]


def measure_cold_starts() -> Spread:
    """Milliseconds from spawning the mock to its first 202 on `POST invoice`, the contract cached."""
    request = starting_requests()["POST invoice"]
    _cold_start_ms(request)
    return Spread.of([_cold_start_ms(request) for _ in range(_COLD_STARTS)])


def measure_memory(progress: Callable[[str], None]) -> dict[str, list[Memory]]:
    """By target: memory at each of MEMORY_MARKS, the requests being half of each operation."""
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


def _cold_start_ms(request: Request) -> float:
    begun = time.perf_counter()
    with started("mock", MOCK) as server:
        wait_until_listening(server)
        fetch_body(server.port, request)
        return (time.perf_counter() - begun) * 1_000
