"""Predicts which orders a list shows, in which order, on which page. Pure. Source: observed on the service, April 2026."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from contract_tests.model.sorting import DEFAULT_SORTING
from contract_tests.model.state import Caller, Order, State, shown_order
from contract_tests.model.steps import Ask
from polar_contract.json_types import JsonObject, JsonValue
from polar_contract.operations import Operation

DEFAULT_LIMIT = 10
_Key = Callable[[State, Order], str | int]
_KEYS: Mapping[str, _Key] = {
    "created_at": lambda _, order: order.created_at,
    "amount": lambda _, order: order.amount,
    "net_amount": lambda _, order: order.amount,
    "product": lambda state, order: state.products[str(order.product)].title.lower(),
}


def query_problem(ask: Ask, operation: Operation) -> list[JsonValue] | None:
    """The `loc` of the first malformed parameter, or None. Unknown parameters are ignored."""
    for name in ("page", "limit"):
        if name in ask.query and not _is_positive(ask.query[name]):
            return ["query", name]
    for index, criterion in enumerate(_texts(ask, "sorting")):
        if criterion not in operation.sortings:
            return ["query", "sorting", index]
    return None


def shown_page(state: State, ask: Ask, caller: Caller, *, largest_limit: int) -> JsonObject:
    """The list that answers a well-formed request."""
    found = _sorted(state, _matching(state, ask, caller), _texts(ask, "sorting") or DEFAULT_SORTING)
    page = int(str(ask.query.get("page", 1)))
    limit = min(int(str(ask.query.get("limit", DEFAULT_LIMIT))), largest_limit)
    shown: list[JsonValue] = [shown_order(order) for order in found[(page - 1) * limit : page * limit]]
    return {"items": shown, "pagination": {"total_count": len(found), "max_page": -(-len(found) // limit)}}


def _matching(state: State, ask: Ask, caller: Caller) -> list[Order]:
    products = {name.strip("{}") for name in _texts(ask, "product_id")}
    customers = {name.strip("{}") for name in _texts(ask, "customer_id")}
    kinds = _texts(ask, "product_billing_type")
    part = "".join(_texts(ask, "query")).lower()
    return [
        order
        for order in state.orders.values()
        if (caller.kind == "organization" or order.customer == caller.customer)
        and (not products or order.product in products)
        and (not customers or order.customer in customers)
        and (not kinds or _kind(state, order) in kinds)
        and (not part or part in state.products[str(order.product)].title.lower())
    ]


def _sorted(state: State, orders: list[Order], sorting: tuple[str, ...]) -> list[Order]:
    for criterion in reversed(sorting):
        key = _KEYS[criterion.removeprefix("-")]
        orders = sorted(orders, key=lambda order: key(state, order), reverse=criterion.startswith("-"))
    return orders


def _kind(state: State, order: Order) -> str:
    return "recurring" if state.products[str(order.product)].is_recurring else "one_time"


def _texts(ask: Ask, name: str) -> tuple[str, ...]:
    value = ask.query.get(name, ())
    return (value,) if isinstance(value, str) else value


def _is_positive(value: str | tuple[str, ...]) -> bool:
    return isinstance(value, str) and value.isdigit() and int(value) > 0
