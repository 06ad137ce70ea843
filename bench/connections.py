"""One request over 1 to 256 connections: answers in a second, and how long a request waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.load import Sent, send_load
from bench.measuring import WARM_UP_REQUESTS, Spread
from bench.sections import Section
from bench.targets import mock_target

CONNECTIONS = (1, 16, 64, 256)


@dataclass(frozen=True, slots=True)
class Crowd:
    """Over the rounds: answers in a second, and two percentiles of the waits in milliseconds."""

    connections: int
    per_second: Spread
    half: Spread
    of_99: Spread

    @classmethod
    def of(cls, connections: int, rounds: Sequence[Sent]) -> Crowd:
        half, of_99 = (Spread.of([1000 * sent.wait_at(part) for sent in rounds]) for part in (0.5, 0.99))
        return cls(connections, Spread.of([sent.per_second for sent in rounds]), half, of_99)


def measure_connections(*, requests: int, rounds: int) -> list[Crowd]:
    """Rounds alternate between the numbers of connections, and every connection sends its next request at once."""
    sent: dict[int, list[Sent]] = {connections: [] for connections in CONNECTIONS}
    with mock_target() as mock:
        request = mock.requests["POST invoice"]
        send_load(mock.server.port, request, count=WARM_UP_REQUESTS)
        for _ in range(rounds):
            for connections, taken in sent.items():
                taken.append(send_load(mock.server.port, request, count=requests, connections=connections))
    return [Crowd.of(connections, taken) for connections, taken in sent.items()]


def connections_section(crowds: Sequence[Crowd]) -> Section:
    rows = [
        (str(one.connections), f"{one.per_second.median:,.0f}", f"{one.half.median:.1f}", f"{one.of_99.median:.1f}")
        for one in crowds
    ]
    return Section("Many connections", _TEXT, ("connections", "answers/s", "p50, ms", "p99, ms"), rows)


_TEXT = """\
`POST invoice` from one client on the same machine, wall time, medians of alternating rounds. The mock answers requests one after another,
in the order of their arrival, so a request waits for the others that are sent at the same time."""
