"""A client for the steps of generated stories."""

from __future__ import annotations

import pytest

from contract_tests.config.permissions import NO_LIMITS
from contract_tests.transport.budgets import Budget
from contract_tests.transport.client import Client
from contract_tests.transport.exchanges import Ledger
from contract_tests.transport.guards import AnythingGoes, Unlimited
from contract_tests.transport.session import GuardedSession
from mock_server.testing import RunningMock
from polar_contract import Contract
from polar_contract.operations import Operations


@pytest.fixture(scope="session")
def silent_client(good_mock: RunningMock, contract: Contract) -> Client:
    operations = Operations(contract.published, contract.effective)
    guarded = GuardedSession(
        good_mock.base_url,
        operations=operations,
        ledger=Ledger(),
        guard=AnythingGoes(),
        pace=Unlimited(),
        budget=Budget(NO_LIMITS),
        timeout_seconds=10.0,
    )
    return Client(guarded, operations)
