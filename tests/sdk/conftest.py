"""A mock in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mock_server.testing import RunningMock, running_mock


@pytest.fixture(scope="package")
def mock() -> Iterator[RunningMock]:
    with running_mock() as mock:
        yield mock
