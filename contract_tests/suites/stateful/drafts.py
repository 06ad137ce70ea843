"""Strategies that draw steps with draft orders: making and finalizing them, and what becomes of their charge."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contract_tests.model.drafts_and_receipts import LEAST_CHARGED
from contract_tests.model.state import State
from contract_tests.model.steps import MALFORMED_ID, UNKNOWN_ID, Ask, ChargeOutcome, DecideCharges, Step
from contract_tests.suites.stateful.strategies import callers, one_of
from polar_contract.json_types import JsonObject

_CREATE, _FINALIZE = "orders:create", "orders:finalize"
_OUTCOMES: tuple[ChargeOutcome, ...] = ("succeeds", "fails", "requires_action", "succeeds")
_USUAL = 4


def outcomes() -> SearchStrategy[Step]:
    """Another outcome of charges."""
    return st.builds(DecideCharges, outcome=st.sampled_from(_OUTCOMES))


@st.composite
def new_drafts(draw: st.DrawFn, state: State) -> Ask:
    """A draft for a customer and a product of the world, rarely for others; its amount may be one that is not charged."""
    unknown = UNKNOWN_ID.removeprefix("raw:")
    body: JsonObject = {
        "customer_id": draw(st.sampled_from([f"{{{name}}}" for name in state.customers] * _USUAL + [unknown])),
        "product_id": draw(st.sampled_from([f"{{{name}}}" for name in state.products] * _USUAL + [unknown])),
    }
    amount = draw(one_of(None, 1500, LEAST_CHARGED, LEAST_CHARGED - 1, 0, -1))
    body |= {} if amount is None else {"amount": amount}
    return Ask(_CREATE, who=draw(callers(state, _CREATE)), body=body, names=f"order:{len(state.orders) + 1}")


@st.composite
def finalizations(draw: st.DrawFn, state: State) -> Ask:
    """A request to finalize an order, mostly a draft."""
    drafts = [order.name for order in state.orders.values() if order.status == "draft"]
    on = draw(st.sampled_from([*drafts * _USUAL * 2, *state.orders, UNKNOWN_ID, MALFORMED_ID]))
    return Ask(_FINALIZE, who=draw(callers(state, _FINALIZE)), on=on, body=draw(one_of({}, None)))
