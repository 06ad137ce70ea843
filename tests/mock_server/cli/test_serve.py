"""`polar-mock serve` as a process: what it prints, how it stops, and its sentences for bad input."""

from __future__ import annotations

import http.client
import json
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mock_server.testing import free_port, running_mock

START_SECONDS = 20.0


def call(port: int, method: str, path: str, *, token: str | None = None, body: Any = None) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        raw = answer.read()
        return answer.status, json.loads(raw) if raw else None
    finally:
        connection.close()


def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition with a deadline."""
    deadline = time.monotonic() + START_SECONDS
    while not _holds(condition):
        assert time.monotonic() < deadline, "the condition did not come true in time"


def _holds(condition: Callable[[], bool]) -> bool:
    try:
        return condition()
    except ConnectionError:
        return False


class Served:
    """A server process whose first lines have been read."""

    def __init__(self, *options: str) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "mock_server", "serve", "--port", str(self.port), *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.said = self._read_banner()
        until(lambda: call(self.port, "GET", "/_mock/health")[0] in (200, 401))

    def _read_banner(self) -> str:
        assert self.process.stdout is not None
        lines: list[str] = []
        while "Ctrl-C" not in (line := self.process.stdout.readline()):
            assert line, f"the server ended: {self.process.stderr and self.process.stderr.read()}"
            lines.append(line)
        return "".join(lines)

    def stop(self, with_signal: signal.Signals) -> tuple[int, str]:
        self.process.send_signal(with_signal)
        _, errors = self.process.communicate(timeout=START_SECONDS)
        return self.process.returncode, errors


@pytest.fixture
def served() -> Iterator[Callable[..., Served]]:
    started: list[Served] = []

    def start(*options: str) -> Served:
        started.append(Served(*options))
        return started[-1]

    yield start
    for server in started:
        if server.process.poll() is None:
            server.stop(signal.SIGTERM)


class GivenAServer:
    def test_then_it_prints_where_it_is_and_a_line_that_works(self, served: Callable[..., Served]) -> None:
        server = served()

        found = re.search(r"curl -i -X POST -H 'Authorization: Bearer (\S+)' http://127\.0\.0\.1:\d+(\S+)", server.said)
        assert found is not None
        assert f"http://127.0.0.1:{server.port}" in server.said
        assert call(server.port, "POST", found[2], token=found[1]) == (202, None)

    def test_then_its_demo_is_the_same_every_time(self, served: Callable[..., Served]) -> None:
        first, second = served().said, served().said

        assert re.findall(r"polar_\w+", first) == re.findall(r"polar_\w+", second)

    @pytest.mark.parametrize("with_signal", [signal.SIGTERM, signal.SIGINT])
    def test_when_it_is_told_to_stop_then_it_stops_without_a_word(
        self, served: Callable[..., Served], with_signal: signal.Signals
    ) -> None:
        server = served()

        code, errors = server.stop(with_signal)

        assert (code, errors) == (0, "")

    def test_when_an_invoice_is_due_then_it_is_made_without_being_told(self, served: Callable[..., Served]) -> None:
        server = served()
        document = {
            "customers": {"jane": {"name": "Jane", "billing_address": {"country": "FR"}}},
            "tokens": {"customer": {"kind": "customer_session", "customer": "jane"}},
            "orders": {"paid": {"customer": "jane"}},
            "invoices": {"delay_seconds": 0.05},
        }
        _, world = call(server.port, "POST", "/_mock/worlds", body=document)
        path = f"/v1/customer-portal/orders/{world['ids']['order:paid']}/invoice"
        token = world["tokens"]["customer"]

        assert call(server.port, "POST", path, token=token)[0] == 202

        until(lambda: call(server.port, "GET", path, token=token)[0] == 200)

    def test_when_a_refused_requests_body_comes_late_then_the_connection_lasts(
        self, served: Callable[..., Served]
    ) -> None:
        server = served()
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
            client.sendall(b"POST /v1/nothing HTTP/1.1\r\nHost: mock\r\nContent-Length: 2\r\n\r\n")
            # An answer now would be one to half a request, after which the server hangs up.
            early, _, _ = select.select([client], [], [], 0.2)
            client.sendall(b"{}")
            first = client.recv(65536)
            client.sendall(b"GET /_mock/health HTTP/1.1\r\nHost: mock\r\n\r\n")
            second = client.recv(65536)

        assert not early
        assert first.startswith(b"HTTP/1.1 404 ")
        assert second.startswith(b"HTTP/1.1 200 ")

    def test_when_it_listens_to_others_then_its_control_api_wants_the_printed_key(
        self, served: Callable[..., Served]
    ) -> None:
        server = served("--host", "0.0.0.0")

        found = re.search(r"control key\s+(\S+)", server.said)
        assert found is not None
        status, answer = call(server.port, "GET", "/_mock/worlds")
        assert status == 401
        assert "X-Mock-Key" in answer["detail"]


class GivenBadInput:
    @pytest.fixture
    def taken_port(self) -> Iterator[str]:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            yield str(taken.getsockname()[1])

    def run(self, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "mock_server", *options], capture_output=True, text=True, timeout=60, check=False
        )

    def test_when_the_port_is_taken_then_a_sentence_says_so(self, taken_port: str) -> None:
        done = self.run("serve", "--port", taken_port)

        assert done.returncode == 1
        assert f"can't listen on 127.0.0.1:{taken_port}" in done.stderr
        assert "Traceback" not in done.stderr

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("orders: {a: {colour: red}}", "orders.a.colour: unknown key"),
            ("orders: [", "not YAML"),
            ("", "empty"),
            ("- 1", "mapping"),
            ("revision: '9.9'", "known revisions: 0.1.0"),
            ("organization: {id: abc}", "organization.id"),
            (
                "customers: {jane: {}}\norders:\n"
                "  a: {id: 3fa85f64-5717-4562-b3fc-2c963f66afa6}\n  b: {id: 3fa85f64-5717-4562-b3fc-2c963f66afa6}",
                "orders.b.id: this id is in use already",
            ),
        ],
    )
    def test_when_the_world_is_wrong_then_a_sentence_says_where(self, tmp_path: Path, content: str, said: str) -> None:
        file = tmp_path / "world.yaml"
        file.write_text(content)

        done = self.run("serve", "--port", "0", "--world", str(file))

        assert done.returncode == 2
        assert said in " ".join(done.stderr.split())
        assert "Traceback" not in done.stderr

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (("serve", "--world", "nope"), "there are: demo"),
            (("serve", "--world", "nowhere.yaml"), "no such file"),
            (("serve", "--revision", "9.9"), "known revisions: 0.1.0"),
            (("serve", "--port", "99999"), "99999"),
            (("serve", "--host", "not-an-address"), "can't listen"),
            (("dance",), "dance"),
        ],
    )
    def test_when_an_option_is_wrong_then_a_sentence_says_what_is_possible(
        self, options: tuple[str, ...], said: str
    ) -> None:
        done = self.run(*options)

        assert done.returncode in (1, 2)
        assert said in " ".join(done.stderr.split())
        assert "Traceback" not in done.stderr


def test_running_mock_serves_while_the_block_runs_and_not_after() -> None:
    with running_mock() as mock:
        port = int(mock.base_url.rpartition(":")[2])
        assert call(port, "GET", "/_mock/health")[0] == 200

    with pytest.raises(ConnectionRefusedError):
        call(port, "GET", "/_mock/health")


class GivenTheSpecCommand:
    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "mock_server", "spec", "check", *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def test_then_the_bundled_contract_has_no_problems(self) -> None:
        done = self.run()

        assert done.returncode == 0, done.stdout
        assert "no problems" in done.stdout

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("", "empty"),
            ("swagger: '2.0'", "only 3.1"),
            ("openapi: 3.0.3\ninfo: {title: x, version: '1'}\npaths: {}", "3.1"),
            ("openapi: [", "YAML"),
        ],
    )
    def test_when_a_file_is_no_contract_then_a_line_says_why(self, tmp_path: Path, content: str, said: str) -> None:
        file = tmp_path / "openapi.yaml"
        file.write_text(content)

        done = self.run(str(file))

        assert done.returncode == 1
        assert said in done.stdout
        assert str(file) in done.stdout
        assert "Traceback" not in done.stdout + done.stderr
