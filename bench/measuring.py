"""CPU per request in alternating rounds, and cold starts: of the mock, the trivial application and other mock servers."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.load import Request, fetch_body, send_load
from bench.peers import FOLDER, Peer, install, peer_targets
from bench.processes import Server, cpu_seconds, wait_until_listening
from bench.targets import ORDER_OF_A_START, Target, all_targets, order_of, starting_mock, starting_trivial

WARM_UP_REQUESTS = 2_000
_BASELINE = "POST invoice"
Starter = Callable[[], AbstractContextManager[tuple[Server, Request]]]


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
    peers: Mapping[str, Spread]
    """The costs of other mock servers that can answer it."""

    @classmethod
    def of(
        cls,
        operation: str,
        mock: Sequence[float],
        trivial: Sequence[float],
        *,
        baseline: str,
        peers: Mapping[str, Sequence[float]] | None = None,
    ) -> Cost:
        """The costs by round."""
        ratios = [ours / theirs for ours, theirs in zip(mock, trivial, strict=True)]
        others = {name: Spread.of(costs) for name, costs in (peers or {}).items()}
        return cls(operation, Spread.of(mock), baseline, Spread.of(trivial), Spread.of(ratios), others)


@dataclass(frozen=True, slots=True)
class Costs:
    operations: list[Cost]
    floor: Spread
    """The same HTTP server with an application that does nothing."""


@dataclass(frozen=True, slots=True)
class ColdStart:
    """From spawning a server to its first answer, to `POST invoice` or else `GET order`, in milliseconds."""

    target: str
    wall: Spread
    cpu: Spread
    """User and system time of all its processes until they ended, which a busy machine affects less than wall time."""


def measure_costs(*, requests: int, rounds: int, progress: Callable[[str], None], peers: Sequence[Peer] = ()) -> Costs:
    """All servers run throughout; rounds alternate between them, every second one in reverse order. Peers get fewer requests.

    Errors: NoPeers, ServerFailed, UnexpectedAnswer.
    """
    samples: dict[tuple[str, str], list[float]] = {}
    with all_targets() as ours, peer_targets(peers, order_of(ours[0])) as others:
        targets = [*((target, requests) for target in ours), *((target, _fewer(requests)) for target in others)]
        for target, count in targets:
            _warm_up(target, min(count, WARM_UP_REQUESTS))
        for number in range(rounds):
            progress(f"round {number + 1} of {rounds}")
            for target, count in targets if number % 2 == 0 else reversed(targets):
                for operation, request in target.requests.items():
                    cost = microseconds_per_request(target.server, request, count)
                    samples.setdefault((target.server.name, operation), []).append(cost)
    return _costs(samples, [peer.name for peer in peers])


def _costs(samples: Mapping[tuple[str, str], Sequence[float]], peers: Sequence[str]) -> Costs:
    mock, trivial = (
        {name: got for (of, name), got in samples.items() if of == target} for target in ("mock", "trivial")
    )
    baselines = {name: name if name in trivial else _BASELINE for name in mock}
    costs = [
        Cost.of(
            name,
            mock[name],
            trivial[to],
            baseline=to,
            peers={peer: samples[peer, name] for peer in peers if (peer, name) in samples},
        )
        for name, to in baselines.items()
    ]
    return Costs(costs, Spread.of(samples["floor", _BASELINE]))


def _fewer(requests: int) -> int:
    """Other mock servers take ten times as long, so that a tenth is as exact."""
    return max(100, requests // 10)


def measure_cold_starts(*, starts: int = 10, peers: Sequence[Peer] = ()) -> list[ColdStart]:
    """Start all in turn; the first start of each, which caches the contract and compiled modules, does not count.

    Errors: NoPeers, ServerFailed, UnexpectedAnswer.
    """
    starters: dict[str, Starter] = {"mock": starting_mock, "trivial": starting_trivial}
    installed = install(peers) if peers else FOLDER
    starters |= {peer.name: partial(_starting, peer, installed) for peer in peers}
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


@contextmanager
def _starting(peer: Peer, installed: Path) -> Iterator[tuple[Server, Request]]:
    with peer.started(installed, {"id": ORDER_OF_A_START}) as (server, requests):
        yield server, requests["GET order"]


def _warm_up(target: Target, count: int) -> None:
    for request in target.requests.values():
        send_load(target.server.port, request, count=count)


def microseconds_per_request(server: Server, request: Request, count: int) -> float:
    before = cpu_seconds(server.pid)
    send_load(server.port, request, count=count)
    return (cpu_seconds(server.pid) - before) / count * 1_000_000


def _cold_start_ms(starter: Starter) -> tuple[float, float]:
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
