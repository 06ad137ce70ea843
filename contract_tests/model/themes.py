"""What stories are about: for each theme the steps that may come next, the likelier ones named more often. Draws nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hypothesis.strategies import SearchStrategy

from contract_tests.model import drawing, queries
from contract_tests.model.state import State
from contract_tests.model.steps import MOST_ORDERS, Step

Strategies = list[SearchStrategy[Step]]
Theme = Callable[[State], Strategies]
# Stories of few orders get further with each of them.
_FEW = 3
_INVOICEABLE = ("paid", "paid", "paid", "paid", "pending", "refunded", "void")
_READS = ("get", "invoice", "get_payment_status")


def orders(state: State) -> Strategies:
    """Many orders, changed and listed."""
    steps: Strategies = [queries.lists(state)] * 3
    if len(state.orders) < MOST_ORDERS:
        steps = [drawing.new_orders(state)] * 3 + steps
    if state.orders:
        steps += [drawing.patches(state)] * 4 + [drawing.asks_about_orders(state, _READS)]
    return steps + drawing.moves(state)


def invoices(state: State) -> Strategies:
    """Invoices are asked for, come in their time, and stay."""
    steps: Strategies = [drawing.new_orders(state, statuses=_INVOICEABLE)] if len(state.orders) < _FEW else []
    if state.orders:
        steps += [drawing.asks_about_orders(state, ("generate_invoice",))] * 2
        steps += [*drawing.times(state), *[drawing.patches(state)] * 3]
        steps += [drawing.asks_about_orders(state, ("invoice", "get"))] * 2
    return steps + drawing.moves(state) + drawing.downloads(state) * 2


def accounts(state: State) -> Strategies:
    """Sessions are opened, used and end; webhook endpoints come and go."""
    steps: Strategies = [drawing.new_orders(state)] if len(state.orders) < _FEW else []
    if state.orders:
        steps += [drawing.asks_about_orders(state, (*_READS, "generate_invoice")), drawing.patches(state)]
    return [*steps, *[drawing.sessions(state)] * 3, *[drawing.endpoint_steps(state)] * 4, drawing.hours()]


def reads(state: State) -> Strategies:
    """A live account: reads, and requests that have to be refused."""
    asks = drawing.asks_about_orders(state, _READS)
    return [asks, asks, queries.plain_lists(state), queries.plain_lists(state), drawing.refused_writes(state)]


THEMES: Mapping[str, Theme] = {"orders": orders, "invoices": invoices, "accounts": accounts}
