"""The type of a prediction: the answer to one step, and the state after it."""

from __future__ import annotations

from dataclasses import dataclass

from contract_tests.model.state import State
from polar_contract.json_types import JsonValue
from polar_contract.operations import Source


@dataclass(frozen=True, slots=True)
class Prediction:
    """The predicted answer to a step (`status` is None for a step without an answer), and the state after it.

    `shows` is what the body must contain, with names in braces for ids. `is_unordered`: its `items` may be in any order.
    `source` is set where the rule comes from a documented guarantee (`guarantee`), not from the contract or the overlay.
    """

    after: State
    status: int | None = None
    error: str | None = None
    shows: JsonValue = None
    is_unordered: bool = False
    source: Source | None = None
