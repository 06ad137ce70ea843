"""What holds for all tests of our own code."""

from __future__ import annotations

import os
import re
import signal

import hypothesis
import pytest

# Folders whose tests run whole programs, for seconds each.
_RUN_PROGRAMS = tuple(
    f"tests/{folder}/"
    for folder in ("docs", "mutants", "contract_tests", "packaging", "sdk", "bench", "examples", "pytest_polar")
)
_ADDRESS = re.compile(r"0x[0-9a-f]{6,}|<lambda>")


def _hear_ctrl_c() -> None:
    """Whatever a script starts in its background ignores Ctrl-C, and so would the programs that the tests interrupt."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure(config: pytest.Config) -> None:
    """No test is timed: an example that loads the contract first would fail on a busy machine. And all hear Ctrl-C."""
    hypothesis.settings.register_profile("untimed", deadline=None)
    hypothesis.settings.load_profile("untimed")
    _hear_ctrl_c()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: a quarter of the time, tests wait for programs that they have started."""
    return 1 + (os.cpu_count() or 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """An id with an address is another one in each process, so that the tests can't be shared out among several."""
    unstable = [item.nodeid for item in items if _ADDRESS.search(item.nodeid)]
    if unstable:
        raise pytest.UsageError(f"name these cases with ids=[...] or pytest.param(..., id=...): {', '.join(unstable)}")
    # One long test at the end would keep one process busy while the others have nothing left.
    items.sort(key=lambda item: not item.nodeid.startswith(_RUN_PROGRAMS))
