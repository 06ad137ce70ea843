"""Real accounts have objects that no test world has; they cause no findings and stay unchanged."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from mock_server.testing import RunningMock
from polar_contract.json_types import JsonObject, JsonValue, as_object
from tests.contract_tests.services import without_control_api
from tests.contract_tests.suites.live.accounts import QUICK, account


def _an_order(created: str, **parts: JsonValue) -> JsonObject:
    usual: JsonObject = {
        "customer": "main",
        "product": "guide",
        "status": "paid",
        "created_at": f"2026-04-{created}T10:00:00Z",
    }
    return {**usual, **parts}


_AS_ACCOUNTS_ARE: JsonObject = {
    "orders": {
        "embargoed": _an_order("20", billing_address={"country": "RU", "city": "Omsk", "line1": "1 Main Street"}),
        "refunded": _an_order("19", status="refunded"),
        "half": _an_order("18", billing_address=None),
        "renewal": _an_order("17", status="pending", invoice={}),
        "measured": _an_order("16", metadata={"weight": 0.5}),
        "marked": _an_order("15", billing_name="Ada Example (judged)"),
        "not_checked_yet": _an_order("14", billing_name="Ada Example"),
    },
    "webhook_endpoints": {"only": {"url": "https://hooks.example.com/only", "events": ["order.updated"]}},
}


class GivenAnAccountAsAccountsAre:
    def test_when_it_is_tested_with_writes_then_nothing_is_found_and_everything_is_as_before(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        with account(good_mock, tmp_path, without_control_api, changes=_AS_ACCOUNTS_ARE) as live:
            before = {name: _billing(live.order(name)) for name in as_object(_AS_ACCOUNTS_ARE["orders"])}
            result = live.run_contract(*QUICK, "--allow-writes")
            after = {name: _billing(live.order(name)) for name in before}
        assert result.findings() == []
        assert result.exit_code == 0, result.output
        assert after == before

    def test_when_only_a_country_of_old_is_there_then_nothing_is_written(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        orders = {"embargoed": as_object(_AS_ACCOUNTS_ARE["orders"])["embargoed"]}
        with account(good_mock, tmp_path, without_control_api, changes={**_AS_ACCOUNTS_ARE, "orders": orders}) as live:
            result = live.run_contract("--only", "scenarios", "--allow-writes")
            assert live.sent("PATCH") == Counter()
        assert "that can be put back" in json.dumps(result.summary["not_checked"])


def _billing(order: JsonObject) -> JsonObject:
    return {name: order[name] for name in ("billing_name", "billing_address")}
