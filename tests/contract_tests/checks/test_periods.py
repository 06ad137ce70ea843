"""The periods of an order's lines: both ends or none, in this order, and only where there is a subscription."""

from __future__ import annotations

import pytest

from contract_tests.checks.periods import period_problems
from polar_contract.json_types import JsonObject

EARLY, LATE = "2026-10-01T00:00:00Z", "2026-11-01T00:00:00.000000Z"


@pytest.mark.parametrize(
    ("subscription", "start", "end", "is_right"),
    [
        (None, None, None, True),
        ("s", None, None, True),
        ("s", EARLY, LATE, True),
        (None, EARLY, LATE, False),
        ("s", EARLY, None, False),
        ("s", None, LATE, False),
        ("s", LATE, EARLY, False),
        ("s", EARLY, EARLY, False),
    ],
)
def test_when_a_line_has_a_period_then_it_is_checked(
    subscription: str | None, start: str | None, end: str | None, is_right: bool
) -> None:
    order: JsonObject = {"subscription_id": subscription, "items": [{"start_timestamp": start, "end_timestamp": end}]}

    found = [rule.id for rule, *_ in period_problems(order)]

    assert found == ([] if is_right else ["order.item-period"])
