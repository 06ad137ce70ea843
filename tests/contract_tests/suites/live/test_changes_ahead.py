"""`--allow-writes` announces its PATCH requests before it sends them; a dry run also counts requests by method and their time."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from contract_tests.config.credentials import NONSENSE_TOKENS
from contract_tests.suites.live.writes import REFUSED_PATCHES, others_than
from contract_tests.targets.control_api import World
from mock_server.testing import RunningMock
from mutants.proxy import Request
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object
from tests.contract_tests.running import run_contract
from tests.contract_tests.services import without_control_api
from tests.contract_tests.suites.live.accounts import QUICK, account

_ORDERS = ("for_portal_invoice", "invoiced", "unpaid", "no_billing")
_BILLING = ("billing_name", "billing_address")


def _an_order(created: str, **parts: JsonValue) -> JsonObject:
    usual: JsonObject = {"customer": "main", "product": "guide", "status": "paid"}
    return {**usual, "created_at": f"2026-04-{created}T10:00:00Z", **parts}


# Real accounts have objects that no test world has.
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
    "webhook_endpoints": {"kept": {"url": "https://hooks.example.com/only", "events": ["order.updated"]}},
}


class GivenWritesThatAreAllowed:
    @pytest.mark.parametrize(
        ("changes", "kinds", "allowed"),
        [(None, ("customer", "organization"), _ORDERS), (_AS_ACCOUNTS_ARE, ("organization",), ())],
        ids=["everything is allowed", "an account as accounts are"],
    )
    def test_when_they_are_made_then_as_many_arrive_as_were_announced_and_nothing_is_found_or_left_changed(
        self,
        good_mock: RunningMock,
        tmp_path: Path,
        changes: JsonObject | None,
        kinds: tuple[str, ...],
        allowed: tuple[str, ...],
    ) -> None:
        more = ("--follow-downloads", "--documented-guarantees", "--ready-within", "3") if allowed else ()
        with account(good_mock, tmp_path, without_control_api, changes=changes) as live:
            names = [name.removeprefix("order:") for name in live.world.ids if name.startswith("order:")]
            before = {name: _billing(live.order(name)) for name in names}
            result = live.run_contract(*QUICK, "--allow-writes", *more, *live.allow(*allowed), kinds=kinds)
            after = {name: _billing(live.order(name)) for name in names}
            events = _events(live.world)
            seen = [one for one in live.seen if one.method == "PATCH" and not _is_without_token(one)]
            tokenless = [one for one in live.seen if one.method == "PATCH" and _is_without_token(one)]
            left = [order for name, order in live.world.ids.items() if changes and name == "order:marked"]
        announced = _announced(result.output)
        assert result.exit_code == 0, result.output
        assert result.findings() == []
        assert after == before
        assert [line.split()[1] for line in result.output.splitlines() if "is left alone" in line] == left
        assert not set(left) & {order for order, (accepted, _) in announced.orders.items() if accepted}
        assert announced.without_token <= len(tokenless), "stories add some"
        assert announced.without_token > 10
        assert list(tmp_path.glob("restore-*")) == []
        arrived = Counter(one.path.rpartition("/")[2] for one in seen)
        orders = {order: accepted + refused for order, (accepted, refused) in announced.orders.items()}
        assert orders == {order: count for order, count in arrived.items() if order in orders}
        assert announced.unknown == sum(count for order, count in arrived.items() if order not in orders)
        assert announced.total == arrived.total()
        made = Counter(live.world.ids["order:for_portal_invoice"] for _ in allowed[:1])
        assert Counter({order: accepted for order, (accepted, _) in announced.orders.items()}) + made == events
        assert events.total() == 10 + made.total()

    def test_when_the_run_ends_before_them_then_they_were_announced_and_none_was_sent(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        with account(good_mock, tmp_path, without_control_api) as live:
            result = live.run_contract("--only", "core", "--allow-writes", "--max-requests", "40")
            assert [one.path for one in live.seen if one.method == "PATCH" and not _is_without_token(one)] == []
        assert _announced(result.output).total > 0
        assert result.output.splitlines()[1].startswith("--allow-writes: up to ")

    def test_when_no_chosen_check_writes_then_that_is_reported(self, good_mock: RunningMock, tmp_path: Path) -> None:
        with account(good_mock, tmp_path, without_control_api) as live:
            result = live.run_contract("--only", "model", "--max-examples", "1", "--allow-writes")
            assert live.sent("PATCH") == {}
        assert result.output.splitlines()[1].startswith("--allow-writes: no PATCH is sent")

    def test_when_only_a_country_of_old_is_there_then_nothing_is_written(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        orders = {"embargoed": as_object(_AS_ACCOUNTS_ARE["orders"])["embargoed"]}
        with account(good_mock, tmp_path, without_control_api, changes={**_AS_ACCOUNTS_ARE, "orders": orders}) as live:
            result = live.run_contract("--only", "scenarios", "--allow-writes")
            assert live.sent("PATCH") == {}
        assert "that can be put back" in json.dumps(result.summary["not_checked"])

    def test_when_it_is_a_dry_run_then_it_ends_with_what_each_method_does_and_the_time(self, tmp_path: Path) -> None:
        arguments = ("--dry-run", "--allow-writes", "--allow-invoice", "0b020ec5-4626-4c62-bc50-8ab49f8f2d34")
        lines, rehearsed = (
            run_contract(tmp_path, "--base-url", *target, *arguments).output.splitlines()
            for target in (("https://sandbox-api.polar.sh",), ("http://127.0.0.1:9", "--as-live"))
        )
        assert rehearsed[1:] == lines[1:]
        summary = lines[next(number for number, line in enumerate(lines) if line.startswith("At most")) :]
        most = int(summary[0].split()[2])
        counts = {" ".join(line.split()[1:]).partition(":")[0]: int(line.split()[0]) for line in summary[1:-1]}
        assert sum(counts.values()) == most
        assert {"GET", "POST", "PATCH", "DELETE"} <= counts.keys()
        classes = [line.split() for line in lines[1 : len(lines) - len(summary)]]
        assert counts["PATCH"] == sum(int(one[0]) for one in classes if one[2] == "PATCH")
        assert [line for line in summary if "10 that change billing details" in line and "`order.updated`" in line]
        assert [line for line in summary if "1 that may generate an invoice" in line]
        assert summary[-1] == f"At 80 requests a minute this takes up to {-(-most // 80)} minutes."


def _billing(order: JsonObject) -> JsonObject:
    return {name: order[name] for name in _BILLING}


@dataclass(frozen=True, slots=True)
class _Announced:
    """The PATCH requests that a run announced: by order, how many are accepted and how many are refused."""

    total: int
    orders: dict[str, tuple[int, int]]
    unknown: int
    without_token: int


def _announced(output: str) -> _Announced:
    total = re.search(
        r"up to (\d+) PATCH requests will be sent, and (\d+) (?:and a few more of `model` )?without a valid token",
        output,
    )
    unknown = re.search(r"ids that no order has: (\d+)", output)
    orders = {}
    for line in re.findall(r"^  order .*$", output, re.MULTILINE):
        accepted, refused = re.search(r"(\d+) that change.*`order\.updated`", line), re.search(r"(\d+) that must", line)
        orders[line.split()[1].rstrip(":")] = (int(accepted[1]) if accepted else 0, int(refused[1]) if refused else 0)
    return _Announced(
        int(total[1]) if total else 0, orders, int(unknown[1]) if unknown else 0, int(total[2]) if total else 0
    )


def _is_without_token(request: Request) -> bool:
    """Whether it carries no token, or one that was never issued: such requests go to any account, allowed or not."""
    return request.token is None or request.token in NONSENSE_TOKENS.values()


def _events(world: World) -> Counter[str]:
    """The number of `order.updated` events by order, from one endpoint, because each endpoint gets all events."""
    listed = as_object(world.control.call("GET", f"/_mock/worlds/{world.id}/deliveries"))
    kept = [one for one in map(as_object, as_list(listed["items"])) if world.ids["endpoint:kept"] in json.dumps(one)]
    payloads = [json.loads(str(one["payload"])) for one in kept]
    return Counter(one["data"]["id"] for one in payloads if one["type"] == "order.updated")


class GivenAddresses:
    @pytest.mark.parametrize(
        "address",
        [
            {"country": "US", "state": "US-NY"},
            {"country": "US", "state": None},
            {"country": "DE"},
            {"country": "FR"},
            {},
        ],
        ids=str,
    )
    def test_when_others_are_asked_for_then_they_are_as_many_as_announced_and_none_is_the_same(
        self, address: JsonObject
    ) -> None:
        others = others_than(address)
        assert len({json.dumps(one) for one in others}) == REFUSED_PATCHES
        assert [one for one in others if one.get("country") == address.get("country") and "state" not in one] == []
        assert [one for one in others if one.items() <= address.items()] == []
