"""Try to stop the mock: send a signal at a moment of its start, or under load; record how and when it ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException

from bench.load import UnexpectedAnswer, send_load
from bench.processes import serving
from bench.targets import MOCK, call_control, create_world, requests_for
from polar_contract.json_types import JsonObject

GIVEN_UP_SECONDS = 20.0
"""Ten times the longest allowed stop: a process that runs longer would not end by itself."""
SIGNALS = (signal.SIGINT, signal.SIGTERM)
_WITHHELD = 200


@dataclass(frozen=True, slots=True)
class Ended:
    """`exit_code` None: it had to be killed. `moment`: seconds from its start to the signal."""

    load: str
    signal: signal.Signals
    moment: float
    seconds: float
    exit_code: int | None
    said: str
    """Its standard error."""

    @property
    def hung(self) -> bool:
        return self.exit_code is None

    @property
    def was_before_the_first_line(self) -> bool:
        """Python itself was starting: the process dies of the signal, or of the KeyboardInterrupt that Python raises."""
        if self.exit_code == -self.signal:
            return True
        return self.exit_code == 1 and "KeyboardInterrupt" in self.said and "mock_server/cli" not in self.said


def stop_while_it_starts(moment: float, with_signal: signal.Signals) -> Ended:
    """Start a mock, and signal its whole process group this many seconds later."""
    command = [sys.executable, "-m", "mock_server", "serve", "--port", "0", "--exit-with-stdin"]
    with tempfile.TemporaryFile() as said:
        begun = time.monotonic()
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said, start_new_session=True
        )
        time.sleep(max(0.0, begun + moment - time.monotonic()))
        took, code = _signal_and_wait(process.pid, with_signal, process.wait)
        assert process.stdin is not None
        process.stdin.close()
        said.seek(0)
        return Ended("start", with_signal, moment, took, code, said.read().decode("utf-8", "replace"))


def _signal_and_wait(pid: int, with_signal: signal.Signals, wait: Callable[[float], int]) -> tuple[float, int | None]:
    sent = time.monotonic()
    os.killpg(pid, with_signal)
    try:
        code = wait(GIVEN_UP_SECONDS)
        return time.monotonic() - sent, code
    except subprocess.TimeoutExpired:
        os.killpg(pid, signal.SIGKILL)
        wait(GIVEN_UP_SECONDS)
        return time.monotonic() - sent, None


@contextmanager
def withheld_bodies(port: int, count: int = _WITHHELD) -> Iterator[None]:
    """Connections that announce a body, by its length or in chunks, and never send all of it."""
    heads = (b"Content-Length: 10\r\n\r\n{", b"Transfer-Encoding: chunked\r\n\r\n2\r\n{")
    paths = (b"/v1/nothing", b"/_mock/worlds", b"/v1/customer-portal/orders/")
    with ExitStack() as opened:
        for number in range(count):
            client = opened.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
            path = paths[number % len(paths)]
            client.sendall(b"POST " + path + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n" + heads[number % len(heads)])
        yield


@contextmanager
def hanging_settles(port: int, count: int = 4) -> Iterator[None]:
    """Control calls that wait for a receiver of webhooks which accepts connections and never responds."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        worlds = [_world_with_an_event(port, url) for _ in range(count)]
        for world in worlds:
            _in_the_background(partial(call_control, port, "POST", f"/_mock/worlds/{world}/settle", {}))
        # The first of them has reached the receiver.
        silent.settimeout(30)
        with silent.accept()[0]:
            yield


def _world_with_an_event(port: int, url: str) -> str:
    endpoint: JsonObject = {"silent": {"url": url, "events": ["order.updated"]}}
    world = create_world(port, {"customers": {"main": {}}, "orders": {"one": {}}, "webhook_endpoints": endpoint})
    call_control(port, "PATCH", f"/_mock/worlds/{world.id}/clock", {"mode": "held"})
    call_control(port, "PATCH", f"/_mock/worlds/{world.id}/orders/{world.ids['order:one']}", {"billing_name": "New"})
    return world.id


@contextmanager
def a_flood(port: int) -> Iterator[None]:
    """More requests than it can answer."""
    world = create_world(port)
    request = requests_for(world.ids["order:paid"], world.tokens["customer"])["POST invoice"]
    send_load(port, request, count=100)
    _in_the_background(lambda: send_load(port, request, count=10_000_000, connections=64))
    yield


def _in_the_background(work: Callable[[], object]) -> None:
    """Ignore the connection error: the mock ends during the request, which is what the trial tests."""

    def run() -> None:
        with suppress(OSError, HTTPException, UnexpectedAnswer):
            work()

    threading.Thread(target=run, daemon=True).start()


@contextmanager
def nothing(_: int) -> Iterator[None]:
    yield


Load = Callable[[int], AbstractContextManager[None]]
LOADS: Mapping[str, Load] = {
    "nothing": nothing,
    "200 withheld bodies": withheld_bodies,
    "4 settles that hang": hanging_settles,
    "a flood of requests": a_flood,
}


def stop_under_load(name: str, with_signal: signal.Signals) -> Ended:
    """Start a mock, put it under load, and signal it."""
    with serving("mock", MOCK) as server, LOADS[name](server.port):
        took, code = _signal_and_wait(server.pid, with_signal, server.process.wait)
        return Ended(name, with_signal, 0.0, took, code, server.said())
