"""Fixtures for the tests of `polar-contract replay`: one customer's requests as a HAR document."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contract_tests.config.permissions import NO_LIMITS
from contract_tests.reporting.har import har_of
from contract_tests.targets.control_api import Control
from contract_tests.transport.budgets import Budget
from contract_tests.transport.client import Client
from contract_tests.transport.exchanges import Ledger
from contract_tests.transport.guards import AnythingGoes, Unlimited
from contract_tests.transport.session import GuardedSession
from mock_server.testing import RunningMock
from polar_contract import JsonValue, load_contract
from polar_contract.operations import Operations

_PORTAL = "customer_portal:orders:"


@pytest.fixture(scope="package")
def recorded(good_mock: RunningMock) -> dict[str, Any]:
    """One customer's requests as a HAR document: read, change, request the invoice, read it, read the order again."""
    contract = load_contract("0.1.0")
    operations, ledger = Operations(contract.published, contract.effective), Ledger()
    guarded = GuardedSession(
        good_mock.base_url,
        operations=operations,
        ledger=ledger,
        guard=AnythingGoes(),
        pace=Unlimited(),
        budget=Budget(NO_LIMITS),
        timeout_seconds=10,
    )
    client, control = Client(guarded, operations), Control(good_mock.base_url, lambda *_: None, 10)
    world = control.create_world("scenario", revision="0.1.0")
    token, paid, unpaid = world.tokens["customer"], world.ids["order:paid"], world.ids["order:unpaid"]
    client.send(_PORTAL + "list", token=token, query={"limit": "2", "sorting": "created_at"})
    client.send(_PORTAL + "get", token=token, object_id=paid)
    client.send(_PORTAL + "get", token=token, object_id=unpaid)
    body: JsonValue = {"billing_name": "Ada", "billing_address": {"country": "us", "state": "NY", "city": " Albany "}}
    client.send(_PORTAL + "update", token=token, object_id=paid, body=body)
    client.send(_PORTAL + "generate_invoice", token=token, object_id=unpaid)
    client.send(_PORTAL + "generate_invoice", token=token, object_id=paid)
    world.settle()
    client.send(_PORTAL + "invoice", token=token, object_id=paid)
    client.send(_PORTAL + "get", token=token, object_id=paid)
    client.send("orders:get", token=token, object_id=paid)
    client.send(_PORTAL + "get", object_id=paid)
    return json.loads(json.dumps(har_of(ledger.exchanges)))  # type: ignore[no-any-return]  # JSON written a moment ago
