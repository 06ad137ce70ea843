"""One good mock for all tests of planted defects."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mock_server.testing import RunningMock, running_mock


@pytest.fixture(scope="session")
def good_mock() -> Iterator[RunningMock]:
    with running_mock(revision="0.1.0") as mock:
        yield mock
