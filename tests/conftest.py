"""What holds for all tests of our own code."""

from __future__ import annotations

import hypothesis
import pytest


def pytest_configure(config: pytest.Config) -> None:
    """No test is timed: an example that loads the contract first would fail on a busy machine."""
    hypothesis.settings.register_profile("untimed", deadline=None)
    hypothesis.settings.load_profile("untimed")
