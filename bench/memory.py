"""Memory of the mock over a million mixed requests, with a webhook endpoint, in a world that keeps a limited number of events."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import NamedTuple

from bench.load import Request, send_load
from bench.processes import memory, serving
from bench.sections import Section
from bench.targets import MOCK, call_control, create_world, more_requests, requests_for
from mock_server.documents.scenarios import scenario_document, without_identity
from polar_contract.json_types import JsonObject

_KEPT_EVENTS = 1_000
# Of a hundred requests; each PATCH changes the name, and raises an event.
_MIX = {
    "POST invoice": 28,
    "GET order": 28,
    "list of 10": 20,
    "422, an id that is none": 10,
    "401, an unknown token": 4,
    "GET invoice": 8,
    "PATCH": 2,
}
_PARTS = (0.0, 0.01, 0.1, 0.25, 0.5, 0.75, 1.0)
_BLOCK = 5_000
_LONGEST_SECONDS = 900.0


class Mark(NamedTuple):
    requests: int
    resident: int
    """Bytes."""


def measure_memory(requests: int, progress: Callable[[str], None]) -> list[Mark]:
    """Fewer requests than asked for, if they take longer than fifteen minutes. Errors: ServerFailed, UnexpectedAnswer."""
    ends = time.monotonic() + _LONGEST_SECONDS
    with _receiver() as url, serving("mock", MOCK) as server:
        document = without_identity(scenario_document("demo"))
        endpoints: JsonObject = {"app": {"url": url, "events": ["order.updated"]}}
        world = create_world(
            server.port, {**document, "webhook_endpoints": endpoints, "webhooks": {"kept_events": _KEPT_EVENTS}}
        )
        kinds = requests_for(world.ids["order:paid"], world.tokens["customer"])
        mix = mixed(kinds)
        # The invoice has to exist before it is asked for.
        send_load(server.port, kinds["POST invoice"], count=1)
        call_control(server.port, "POST", f"/_mock/worlds/{world.id}/settle", {})
        marks, sent = [], 0
        for wanted in (int(part * requests) for part in _PARTS):
            while sent < wanted and time.monotonic() < ends:
                count = min(_BLOCK, wanted - sent)
                send_load(server.port, *mix, count=count)
                sent += count
            marks.append(Mark(sent, memory(server.pid).resident))
            progress(f"{sent:,} requests: {marks[-1].resident / 2**20:.1f} MB")
        return marks


def mixed(requests: dict[str, Request]) -> list[Request]:
    """A hundred requests of all kinds, the kinds spread evenly."""
    kinds = {**requests, **more_requests(requests["POST invoice"])}
    placed = sorted(((number + 0.5) / share, name, number) for name, share in _MIX.items() for number in range(share))
    return [
        replace(kinds[name], body=b'{"billing_name": "Jane %d"}' % number) if name == "PATCH" else kinds[name]
        for _, name, number in placed
    ]


def memory_section(marks: Sequence[Mark]) -> Section:
    rows = [(f"{mark.requests:,}", f"{mark.resident / 2**20:.1f}") for mark in marks]
    return Section(
        "Memory over many requests", _TEXT.format(kept=f"{_KEPT_EVENTS:,}"), ("requests", "resident, MB"), rows
    )


@contextmanager
def _receiver() -> Iterator[str]:
    """A receiver of webhooks that accepts everything."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/hook"
        server.shutdown()


_TEXT = """\
All seven kinds of requests, two of a hundred a PATCH whose webhook is delivered, in a world that keeps {kept} events: its memory
grows until they are reached, and with what the interpreter keeps for later use."""
