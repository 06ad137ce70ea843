"""Every server that a command or a test starts ends when its parent process is gone, even by SIGKILL."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.processes import tree
from tests.mock_server.serving.orphans import KINDS

_TIMEOUT_SECONDS = 60.0


def _is_alive(pid: int) -> bool:
    """A zombie process, which has ended but was not waited for, does not count as alive."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
@pytest.mark.parametrize("kind", KINDS)
def test_when_the_starter_is_killed_then_nothing_of_it_is_left(kind: str) -> None:
    command = [sys.executable, "-m", "tests.mock_server.serving.orphans", kind]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]) as starter:
        assert starter.stdout is not None
        served = int(starter.stdout.readline())
        family = [pid for pid in tree(starter.pid) if pid != starter.pid]
        assert served in family
        starter.kill()
        starter.wait()
        deadline = time.monotonic() + _TIMEOUT_SECONDS
        while any(map(_is_alive, family)):
            assert time.monotonic() < deadline, f"still there: {[pid for pid in family if _is_alive(pid)]}"
            time.sleep(0.01)
