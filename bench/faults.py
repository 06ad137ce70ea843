"""Run `python -m bench.faults`: what a request costs in a world with faults that don't strike it, in microseconds of CPU time."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from statistics import median

import click
from werkzeug.test import EnvironBuilder, run_wsgi_app

from mock_server.assembly import MockServer, Settings, assemble
from mock_server.documents.extending import read_world_document
from mock_server.services.faults import add_faults, remove_faults
from polar_contract.json_types import JsonObject

_BROKEN: JsonObject = {"answer": {"status": 500}}
_RULES = 10
FAULTS: Mapping[str, JsonObject | None] = {
    "no fault": None,
    "10 rules of another operation": {"operation": "orders:update", **_BROKEN},
    "10 rules of another order": {"order": "unpaid", **_BROKEN},
    "10 rules of every call, one in a million": {"probability": 1e-6, **_BROKEN},
    "10 rules of webhooks": {"webhooks": "lost"},
}


def requester(mock: MockServer) -> Callable[[], None]:
    """Reads an order with everything but the HTTP server."""
    assert mock.world is not None
    path = f"/v1/orders/{mock.world.ids['order:paid']}"
    headers = {"Authorization": f"Bearer {mock.world.tokens['organization']}"}
    environ = EnvironBuilder(path, headers=[*headers.items()]).get_environ()
    app = mock.app.wsgi_app

    def ask() -> None:
        answer = app(environ.copy(), lambda *_: lambda _: None)
        assert answer

    assert run_wsgi_app(app, environ.copy())[1] == "200 OK"
    return ask


def microseconds(ask: Callable[[], None], calls: int) -> float:
    began = time.process_time()
    for _ in range(calls):
        ask()
    return (time.process_time() - began) / calls * 1e6


def measured(mock: MockServer, *, calls: int, rounds: int) -> dict[str, float]:
    """The median of the rounds; each round measures every kind once, so that other work affects all alike."""
    assert mock.world is not None
    ask = requester(mock)
    found: dict[str, list[float]] = {name: [] for name in FAULTS}
    for _ in range(rounds):
        for name, rule in FAULTS.items():
            remove_faults(mock.world)
            if rule is not None:
                for _ in range(_RULES):
                    add_faults(mock.services, mock.world, rule)
            gc.collect()
            found[name].append(microseconds(ask, calls))
    return {name: median(times) for name, times in found.items()}


@click.command()
@click.option("--calls", default=2000, show_default=True, type=click.IntRange(min=1), help="Requests in a round.")
@click.option("--rounds", default=25, show_default=True, type=click.IntRange(min=1), help="Rounds of each kind.")
def main(calls: int, rounds: int) -> None:
    """Measure a request for an order in one process, without the HTTP server, in a world with several kinds of faults.

    \b
    Examples:
      python -m bench.faults
      python -m bench.faults --rounds 50
    """
    mock = assemble(Settings(world=read_world_document({"scenario": "demo"}, has_fresh_identity=True)))
    found = measured(mock, calls=calls, rounds=rounds)
    for name, time_of_one in found.items():
        click.echo(f"{name:<45}{time_of_one:8.2f} µs   {time_of_one - found['no fault']:+6.2f}")


if __name__ == "__main__":
    main()
