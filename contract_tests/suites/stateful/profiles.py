"""Profiles of stories: the steps that each profile allows next. Steps that are listed more often are drawn more often."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contract_tests.model.state import State
from contract_tests.model.steps import MOST_ORDERS, Ask, Settle, Step, plain_order
from contract_tests.suites.stateful import drafts, queries, strategies
from polar_contract.behaviour import Behaviour

Strategies = list[SearchStrategy[Step]]
Profile = Callable[[State], Strategies]
# With fewer orders, a story takes more steps with each of them.
_FEW = 3
_STATUSES_OF_INVOICE_STORIES = ("paid", "paid", "paid", "paid", "pending", "refunded", "void")
_STATUSES_OF_LATER_STORIES = ("pending", "paid", "pending", "void")
# Enough for drafts beside orders.
_SOME = 6
_UPDATE, _REQUEST = "customer_portal:orders:update", "customer_portal:orders:generate_invoice"
_NAMES_OF_REISSUES = ("Ada New", "Ada Example", "Zoë New")
_READS = ("get", "invoice", "get_payment_status")


def orders(state: State) -> Strategies:
    """Stories that create, change and list many orders."""
    steps: Strategies = [queries.lists(state)] * 3
    if len(state.orders) < MOST_ORDERS:
        steps = [strategies.new_orders(state)] * 3 + steps
    if state.orders:
        steps += [strategies.patches(state)] * 4 + [strategies.asks_about_orders(state, _READS)]
    return steps + strategies.moves(state)


def invoices(state: State) -> Strategies:
    """Stories that request invoices, wait for them, and read them again later."""
    steps: Strategies = (
        [strategies.new_orders(state, statuses=_STATUSES_OF_INVOICE_STORIES)] if len(state.orders) < _FEW else []
    )
    if state.orders:
        steps += [strategies.asks_about_orders(state, ("generate_invoice",))] * 2
        steps += [*strategies.times(state), *[strategies.patches(state)] * 3]
        steps += [strategies.asks_about_orders(state, ("invoice", "get"))] * 2
    return steps + strategies.moves(state) + strategies.downloads(state) * 2


def accounts(state: State) -> Strategies:
    """Stories that open and use sessions until they expire, and create, change and delete webhook endpoints."""
    steps: Strategies = [strategies.new_orders(state)] if len(state.orders) < _FEW else []
    if state.orders:
        steps += [strategies.asks_about_orders(state, (*_READS, "generate_invoice")), strategies.patches(state)]
    return [*steps, *[strategies.sessions(state)] * 3, *[strategies.endpoint_steps(state)] * 4, strategies.hours()]


def reads(state: State) -> Strategies:
    """Stories for a live account: reads, and requests that must be refused."""
    asks = strategies.asks_about_orders(state, _READS)
    return [asks, asks, queries.plain_lists(state), queries.plain_lists(state), strategies.refused_writes(state)]


def later(state: State) -> Strategies:
    """Stories of draft orders, whose charges end in every way, and of receipts; only revisions with receipts have them."""
    steps: Strategies = [drafts.outcomes(), *strategies.times(state)]
    if len(state.orders) < _FEW:
        steps += [strategies.new_orders(state, statuses=_STATUSES_OF_LATER_STORIES)]
    if len(state.orders) < _SOME and not any(one.made_at == state.now for one in state.orders.values()):
        steps += [drafts.new_drafts(state)] * 2
    if state.orders:
        steps += [drafts.finalizations(state)] * 2
        steps += [strategies.asks_about_orders(state, ("receipt",))] * 3
        steps += [
            strategies.asks_about_orders(state, ("generate_invoice", "get", "invoice")),
            strategies.patches(state),
        ]
    return [*steps, *strategies.moves(state), queries.plain_lists(state)]


def reissues(state: State) -> Strategies:
    """Stories of one order whose invoice is requested before and after changes of its billing details, and back."""
    if not state.orders:
        return [st.just(plain_order("order:1"))]
    names = st.sampled_from(_NAMES_OF_REISSUES)
    change = st.builds(lambda name: Ask(_UPDATE, who="customer", on="order:1", body={"billing_name": name}), names)
    request = st.just(Ask(_REQUEST, who="customer", on="order:1"))
    return [change, request, st.just(Settle()), *strategies.downloads(state)]


PROFILES: Mapping[str, Profile] = {"orders": orders, "invoices": invoices, "accounts": accounts}
LATER_PROFILES: Mapping[str, Profile] = {"drafts": later, "reissues": reissues}
"""Those of revisions whose orders get receipts, and invoices anew."""


def profiles_of(behaviour: Behaviour) -> dict[str, Profile]:
    """Those of a revision with these rules, by name."""
    return {**PROFILES, **(LATER_PROFILES if behaviour.order.are_receipts_numbered else {})}
