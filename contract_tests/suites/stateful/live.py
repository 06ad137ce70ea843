"""Reads the model's first state from a live account: its orders as they are listed. Sends no writes."""

from __future__ import annotations

from contract_tests.config.gaps import Remedy, not_checked
from contract_tests.model.state import Caller, Order, State
from contract_tests.model.steps import Ask
from contract_tests.runner.context import RunContext
from contract_tests.suites.stateful.performing import Bindings
from contract_tests.targets.fixtures import Fixtures
from polar_contract.json_types import JsonObject, as_list, as_object

_LARGEST_PAGE = 100
_LISTS = (("customer", "customer_portal:orders:list"), ("organization", "orders:list"))


def live_bindings(context: RunContext, fixtures: Fixtures) -> tuple[Bindings, State]:
    """The bindings and the state. Errors: Skipped when there are more orders than fit on one page, or two with one created_at."""
    bindings = Bindings({}, {}, None, context.case.redactor.learn)
    callers: dict[str, Caller] = {}
    orders: dict[str, Order] = {}
    for who, operation in _LISTS:
        token = fixtures.token(who)
        if token is None:
            continue
        bindings.tokens[who] = token
        listed = [_order(order, bindings) for order in _listed(context, Ask(operation, who=who), token)]
        orders |= {order.name: order for order in listed}
        customer = listed[0].customer if listed and who == "customer" else None
        callers[who] = Caller("organization" if who == "organization" else "customer", customer)
    if len({order.created_at for order in orders.values()}) < len(orders):
        why = "some have the same created_at, so their order in a list is not defined"
        not_checked("orders", why, Remedy.NOWHERE, "orders with the same created_at")
    return bindings, State(products={}, customers={}, callers=callers, orders=orders)


def _listed(context: RunContext, ask: Ask, token: str) -> list[JsonObject]:
    exchange = context.client.send(ask.operation, token=token, query={"limit": str(_LARGEST_PAGE)})
    answer = as_object(context.rules.check(exchange, status=200).json())
    if as_object(answer.get("pagination")).get("max_page") not in (0, 1):
        why = f"the account has more than {_LARGEST_PAGE}, and the model reads one page of that many"
        not_checked("orders", why, Remedy.NOWHERE, f"more than {_LARGEST_PAGE} orders")
    return [as_object(order) for order in as_list(answer.get("items"))]


def _order(shown: JsonObject, bindings: Bindings) -> Order:
    product, address = shown.get("product_id"), shown.get("billing_address")
    return Order(
        name=_name("order", str(shown["id"]), bindings),
        customer=_name("customer", str(shown["customer_id"]), bindings),
        status=str(shown["status"]),
        amount=int(str(shown["net_amount"])),
        created_at=str(shown["created_at"]),
        product=None if product is None else _name("product", str(product), bindings),
        billing_name=None if shown.get("billing_name") is None else str(shown["billing_name"]),
        billing_address=address if isinstance(address, dict) else None,
        issued={} if shown.get("is_invoice_generated") is True else None,
    )


def _name(kind: str, one: str, bindings: Bindings) -> str:
    """The name of an id; an id without a name gets a new one."""
    known = {other: name for name, other in bindings.ids.items()}
    if one not in known:
        number = sum(name.startswith(f"{kind}:") for name in bindings.ids) + 1
        bindings.ids[f"{kind}:{number}"] = one
        return f"{kind}:{number}"
    return known[one]
