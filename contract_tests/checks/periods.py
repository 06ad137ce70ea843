"""Checks the periods that the lines of an order are for. Pure.

Source: Polar's document since September 2026; its pull request 14245 for which lines have one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from contract_tests.checks.findings import Problem
from contract_tests.checks.rules import Rule
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object


def period_problems(order: JsonObject) -> Iterator[Problem]:
    """A period has a beginning before its end; the lines of an order that belongs to no subscription have none."""
    for number, item in enumerate(map(as_object, as_list(order.get("items")))):
        start, end = item.get("start_timestamp"), item.get("end_timestamp")
        place = f"items[{number}]"
        if order.get("subscription_id") is None and (start, end) != (None, None):
            yield Rule.LINE_PERIOD, f"no period of {place}, because the order has no subscription", f"{start} to {end}"
        elif (start is None) is not (end is None):
            yield Rule.LINE_PERIOD, f"{place} with both ends of its period or none", f"{start} to {end}"
        elif start is not None and not _moment(start) < _moment(end):
            yield Rule.LINE_PERIOD, f"{place} with a start_timestamp before its end_timestamp", f"{start} to {end}"


def _moment(text: JsonValue) -> datetime:
    return datetime.fromisoformat(str(text))
