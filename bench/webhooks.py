"""Run `python -m bench.webhooks`: events sent to a real receiver that fails in different ways; none may be lost or doubled."""

from __future__ import annotations

import json
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import click
from rich.console import Console
from rich.table import Table
from werkzeug.test import Client

from mock_server.assembly import Settings, assemble
from mock_server.delivery.sending import HttpSender
from polar_contract.json_types import JsonObject, JsonValue, as_object

# The service waits ten seconds; this measures that the sender gives up and retries, not how long it waits.
_TIMEOUT_SECONDS = 0.2
_WORLD: JsonObject = {
    "products": {"pro": {"price_amount": 1000}},
    "customers": {"main": {"email": "jane@example.com", "name": "Jane Doe", "billing_address": {"country": "FR"}}},
    "tokens": {"customer": {"kind": "customer_session", "customer": "main"}},
    "orders": {"paid": {"customer": "main", "product": "pro"}},
}
Reaction = int | str
"""A status; or `hang up` without an answer, or `sleep` past the sender's timeout."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The receiver's behaviour at the first attempts of each event; later attempts succeed."""

    name: str
    reactions: tuple[Reaction, ...] = ()
    starts_down: bool = False
    """The receiver does not listen until all events were raised and attempted."""

    def react(self, attempt: int) -> Reaction:
        return self.reactions[attempt - 1] if attempt <= len(self.reactions) else 200


FAULTS = (
    Fault("none"),
    Fault("down at first, then back", starts_down=True),
    Fault("500 nine times", (500,) * 9),
    Fault("resets three times", ("hang up",) * 3),
    Fault("answers too late twice", ("sleep",) * 2),
    Fault("redirects once", (307,)),
)


@dataclass(slots=True)
class Receiver:
    """Accepted deliveries: the id and the name in the payload."""

    fault: Fault
    accepted: list[tuple[str, str]] = field(default_factory=list)
    attempts: Counter[str] = field(default_factory=Counter)
    enough: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class Row:
    """One fault's outcome. `doubled` are events that arrived under two ids."""

    fault: str
    events: int
    requests: int
    lost: int
    doubled: int

    @property
    def is_clean(self) -> bool:
        return self.lost == 0 and self.doubled == 0


def try_fault(fault: Fault, events: int) -> Row:
    """Change an order's name this many times, run every attempt, and count the deliveries that the receiver accepted."""
    receiver = Receiver(fault)
    with _listening(receiver) as port:
        pass
    client = Client(assemble(Settings(), send=HttpSender(timeout_seconds=_TIMEOUT_SECONDS)).app)
    world = _world(client, f"http://127.0.0.1:{port}/hook")
    if fault.starts_down:
        _raise_events(client, world, events)
        _control(client, "PATCH", f"/worlds/{world['id']}/clock", {"mode": "held", "advance_seconds": 3})
    with _listening(receiver, port):
        if not fault.starts_down:
            _raise_events(client, world, events)
        _control(client, "POST", f"/worlds/{world['id']}/settle")
        receiver.enough.set()
    ids = Counter(name for _, name in set(receiver.accepted))
    return Row(
        fault.name,
        events,
        requests=sum(receiver.attempts.values()),
        lost=sum(f"Name {number}" not in ids for number in range(events)),
        doubled=sum(count > 1 for count in ids.values()),
    )


def _raise_events(client: Client, world: JsonObject, events: int) -> None:
    order = as_object(world["ids"])["order:paid"]
    token = as_object(world["tokens"])["customer"]
    for number in range(events):
        answer = client.patch(
            f"/v1/customer-portal/orders/{order}",
            headers={"Authorization": f"Bearer {token}"},
            json={"billing_name": f"Name {number}"},
        )
        assert answer.status_code == 200, answer.text


def _world(client: Client, url: str) -> JsonObject:
    endpoint: JsonObject = {"app": {"url": url, "events": ["order.updated"]}}
    return as_object(_control(client, "POST", "/worlds", {**_WORLD, "webhook_endpoints": endpoint}))


def _control(client: Client, method: str, path: str, body: JsonValue = None) -> JsonValue:
    answer = client.open(f"/_mock{path}", method=method, json=body)
    assert answer.status_code < 300, answer.text
    parsed: JsonValue = answer.json
    return parsed


@contextmanager
def _listening(receiver: Receiver, port: int = 0) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            event_id = self.headers["webhook-id"]
            receiver.attempts[event_id] += 1
            reaction = receiver.fault.react(receiver.attempts[event_id])
            if reaction == "sleep":
                receiver.enough.wait(2 * _TIMEOUT_SECONDS)
            if not isinstance(reaction, int):
                self.close_connection = True
                return
            if reaction == 200:
                receiver.accepted.append((event_id, str(json.loads(body)["data"]["billing_name"])))
            self.send_response(reaction)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--events", default=30, show_default=True, type=click.IntRange(1, 1000), help="Events for each fault.")
def main(events: int) -> None:
    """Send webhooks to a receiver that fails in different ways; exit 1 if an event is lost or arrives under two ids.

    Example: python -m bench.webhooks --events 100
    """
    rows = [try_fault(fault, events) for fault in FAULTS]
    table = Table("receiver's fault", "events", "requests", "lost", "under two ids", title="webhooks and their faults")
    for row in rows:
        table.add_row(row.fault, str(row.events), str(row.requests), str(row.lost), str(row.doubled))
    Console().print(table)
    sys.exit(0 if all(row.is_clean for row in rows) else 1)


if __name__ == "__main__":
    main()
