"""What holds for all tests of our own code."""

from __future__ import annotations

import signal

import hypothesis
import pytest


def _hear_ctrl_c() -> None:
    """Whatever a script starts in its background ignores Ctrl-C, and so would the programs that the tests interrupt."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure(config: pytest.Config) -> None:
    """No test is timed: an example that loads the contract first would fail on a busy machine. And all hear Ctrl-C."""
    hypothesis.settings.register_profile("untimed", deadline=None)
    hypothesis.settings.load_profile("untimed")
    _hear_ctrl_c()
