"""Data classes for what was read from an account, before it becomes a document. Reads nothing itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from polar_contract.json_types import JsonObject


@dataclass(frozen=True, slots=True)
class Account:
    """`orders` are in list order, newest first; each order merges what the organization API and the portal show of it.

    `customer` is the record of the portal's own customer, `payments` the payment status by order id.
    """

    orders: Sequence[JsonObject]
    more_orders: int = 0
    customer: JsonObject | None = None
    payments: Mapping[str, JsonObject] = field(default_factory=dict)
    endpoints: Sequence[JsonObject] = ()


@dataclass(frozen=True, slots=True)
class Notes:
    """Messages about what a document lacks; equal messages are counted."""

    _counts: Counter[str] = field(default_factory=Counter)

    def add(self, message: str) -> None:
        """Count one more case of this message."""
        self._counts[message] += 1

    def lines(self) -> list[str]:
        """One line for each message, in the order of the first case."""
        return [message if count == 1 else f"{message} ({count} times)" for message, count in self._counts.items()]
