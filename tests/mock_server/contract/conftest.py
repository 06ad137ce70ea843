"""The operations of the bundled contract, read once."""

from __future__ import annotations

import pytest

from mock_server.contract.operations import read_operations
from mock_server.contract.routes import RouteTable
from polar_contract import Contract, load_contract
from tests.mock_server.contract.requests import Operations


@pytest.fixture(scope="session")
def contract() -> Contract:
    return load_contract("0.1.0")


@pytest.fixture(scope="session")
def operations(contract: Contract) -> Operations:
    return {operation.operation_id: operation for operation in read_operations(contract.resolved, contract.behaviour)}


@pytest.fixture(scope="session")
def routes(operations: Operations) -> RouteTable:
    return RouteTable(operations.values())
