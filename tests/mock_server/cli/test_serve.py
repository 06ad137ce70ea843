"""`polar-mock serve` as a process: what it prints, how it stops, and its messages for bad input."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

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
        command = [sys.executable, "-m", "mock_server", "serve", "--port", "0", "--exit-with-stdin", *options]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.said = self._read_banner()
        found = re.search(r"polar-mock serves (http://\S+:(\d+))\n", self.said)
        assert found is not None
        self.base_url, self.port = found[1], int(found[2])

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
            server.process.terminate()
        # Closes the existing pipes, and waits.
        with server.process:
            pass


class GivenAServer:
    def test_then_it_prints_a_line_that_works_and_ends_with_its_input(self, served: Callable[..., Served]) -> None:
        server = served()

        found = re.search(r"curl -i -X POST -H 'Authorization: Bearer (\S+)' http://127\.0\.0\.1:\d+(\S+)", server.said)
        assert found is not None
        assert f"http://127.0.0.1:{server.port}" in server.said
        assert call(server.port, "POST", found[2], token=found[1]) == (202, None)
        assert server.process.stdin is not None
        server.process.stdin.close()
        assert server.process.wait(START_SECONDS) == 0

    def test_when_an_invoice_is_due_then_it_is_made_without_a_request(self, served: Callable[..., Served]) -> None:
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

    def test_when_it_listens_to_others_then_its_control_api_wants_the_printed_key_and_its_address_can_be_opened(
        self, served: Callable[..., Served]
    ) -> None:
        server = served("--host", "0.0.0.0")

        assert server.base_url.startswith("http://127.0.0.1:")
        found = re.search(r"control key\s+(\S+)", server.said)
        assert found is not None
        status, answer = call(server.port, "GET", "/_mock/worlds")
        assert status == 401
        assert "X-Mock-Key" in answer["detail"]

    def test_when_it_is_ready_then_the_file_has_its_url_until_it_stops(
        self, served: Callable[..., Served], tmp_path: Path
    ) -> None:
        file = tmp_path / "ready"
        file.write_text("http://127.0.0.1:1\n")  # left by a server that was killed

        server = served("--ready-file", str(file))

        assert file.read_text() == f"{server.base_url}\n"
        assert server.stop(signal.SIGTERM) == (0, "")
        assert list(tmp_path.iterdir()) == []

    def test_when_it_is_asked_for_variables_then_a_file_has_those_of_exec_with_the_key(
        self, served: Callable[..., Served], tmp_path: Path
    ) -> None:
        file = tmp_path / "polar.env"
        left_by_another = "POLAR_SERVER_URL=http://m\nPOLAR_CONTROL_URL=http://m/_mock\nPOLAR_WORLD_ID=default\n"
        file.write_text(left_by_another)

        server = served("--env-file", str(file), "--host", "0.0.0.0")

        found = dict(line.split("=", 1) for line in file.read_text().splitlines())
        assert found["POLAR_SERVER_URL"] == server.base_url
        assert found["POLAR_MOCK_KEY"] in server.said
        assert found["POLAR_TOKEN_CUSTOMER"] in server.said
        assert found["POLAR_WEBHOOK_SECRET_APP"]
        server.stop(signal.SIGTERM)
        assert list(tmp_path.iterdir()) == []

    def test_when_it_can_t_start_then_an_earlier_server_s_file_is_gone_and_nothing_is_left(
        self, tmp_path: Path
    ) -> None:
        file = tmp_path / "ready"
        file.write_text("http://127.0.0.1:1\n")
        command = [sys.executable, "-m", "mock_server", "serve", "--world", "no-such", "--ready-file", str(file)]

        done = subprocess.run(command, capture_output=True, timeout=START_SECONDS, check=False)

        assert done.returncode == 2
        assert list(tmp_path.iterdir()) == []

    def test_when_another_server_has_taken_the_file_over_then_it_stays_and_the_demo_is_the_same(
        self, served: Callable[..., Served], tmp_path: Path
    ) -> None:
        file = tmp_path / "ready"
        first, second = served("--ready-file", str(file)), served("--ready-file", str(file))

        first.stop(signal.SIGTERM)

        assert re.findall(r"polar_\w+", first.said) == re.findall(r"polar_\w+", second.said) != []
        assert file.read_text() == f"{second.base_url}\n"

    def test_when_nobody_reads_what_it_prints_then_it_serves_all_the_same(self, tmp_path: Path) -> None:
        file = tmp_path / "ready"
        command = [sys.executable, "-m", "mock_server", "serve", "--port", "0", "--ready-file", str(file)]
        reader, writer = os.pipe()
        os.close(reader)
        with subprocess.Popen([*command, "--exit-with-stdin"], stdin=subprocess.PIPE, stdout=writer) as process:
            os.close(writer)
            until(file.exists)
            assert call(int(file.read_text().rpartition(":")[2]), "GET", "/_mock/health")[0] == 200
            process.terminate()
            assert process.wait(START_SECONDS) == 0

    @pytest.mark.parametrize("with_signal", [signal.SIGINT, signal.SIGTERM])
    def test_when_a_shell_had_ctrl_c_ignored_then_it_is_heard_all_the_same(
        self, served: Callable[..., Served], with_signal: signal.Signals
    ) -> None:
        found = signal.signal(with_signal, signal.SIG_IGN)
        try:
            server = served()
        finally:
            signal.signal(with_signal, found)

        assert server.stop(with_signal) == (0, "")
