"""Fixtures for the tests of `polar-contract replay`: one customer's requests as a HAR document."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contract_tests.reporting.har import har_of
from contract_tests.targets.control_api import Control
from mock_server.testing import RunningMock
from polar_contract import JsonValue, load_contract
from tests.contract_tests.tools.replay.recording_client import recording_client

_PORTAL = "customer_portal:orders:"


@pytest.fixture(scope="package")
def recorded(good_mock: RunningMock) -> dict[str, Any]:
    """One customer's requests as a HAR document: read, change, request the invoice, read it, read the order again."""
    contract = load_contract("0.1.0")
    client, ledger = recording_client(good_mock.base_url, contract)
    control = Control(good_mock.base_url, lambda *_: None, 10)
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
