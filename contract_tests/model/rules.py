"""The type of a prediction, the check of the caller, and the answers that many operations share. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from contract_tests.config.credentials import NOBODY, NONSENSE_TOKENS
from contract_tests.model.state import Caller, Order, State
from contract_tests.model.steps import UNKNOWN_ID, Ask
from polar_contract.json_types import JsonObject, JsonValue
from polar_contract.operations import OPEN_TO_EVERY_ROLE, Source

INVALID, REFUSED = "RequestValidationError", "PolarRequestValidationError"
Refusal = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Prediction:
    """The predicted answer to a step (`status` is None for a step without an answer), and the state after it.

    `shows` is what the body must contain, with names in braces for ids. `is_unordered`: its `items` may be in any order.
    `source` is set where the rule comes from a documented guarantee (`promise`), not from the contract or the overlay.
    """

    after: State
    status: int | None = None
    error: str | None = None
    shows: JsonValue = None
    is_unordered: bool = False
    source: Source | None = None


def refused(state: State, status: int, error: str, *, shows: JsonObject | None = None) -> Prediction:
    """An error answer; the state does not change."""
    return Prediction(state, status, error, shows)


def malformed(state: State, places: Sequence[JsonValue]) -> Prediction:
    """The validator's 422, which lists all malformed places. Source: observed on the service: they are reported together."""
    return refused(state, 422, INVALID, shows={"detail": [{"loc": place} for place in places]})


Rule = Callable[[Ask, State, Caller], Prediction]
Rules = Mapping[str, Rule]


def refusal_of(ask: Ask, state: State) -> Refusal | None:
    """Status and error for a caller without access, regardless of the rest of the request; None for a caller with access.

    Errors: KeyError for a caller that is not part of the story.
    Order of the checks: invalid token, no token or one of the wrong kind, role. Source: observed on the service, April 2026.
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
    """The order; None when it does not exist or belongs to another customer. Both get the same answer."""
    if ask.on == UNKNOWN_ID:
        return None
    order = state.orders[ask.on.partition("|")[0]]
    return order if caller.kind == "organization" or order.customer == caller.customer else None
