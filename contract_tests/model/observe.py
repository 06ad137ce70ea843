"""Updates the observed state from an answer: orders that it shows, the owner of a token, the effects of the request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from contract_tests.model.known import KIND_OF_PREFIX, KnownOrder, KnownToken
from contract_tests.model.observed_state import ObservedState
from contract_tests.transport import request_reader
from contract_tests.transport.exchanges import Exchange
from polar_contract.json_types import JsonObject, as_list, as_object
from polar_contract.operations import Operation

_SUCCESSES = range(200, 300)


def observe(exchange: Exchange, operation: Operation, observed_state: ObservedState) -> None:
    """Update the observed state from a successful answer; errors are ignored."""
    if exchange.status not in _SUCCESSES:
        return
    text = request_reader.bearer(exchange)
    token = observed_state.token(text) if text is not None else None
    if text is not None and token is not None:
        observed_state.tokens.setdefault(text, token)
    for body in shown_orders(exchange, operation):
        _observe_order(body, observed_state, token)
        if text is not None and operation.is_portal:
            known = observed_state.tokens.get(text)
            if known is not None and known.customer_id is None:
                observed_state.tokens[text] = replace(known, customer_id=str(body.get("customer_id")))
    if operation.is_about_order:
        _observe_effect(exchange, operation, observed_state)
    if operation.id == "customer-sessions:create":
        _observe_session(exchange, observed_state, token)


def shown_orders(exchange: Exchange, operation: Operation) -> Iterator[JsonObject]:
    """The orders in a successful answer: one, or the items of a page."""
    name = operation.id.rpartition(":")[2]
    if "orders:" not in operation.id or name not in ("get", "update", "list", "create", "finalize"):
        return
    try:
        answer = as_object(exchange.json())
    except ValueError:
        return
    for body in map(as_object, as_list(answer.get("items"))) if name == "list" else [answer]:
        if isinstance(body.get("id"), str):
            yield body


def _observe_order(body: JsonObject, observed_state: ObservedState, token: KnownToken | None) -> None:
    order = observed_state.orders.get(str(body["id"]), KnownOrder()).with_body(body)
    if order.world is None and token is not None:
        order = replace(order, world=token.world)
    observed_state.orders[str(body["id"])] = order


def _observe_effect(exchange: Exchange, operation: Operation, observed_state: ObservedState) -> None:
    """A requested invoice may be issued; an attempted payment may succeed."""
    identifier = request_reader.canonical_id(exchange, operation)
    order = observed_state.orders.get(identifier or "")
    if identifier is None or order is None:
        return
    match operation.id.rpartition(":")[2]:
        case "generate_invoice":
            order = replace(order, is_invoiced=order.is_invoiced or None)
        case "invoice":
            order = replace(order, is_invoiced=True)
        case "confirm_retry_payment":
            seen = {name: value for name, value in order.seen.items() if name != "receipt_number"}
            order = replace(order, status=None, seen=seen)
    observed_state.orders[identifier] = order


def _observe_session(exchange: Exchange, observed_state: ObservedState, creator: KnownToken | None) -> None:
    try:
        session = as_object(exchange.json())
    except ValueError:
        return
    text = str(session.get("token"))
    kind = next((kind for prefix, kind in KIND_OF_PREFIX.items() if text.startswith(prefix)), None)
    if kind is not None:
        world = creator.world if creator is not None else None
        observed_state.tokens[text] = KnownToken(kind, world=world, customer_id=str(session.get("customer_id")))
