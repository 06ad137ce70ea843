"""Run `python -m bench.deliveries`: the CPU of a webhook from PATCH to the recorded attempt, with more and more of them waiting."""

from __future__ import annotations

import ctypes
import multiprocessing
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from bench.load import Request, send_load
from bench.processes import Server, cpu_seconds, serving
from bench.targets import MOCK, MockWorld, call_control, create_world, delete_world
from polar_contract.json_types import JsonObject

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
_POLL_SECONDS = 0.01
_MOST_SECONDS = 300.0


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--waiting", default="1000,10000,48000", show_default=True, help="How many deliveries wait at first.")
@click.option("--at-once", default=2000, show_default=True, help="How many are sent while none waits.")
def main(waiting: str, at_once: int) -> None:
    """Raise events with a held clock, let it run, and read the server's CPU time of both.

    Example: python -m bench.deliveries --waiting 1000,10000
    """
    table = Table("waiting", "PATCH, CPU us", "delivery, CPU us", "deliveries/s", title="webhooks to a quick receiver")
    with _receiving() as (port, received), serving("mock", MOCK) as server:
        table.add_row("none", *_at_once(server, port, received, at_once))
        for count in map(int, waiting.split(",")):
            table.add_row(f"{count:,}", *_after_waiting(server, port, received, count))
    Console().print(table)


def _after_waiting(server: Server, port: int, received: Synchronized[int], count: int) -> tuple[str, str, str]:
    """The costs when all events wait before the first is sent."""
    world = _world(server, port)
    clock = f"/_mock/worlds/{world.id}/clock"
    call_control(server.port, "PATCH", clock, {"mode": "held"})
    begun = cpu_seconds(server.pid)
    send_load(server.port, _patch(world), count=count)
    raised = cpu_seconds(server.pid)
    target, started = received.value + count, time.monotonic()
    call_control(server.port, "PATCH", clock, {"mode": "wall"}, timeout=_MOST_SECONDS)
    _wait_for(received, target)
    ended, took = cpu_seconds(server.pid), time.monotonic() - started
    delete_world(server.port, world.id)
    return _micro(raised - begun, count), _micro(ended - raised, count), f"{count / took:,.0f}"


def _at_once(server: Server, port: int, received: Synchronized[int], count: int) -> tuple[str, str, str]:
    """The cost of both together while the queue is nearly empty."""
    world = _world(server, port)
    target, begun, started = received.value + count, cpu_seconds(server.pid), time.monotonic()
    send_load(server.port, _patch(world), count=count)
    _wait_for(received, target)
    both, took = cpu_seconds(server.pid) - begun, time.monotonic() - started
    delete_world(server.port, world.id)
    return "", f"{_micro(both, count)} with its PATCH", f"{count / took:,.0f}"


def _micro(seconds: float, count: int) -> str:
    return f"{seconds / count * 1_000_000:.0f}"


def _world(server: Server, port: int) -> MockWorld:
    document: JsonObject = {
        "customers": {"main": {"email": "jane@example.com", "name": "Jane", "billing_address": {"country": "FR"}}},
        "products": {"pro": {"price_amount": 1000}},
        "orders": {"paid": {"customer": "main", "product": "pro"}},
        "tokens": {"customer": {"kind": "customer_session", "customer": "main"}},
        "webhook_endpoints": {"app": {"url": f"http://127.0.0.1:{port}/hook", "events": ["order.updated"]}},
    }
    return create_world(server.port, document)


def _patch(world: MockWorld) -> Request:
    path = f"/v1/customer-portal/orders/{world.ids['order:paid']}"
    return Request("PATCH", path, world.tokens["customer"], 200, b'{"billing_name": "Jane Doe"}')


@contextmanager
def _receiving() -> Iterator[tuple[int, Synchronized[int]]]:
    """The port of a receiver in a process of its own, and how many requests it has answered."""
    spawning = multiprocessing.get_context("spawn")
    received: Synchronized[int] = spawning.Value(ctypes.c_longlong, 0)
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        process = spawning.Process(target=_receive, args=(listening, received), daemon=True)
        process.start()
        try:
            yield listening.getsockname()[1], received
        finally:
            process.terminate()
            process.join()


def _receive(listening: socket.socket, received: Synchronized[int]) -> None:
    """Read each request to the end of its body, answer it, and go on with the connection until its sender closes it."""
    while True:
        opened, _ = listening.accept()
        with opened:
            while _has_read_one(opened):
                received.value += 1
                opened.sendall(_ANSWER)


def _has_read_one(opened: socket.socket) -> bool:
    data, missing = b"", 1
    while missing > 0:
        piece = opened.recv(65_536)
        if not piece:
            return False
        data += piece
        head, end, body = data.partition(b"\r\n\r\n")
        if end:
            length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
            missing = length - len(body)
    return True


def _wait_for(received: Synchronized[int], count: int) -> None:
    ends_at = time.monotonic() + _MOST_SECONDS
    while received.value < count:
        if time.monotonic() > ends_at:
            raise click.ClickException(f"{count - received.value} deliveries did not arrive")
        time.sleep(_POLL_SECONDS)


if __name__ == "__main__":
    main()
