"""How long short calls wait while the mock works at four long ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Event

from bench.load import Request, fetch_body
from bench.processes import serving
from bench.scaling import large_world
from bench.sections import Section
from bench.targets import MOCK, ORDERS, call_control, create_world, delete_world, requests_for

_LISTED, _MADE = 10_000, 100_000
_PAUSE_SECONDS = 0.01
Call = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Waits:
    """Beside one kind of work: how long each kind of short call took, in seconds, from the shortest to the longest."""

    beside: str
    calls: dict[str, list[float]]

    @property
    def worst(self) -> float:
        return max(max(waits) for waits in self.calls.values())


def measure_busy(*, seconds: float, listed: int = _LISTED, made: int = _MADE) -> list[Waits]:
    """Each kind of work goes on for this long. Errors: ServerFailed, UnexpectedAnswer, HTTPException."""
    with serving("mock", MOCK) as server:
        port = server.port
        small, orders = create_world(port), create_world(port, large_world(listed))
        document = large_world(made)
        large = create_world(port, document)
        read = requests_for(small.ids["order:paid"], small.tokens["customer"])["GET order"]
        short: dict[str, Call] = {
            "health": partial(call_control, port, "GET", "/_mock/health", None),
            "control call": partial(call_control, port, "PATCH", f"/_mock/worlds/{small.id}", {}),
            "GET order": partial(fetch_body, port, read),
        }
        lists = [
            partial(fetch_body, port, Request("GET", f"{ORDERS}/?limit=100&{query}", orders.tokens["customer"], 200))
            for query in ("sorting=amount", "query=o9")
        ]
        make = partial(_make_and_delete, port, document)
        reset = partial(call_control, port, "POST", f"/_mock/worlds/{large.id}/reset", {})
        export = partial(call_control, port, "GET", f"/_mock/worlds/{large.id}", None)
        works: dict[str, Sequence[Call]] = {
            "nothing": (),
            f"4 sorted or filtered lists of {listed:,} orders": (*lists, *lists),
            f"a world of {made:,} orders made, one reset, one's document read, one of these lists": (
                make,
                reset,
                export,
                lists[0],
            ),
        }
        return [_beside(name, work, short, seconds) for name, work in works.items()]


def _make_and_delete(port: int, document: bytes) -> None:
    delete_world(port, create_world(port, document).id)


def _beside(name: str, works: Sequence[Call], short: dict[str, Call], seconds: float) -> Waits:
    waits: dict[str, list[float]] = {kind: [] for kind in short}
    with _repeated(works):
        ends = time.monotonic() + seconds
        while time.monotonic() < ends or not all(waits.values()):
            for kind, call in short.items():
                begun = time.perf_counter()
                call()
                waits[kind].append(time.perf_counter() - begun)
            time.sleep(_PAUSE_SECONDS)
    return Waits(name, {kind: sorted(taken) for kind, taken in waits.items()})


@contextmanager
def _repeated(works: Sequence[Call]) -> Iterator[None]:
    """Each of them again and again in a thread of its own, until the block ends. Errors: theirs."""
    is_over = Event()

    def repeat(work: Call) -> None:
        while not is_over.is_set():
            work()

    with ThreadPoolExecutor(max(1, len(works))) as threads:
        running = [threads.submit(repeat, work) for work in works]
        try:
            yield
        finally:
            is_over.set()
        for one in running:
            one.result()


def busy_section(measured: Sequence[Waits]) -> Section:
    kinds = tuple(measured[0].calls)
    rows = [
        (one.beside, *(f"{1000 * waits[len(waits) // 2]:.0f} / {1000 * waits[-1]:.0f}" for waits in one.calls.values()))
        for one in measured
    ]
    return Section("Short calls beside long ones", _TEXT, ("the mock is busy with", *kinds), rows)


_TEXT = """\
Milliseconds until the answer, median / longest, wall time: another call is under way for each of the long ones, again and again.
Python runs one thread at a time, so all share one core; none of them waits for another to end."""
