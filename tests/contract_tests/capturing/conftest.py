"""A client for the steps of generated stories."""

from __future__ import annotations

import pytest

from contract_tests.budgets import Budget
from contract_tests.exchanges import Ledger
from contract_tests.operations import Operations
from contract_tests.permissions import NO_LIMITS
from contract_tests.requesting import Client
from contract_tests.safety import AnythingGoes, Unhurried
from contract_tests.transport import GuardedSession
from mock_server.testing import RunningMock
from polar_contract import Contract


@pytest.fixture(scope="session")
def silent_client(good_mock: RunningMock, contract: Contract) -> Client:
    operations = Operations(contract.published, contract.effective)
    guarded = GuardedSession(
        good_mock.base_url,
        operations=operations,
        ledger=Ledger(),
        guard=AnythingGoes(),
        pace=Unhurried(),
        budget=Budget(NO_LIMITS),
        timeout_seconds=10.0,
    )
    return Client(guarded, operations)
