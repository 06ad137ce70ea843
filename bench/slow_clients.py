"""Run `python -m bench.slow_clients`: how long other clients wait for an answer while some clients never finish their requests."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import click
from rich.console import Console
from rich.table import Table

from bench.load import Request, fetch_body
from bench.processes import serving
from bench.stopping import Load, hanging_settles, nothing, withheld_bodies
from bench.targets import MOCK, create_world, requests_for

_WITHIN_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Waits:
    """How long each request of the other clients took, in seconds, from the shortest to the longest."""

    beside: str
    seconds: Sequence[float]

    def at(self, part: float) -> float:
        """The longest wait of this percentage of the requests."""
        return self.seconds[min(len(self.seconds) - 1, int(part * len(self.seconds)))]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--clients", default=200, show_default=True, type=click.IntRange(1, 5000), help="Clients that never finish."
)
@click.option("--settles", default=4, show_default=True, type=click.IntRange(1, 64), help="Control calls that hang.")
@click.option(
    "--requests",
    default=2000,
    show_default=True,
    type=click.IntRange(2, 100_000),
    help="Requests of the other clients.",
)
def main(clients: int, settles: int, requests: int) -> None:
    """Time requests, one after another and each on a connection of its own, beside clients that block the mock.

    \b
    Examples:
      python -m bench.slow_clients
      python -m bench.slow_clients --clients 2000

    \b
    Exit codes: 0 if 99 of 100 requests were answered within 50 ms beside each kind of client, otherwise 1.
    """
    kinds: dict[str, Load] = {
        "no blocking clients": nothing,
        f"{clients} withheld bodies": partial(withheld_bodies, count=clients),
        f"{settles} settles that hang": partial(hanging_settles, count=settles),
    }
    waits = [waits_beside(name, load, requests) for name, load in kinds.items()]
    Console().print(_table(waits))
    sys.exit(1 if any(one.at(0.99) > _WITHIN_SECONDS for one in waits) else 0)


def waits_beside(name: str, load: Load, count: int) -> Waits:
    """Start a mock, connect blocking clients of one kind, and send other clients' requests. Errors: UnexpectedAnswer."""
    with serving("mock", MOCK) as server, ExitStack() as held:
        world = create_world(server.port)
        request = requests_for(world.ids["order:paid"], world.tokens["customer"])["GET order"]
        held.enter_context(load(server.port))
        return Waits(name, sorted(_timed(server.port, request, count)))


def _timed(port: int, request: Request, count: int) -> list[float]:
    moments = [time.perf_counter()]
    for _ in range(count):
        fetch_body(port, request)
        moments.append(time.perf_counter())
    return [end - begin for begin, end in pairwise(moments)]


def _table(waits: Sequence[Waits]) -> Table:
    table = Table("beside", "requests", "median, ms", "99 of 100, ms", "longest, ms", title="answers to others")
    for one in waits:
        figures = (one.at(0.5), one.at(0.99), one.seconds[-1])
        table.add_row(one.beside, str(len(one.seconds)), *(f"{1000 * figure:.1f}" for figure in figures))
    return table


if __name__ == "__main__":
    main(prog_name="python -m bench.slow_clients")
