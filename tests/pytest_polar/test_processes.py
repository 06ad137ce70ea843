"""The processes of a run: workers share one server and see no other test's world; nothing is left, however the run ends."""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path

from tests.pytest_polar.runs import SECONDS, command, environment, run

WORKERS = 8
TESTS = """
import os, pathlib, pytest


@pytest.mark.parametrize("number", range(40))
def test_alone(polar_world, polar_client, number):
    pathlib.Path(f"server-{number}").write_text(polar_world.url)
    mine = polar_world.orders.add(f"only-{number}", customer="main", product="pro")
    seen = {order["id"] for order in polar_client.get("/v1/orders/", params={"limit": 100}).json()["items"]}
    assert seen == {id_ for name, id_ in polar_world.ids.items() if name.startswith("order:")}
    assert mine in seen


def test_crash(polar_world):
    os._exit(3)
"""
WAITS = """
import sys

def test_waits(polar_world, capfd):
    with capfd.disabled():
        print(polar_world.url, flush=True)
    sys.stdin.buffer.raw.read(1)
"""


def test_given_eight_workers_of_which_one_crashes_then_they_share_one_server_and_nothing_is_left(
    tmp_path: Path,
) -> None:
    ran = run(tmp_path, TESTS, "-p", "xdist", "-n", str(WORKERS))

    kinds = [outcome.kind for name, outcome in ran.outcomes.items() if name.startswith("test_alone")]
    assert kinds == ["passed"] * 40, ran.output
    assert "crashed while running 'test_it.py::test_crash'" in ran.output
    assert len({path.read_text() for path in tmp_path.glob("server-*")}) == 1
    assert list(tmp_path.glob("tmp/pytest-polar-*")) == []


def test_when_a_run_is_killed_then_its_server_ends(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(WAITS)
    with subprocess.Popen(
        command("-s", "test_it.py"),
        cwd=tmp_path,
        env=environment(tmp_path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        port = int(next(line for line in process.stdout if "http://" in line).rpartition(":")[2])
        assert _is_served(port)

        process.kill()

    deadline = time.monotonic() + SECONDS
    while _is_served(port):
        assert time.monotonic() < deadline


def _is_served(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_when_the_server_does_not_start_then_each_test_says_why_and_no_other_attempt_is_made(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("import os; os.environ['POLAR_SPEC'] = '/no/such/folder'")

    ran = run(tmp_path, "def test_a(polar_mock): pass\ndef test_b(polar_world): pass\n")

    assert [outcome.kind for outcome in ran.outcomes.values()] == ["error", "error"]
    assert all("the mock did not start: " in outcome.text for outcome in ran.outcomes.values()), ran.output
    assert all("/no/such/folder" in outcome.text for outcome in ran.outcomes.values()), ran.output


def test_when_no_test_uses_a_fixture_then_nothing_starts(tmp_path: Path) -> None:
    tests = "import os, pathlib\ndef test_a(): assert list(pathlib.Path(os.environ['TMPDIR']).iterdir()) == []\n"

    ran = run(tmp_path, tests)

    assert ran.outcomes["test_a"].kind == "passed", ran.output
