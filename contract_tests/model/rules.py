"""The form of a prediction, who may ask at all, and the answers that many operations share. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from contract_tests.credentials import NOBODY, NONSENSE_TOKENS
from contract_tests.findings import Source
from contract_tests.model.state import Caller, Order, State
from contract_tests.model.steps import UNKNOWN_ID, Ask
from contract_tests.operations import OPEN_TO_EVERY_ROLE
from polar_contract.json_types import JsonObject, JsonValue

INVALID, REFUSED = "RequestValidationError", "PolarRequestValidationError"
Refusal = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Prediction:
    """The answer that a step owes (no status: it has none), and the state after it.

    `shows` is what the body has to contain, with names in braces for ids. `is_unordered`: its `items` may come in any
    order. `source` is given where the rule is neither the law's nor the overlay's, but a promise.
    """

    after: State
    status: int | None = None
    error: str | None = None
    shows: JsonValue = None
    is_unordered: bool = False
    source: Source | None = None


def refused(state: State, status: int, error: str, *, shows: JsonObject | None = None) -> Prediction:
    """An error answer: nothing changes."""
    return Prediction(state, status, error, shows)


def malformed(state: State, places: Sequence[JsonValue]) -> Prediction:
    """The 422 of the validator, which names all places. Source: observed on the service: they are reported together."""
    return refused(state, 422, INVALID, shows={"detail": [{"loc": place} for place in places]})


Rule = Callable[[Ask, State, Caller], Prediction]
Rules = Mapping[str, Rule]


def refusal_of(ask: Ask, state: State) -> Refusal | None:
    """Status and error for a caller who may not ask this, whatever the rest of the request says; None for one who may.

    Errors: KeyError for a caller whom the story does not know.
    The order is observed on the service, April 2026: a token that is not valid, none or one of the wrong kind, the role.
    """
    if ask.who == NOBODY:
        return 401, "Unauthorized"
    if ask.who in NONSENSE_TOKENS:
        return 401, "invalid_token"
    caller = state.callers[ask.who]
    if caller.ends_at is not None and caller.ends_at <= state.now:
        return 401, "invalid_token"
    is_portal = ask.operation.startswith("customer_portal:")
    if is_portal is (caller.kind == "organization"):
        return 401, "Unauthorized"
    if caller.is_plain and ask.operation not in OPEN_TO_EVERY_ROLE:
        return 403, "NotPermitted"
    return None


def order_asked_about(ask: Ask, state: State, caller: Caller) -> Order | None:
    """The order, or None where it is nobody's or another customer's: both look the same."""
    if ask.on == UNKNOWN_ID:
        return None
    order = state.orders[ask.on.partition("|")[0]]
    return order if caller.kind == "organization" or order.customer == caller.customer else None
