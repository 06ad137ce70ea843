"""Run `python -m bench.fuzz`: hostile requests against the mock. None may be answered 5xx, and the server has to survive."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException
from random import Random
from typing import cast

import click
from rich.console import Console
from rich.table import Table

from bench.hostile.spoilers import scrambled, spoiled
from bench.hostile.valid import Operation, World, api_request, control_request, read_operations
from bench.hostile.wire import NoStatus, Outcome, send
from bench.processes import Server, ServerFailed, serving
from bench.targets import MOCK, call_control, create_world, delete_world
from polar_contract import load_contract
from polar_contract.json_types import JsonObject

_STANDING_WORLD = "default"
_BATCH = 500
_SENDERS = 8
_SHOWN_BYTES = 3_000
_SHOWN_FAILURES = 10


@dataclass(frozen=True, slots=True)
class Failure:
    """A request whose outcome is a failure of the server, and that outcome."""

    number: int
    wire: bytes
    outcome: Outcome


@dataclass(slots=True)
class Report:
    """The outcomes, counted by status or by how a connection ended."""

    requests: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    traceback: str | None = None

    @property
    def is_clean(self) -> bool:
        return not self.failures and self.traceback is None

    def add(self, wire: bytes, outcome: Outcome, *, may_wait: bool) -> None:
        """Count it. A reset is no failure: it can overtake the answer to a body that is refused before it's read."""
        number, self.requests = self.requests, self.requests + 1
        self.counts.update([str(outcome.ending)] if outcome.ending else map(str, outcome.statuses))
        is_crash = any(status >= 500 for status in outcome.statuses) or b"Traceback (most recent" in outcome.answer
        is_unanswered = not may_wait and outcome.ending in (NoStatus.CLOSED, NoStatus.NO_RESPONSE)
        if is_crash or is_unanswered:
            self.failures.append(Failure(number, wire, outcome))


def fuzz(*, requests: int, seed: int, module: Sequence[str] = MOCK) -> Report:
    """Send them to a server of their own and report. Errors: ServerFailed if it ended, or is not healthy any more."""
    operations = read_operations(load_contract().resolved)
    report = Report()
    with serving("mock", module) as server, ThreadPoolExecutor(_SENDERS) as senders:
        for batch in _batches(requests):
            worlds = _fresh_worlds(server)
            exchange = partial(_exchange, server.port, operations, worlds, seed)
            for wire, outcome, may_wait in senders.map(exchange, batch):
                report.add(wire, outcome, may_wait=may_wait)
            _require_healthy(server)
        said = server.said()
        report.traceback = said if "Traceback (most recent" in said else None
    return report


def make_request(operations: Sequence[Operation], worlds: Sequence[World], rng: Random) -> tuple[bytes, bool]:
    """A hostile request as bytes, and whether the server may correctly wait for more of it."""
    standing, spare = worlds
    if rng.random() < 0.25:
        draft = control_request(spare if rng.random() < 0.8 else standing, rng)
    else:
        draft = api_request(rng.choice(operations), standing if rng.random() < 0.8 else spare, rng)
    if rng.random() < 0.15:
        return scrambled(draft.on_the_wire(), rng), True
    draft = spoiled(draft, rng)
    return draft.on_the_wire(), draft.may_wait


def _exchange(
    port: int, operations: Sequence[Operation], worlds: Sequence[World], seed: int, number: int
) -> tuple[bytes, Outcome, bool]:
    """Request `number`, its outcome, and whether the server could correctly wait for more of it.

    The same seed gives the same bytes, whatever the other senders do.
    """
    wire, may_wait = make_request(operations, worlds, Random(f"{seed}:{number}"))
    return wire, send(port, wire, may_wait=may_wait), may_wait


def _batches(requests: int) -> Iterator[range]:
    for first in range(0, requests, _BATCH):
        yield range(first, min(first + _BATCH, requests))


def _fresh_worlds(server: Server) -> tuple[World, World]:
    """The world of fixed ids in its initial state, and a new one; worlds that requests made are deleted."""
    listed = cast("list[dict[str, str]]", json.loads(call_control(server.port, "GET", "/_mock/worlds", None))["items"])
    for world in listed:
        if world["id"] != _STANDING_WORLD:
            delete_world(server.port, world["id"])
    standing = _standing_world(server)
    spare = create_world(server.port)
    return standing, World.of(spare.id, spare.ids, spare.tokens)


def _standing_world(server: Server) -> World:
    try:
        reset = json.loads(call_control(server.port, "POST", f"/_mock/worlds/{_STANDING_WORLD}/reset", {}))
    except HTTPException:
        # A request deleted it; this is the one world that can't be made again, so a new one replaces it.
        made = create_world(server.port)
        return World.of(made.id, made.ids, made.tokens)
    return World.of(_STANDING_WORLD, reset["ids"], reset["tokens"])


def _require_healthy(server: Server) -> None:
    server.require_running()
    try:
        answer = cast(JsonObject, json.loads(call_control(server.port, "GET", "/_mock/health", None)))
    except (OSError, HTTPException, ValueError) as problem:
        raise ServerFailed(f"the mock is not healthy any more: {problem}\n{server.said()}") from problem
    if answer.get("status") != "ok":
        raise ServerFailed(f"the mock says of itself: {answer}")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--requests", default=20_000, show_default=True, type=click.IntRange(min=1), help="Number of requests.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same requests.")
def main(requests: int, seed: int) -> None:
    """Send hostile requests to a mock of its own over raw sockets.

    \b
    Examples:
      python -m bench.fuzz
      python -m bench.fuzz --requests 1500 --seed 7

    \b
    Exit codes: 0 no answer was 5xx, every whole request was answered, and the mock survived; 1 otherwise.
    The failing requests are printed.
    """
    try:
        report = fuzz(requests=requests, seed=seed)
    except ServerFailed as problem:
        click.echo(str(problem), err=True)
        sys.exit(1)
    _show(report)
    sys.exit(0 if report.is_clean else 1)


def _show(report: Report) -> None:
    table = Table("answer", "count", title=f"{report.requests:,} hostile requests")
    for answer, count in sorted(report.counts.items()):
        table.add_row(answer, f"{count:,}")
    Console().print(table)
    for failure in report.failures[:_SHOWN_FAILURES]:
        came = failure.outcome.ending or failure.outcome.statuses
        click.echo(f"\n{came} for request {failure.number}: {failure.wire[:_SHOWN_BYTES]!r}")
        click.echo(f"answer: {failure.outcome.answer[:500]!r}")
    if report.traceback is not None:
        click.echo(f"\nthe server's output:\n{report.traceback[-_SHOWN_BYTES:]}")


if __name__ == "__main__":
    main(prog_name="python -m bench.fuzz")
