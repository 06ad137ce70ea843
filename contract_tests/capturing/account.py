"""What was read of an account, as it was answered, before it is made into a document. Reads nothing itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from polar_contract.json_types import JsonObject


@dataclass(frozen=True, slots=True)
class Account:
    """`orders` come as they are listed, newest first; where both sides were read, each one holds what both show of it.

    `customer` is the record of the portal's own customer, `payments` the payment status by order id.
    """

    orders: Sequence[JsonObject]
    more_orders: int = 0
    customer: JsonObject | None = None
    payments: Mapping[str, JsonObject] = field(default_factory=dict)
    endpoints: Sequence[JsonObject] = ()


@dataclass(frozen=True, slots=True)
class Notes:
    """Sentences on what a document lacks; equal ones are counted."""

    _counts: Counter[str] = field(default_factory=Counter)

    def add(self, sentence: str) -> None:
        """One more case of it."""
        self._counts[sentence] += 1

    def lines(self) -> list[str]:
        """One line for each sentence, in the order of the first case."""
        return [sentence if count == 1 else f"{sentence} ({count} times)" for sentence, count in self._counts.items()]
