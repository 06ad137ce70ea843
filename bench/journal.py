"""What the journal adds to the cost of a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.load import Request, send_load
from bench.measuring import WARM_UP_REQUESTS, Spread, microseconds_per_request
from bench.processes import serving
from bench.sections import Section
from bench.targets import MOCK, call_control, create_world, more_requests, requests_for
from mock_server.documents.scenarios import scenario_document, without_identity
from polar_contract.json_types import JsonObject

_WORLDS: Mapping[str, JsonObject] = {"journal off": {"journal": {"kept_requests": 0}}, "journal on": {}}
_MEASURED = ("GET order", "POST invoice", "PATCH", "list of 10")


@dataclass(frozen=True, slots=True)
class Added:
    """CPU per request of one world in microseconds, by operation."""

    world: str
    costs: Mapping[str, Spread]


def measure_added(*, requests: int, rounds: int) -> list[Added]:
    """The worlds are on one server, and rounds alternate between them. The first one has no journal."""
    taken: dict[str, dict[str, list[float]]] = {name: {of: [] for of in _MEASURED} for name in _WORLDS}
    with serving("mock", MOCK) as server:
        worlds = {name: _requests(server.port, document) for name, document in _WORLDS.items()}
        for sent in worlds.values():
            for operation in _MEASURED:
                send_load(server.port, sent[operation], count=min(requests, WARM_UP_REQUESTS))
        for _ in range(rounds):
            for name, sent in worlds.items():
                for operation, costs in taken[name].items():
                    costs.append(microseconds_per_request(server, sent[operation], requests))
    return [Added(name, {of: Spread.of(costs) for of, costs in by.items()}) for name, by in taken.items()]


def _requests(port: int, document: JsonObject) -> dict[str, Request]:
    demo = without_identity(scenario_document("demo"))
    world = create_world(port, {**demo, "webhook_endpoints": {}, **document})
    requests = requests_for(world.ids["order:paid"], world.tokens["customer"])
    send_load(port, requests["POST invoice"], count=1)
    call_control(port, "POST", f"/_mock/worlds/{world.id}/settle", {})
    return {**requests, **more_requests(requests["POST invoice"])}


def added_section(measured: Sequence[Added]) -> Section:
    first = measured[0]
    rows = [(one.world, *(_figure(one.costs[of], first.costs[of]) for of in _MEASURED)) for one in measured]
    return Section("What the journal costs", _TEXT, ("world", *_MEASURED), rows)


def _figure(cost: Spread, without: Spread) -> str:
    added = "" if cost is without else f" ({cost.median - without.median:+.1f})"
    return f"{cost.median:.0f}{added}"


_TEXT = """\
CPU of the server per request in microseconds, medians of alternating rounds; in brackets, what it is more than in the first world."""
