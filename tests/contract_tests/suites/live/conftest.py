"""Runs against an ordinary account, shared by several test files."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mock_server.testing import RunningMock
from tests.contract_tests.services import without_control_api
from tests.contract_tests.suites.live.accounts import QUICK, LiveRun, account


@pytest.fixture(scope="package")
def whole_run(good_mock: RunningMock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveRun]:
    """All checks, with a customer's and an organization's token, without further permissions."""
    with account(good_mock, tmp_path_factory.mktemp("whole"), without_control_api) as live:
        yield LiveRun(live, live.run_contract())


@pytest.fixture(scope="package")
def organization_run(good_mock: RunningMock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveRun]:
    """The quick checks with only an organization's token."""
    with account(good_mock, tmp_path_factory.mktemp("organization"), without_control_api) as live:
        yield LiveRun(live, live.run_contract(*QUICK, kinds=("organization",)))
