"""Fixtures for all tests of the contract tests: one good mock, and the loaded contract."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mock_server.testing import RunningMock, running_mock
from polar_contract import Contract, load_contract


@pytest.fixture(scope="session")
def good_mock() -> Iterator[RunningMock]:
    with running_mock() as mock:
        yield mock


@pytest.fixture(scope="session")
def contract() -> Contract:
    return load_contract("0.1.0")
