"""What stories are about: for each theme the steps that may come next, the likelier ones named more often. Draws nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hypothesis.strategies import SearchStrategy

from contract_tests.model import queries, strategies
from contract_tests.model.state import State
from contract_tests.model.steps import MOST_ORDERS, Step

Strategies = list[SearchStrategy[Step]]
Profile = Callable[[State], Strategies]
# Stories of few orders get further with each of them.
_FEW = 3
_INVOICEABLE = ("paid", "paid", "paid", "paid", "pending", "refunded", "void")
_READS = ("get", "invoice", "get_payment_status")


def orders(state: State) -> Strategies:
    """Many orders, changed and listed."""
    steps: Strategies = [queries.lists(state)] * 3
    if len(state.orders) < MOST_ORDERS:
        steps = [strategies.new_orders(state)] * 3 + steps
    if state.orders:
        steps += [strategies.patches(state)] * 4 + [strategies.asks_about_orders(state, _READS)]
    return steps + strategies.moves(state)


def invoices(state: State) -> Strategies:
    """Invoices are asked for, come in their time, and stay."""
    steps: Strategies = [strategies.new_orders(state, statuses=_INVOICEABLE)] if len(state.orders) < _FEW else []
    if state.orders:
        steps += [strategies.asks_about_orders(state, ("generate_invoice",))] * 2
        steps += [*strategies.times(state), *[strategies.patches(state)] * 3]
        steps += [strategies.asks_about_orders(state, ("invoice", "get"))] * 2
    return steps + strategies.moves(state) + strategies.downloads(state) * 2


def accounts(state: State) -> Strategies:
    """Sessions are opened, used and end; webhook endpoints come and go."""
    steps: Strategies = [strategies.new_orders(state)] if len(state.orders) < _FEW else []
    if state.orders:
        steps += [strategies.asks_about_orders(state, (*_READS, "generate_invoice")), strategies.patches(state)]
    return [*steps, *[strategies.sessions(state)] * 3, *[strategies.endpoint_steps(state)] * 4, strategies.hours()]


def reads(state: State) -> Strategies:
    """A live account: reads, and requests that have to be refused."""
    asks = strategies.asks_about_orders(state, _READS)
    return [asks, asks, queries.plain_lists(state), queries.plain_lists(state), strategies.refused_writes(state)]


PROFILES: Mapping[str, Profile] = {"orders": orders, "invoices": invoices, "accounts": accounts}
