"""A client that records what it sends to a mock, as a run does."""

from __future__ import annotations

from contract_tests.config.permissions import NO_LIMITS
from contract_tests.transport.budgets import Budget
from contract_tests.transport.client import Client
from contract_tests.transport.exchanges import Ledger
from contract_tests.transport.guards import AnythingGoes, Unlimited
from contract_tests.transport.session import GuardedSession
from polar_contract import Contract
from polar_contract.operations import Operations


def recording_client(base_url: str, contract: Contract) -> tuple[Client, Ledger]:
    """The client, and the ledger of its exchanges."""
    operations, ledger = Operations(contract.published, contract.effective), Ledger()
    guarded = GuardedSession(
        base_url,
        operations=operations,
        ledger=ledger,
        guard=AnythingGoes(),
        pace=Unlimited(),
        budget=Budget(NO_LIMITS),
        timeout_seconds=10,
    )
    return Client(guarded, operations), ledger
