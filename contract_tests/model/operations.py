"""What each operation shows and changes when its request is accepted: orders, invoices, sessions, webhook endpoints. Pure.

A session for a customer who does not exist is refused here, too: the oracle knows no customers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from contract_tests.model.billing import patched, problem_of
from contract_tests.model.lists import query_problem
from contract_tests.model.outcomes import REFUSED
from contract_tests.model.prediction import Prediction
from contract_tests.model.state import Caller, Order, State, order_name, shown_order
from contract_tests.model.steps import MALFORMED_ID, Ask
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object
from polar_contract.operations import Operation

# Source: observed on the service, April 2026: a session lasts one hour from its creation.
SESSION_SECONDS = 3600.0
# Events that endpoints of a story subscribe to. They never occur in a story, so no endpoint is disabled after failures.
EVENTS = ("product.created", "benefit.updated", "checkout.created")


def malformed_places(ask: Ask, operation: Operation) -> list[JsonValue]:
    """The `loc` of everything that the validator refuses, in this order: id, query, body."""
    places: list[JsonValue] = [["path", "id"]] if ask.on == MALFORMED_ID else []
    problem: list[JsonValue] | None = None
    if operation.sortings:
        problem = query_problem(ask, operation)
    elif ask.operation.endswith("orders:update"):
        problem = problem_of(ask.body)
    elif ask.operation == "orders:create":
        problem = _draft_problem(as_object(ask.body))
    elif ask.operation.startswith("webhooks:") and ask.body is not None:
        problem = _url_problem(as_object(ask.body))
    return places if problem is None else [*places, problem]


def _get_order(ask: Ask, state: State, _caller: Caller) -> Prediction:
    return Prediction(state, 200, shows=shown_order(_order(ask, state)))


def _update_order(ask: Ask, state: State, _caller: Caller) -> Prediction:
    changed = patched(_order(ask, state), as_object(ask.body))
    return Prediction(state.with_order(changed), 200, shows=shown_order(changed))


def _read_invoice(_ask: Ask, state: State, _caller: Caller) -> Prediction:
    return Prediction(state, 200, source="guarantee")


def _read_payment(ask: Ask, state: State, _caller: Caller) -> Prediction:
    return Prediction(state, 200, shows=_order(ask, state).payment)


def _who_am_i(_ask: Ask, state: State, caller: Caller) -> Prediction:
    kind = "member" if caller.kind == "member" else "customer"
    return Prediction(state, 200, shows={"type": kind, "customer_id": f"{{{caller.customer}}}"})


def _open_session(ask: Ask, state: State, _caller: Caller) -> Prediction:
    body = as_object(ask.body)
    field = "external_customer_id" if "external_customer_id" in body else "customer_id"
    requested = str(body[field]).strip("{}")
    customer = next((name for name, external in state.customers.items() if requested in (name, external)), None)
    if customer is None:
        item: JsonObject = {"loc": ["body", field], "msg": "Customer does not exist."}
        return Prediction(state, REFUSED.status, REFUSED.error, {"detail": [item]})
    session = Caller("customer", customer, ends_at=state.now + SESSION_SECONDS)
    shows: JsonObject = {"customer_id": f"{{{customer}}}", "return_url": None}
    return Prediction(state.with_caller(ask.names, session), 201, shows=shows)


def _list_endpoints(_ask: Ask, state: State, _caller: Caller) -> Prediction:
    existing = [_shown_endpoint(name, one) for name, one in state.endpoints.items() if one is not None]
    shows: JsonObject = {"items": [*existing], "pagination": {"total_count": len(existing)}}
    return Prediction(state, 200, shows=shows, is_unordered=True)


def _make_endpoint(ask: Ask, state: State, _caller: Caller) -> Prediction:
    body = as_object(ask.body)
    endpoint: JsonObject = {"name": None, **body, "enabled": True}
    after = state.with_endpoint(ask.names, endpoint)
    return Prediction(after, 201, shows=endpoint)


def _get_endpoint(ask: Ask, state: State, _caller: Caller) -> Prediction:
    return Prediction(state, 200, shows=_shown_endpoint(ask.on, as_object(state.endpoints[ask.on])))


def _update_endpoint(ask: Ask, state: State, _caller: Caller) -> Prediction:
    # Null is ignored. Source: observed on the service, April 2026.
    sent = {key: value for key, value in as_object(ask.body).items() if value is not None}
    changed = {**as_object(state.endpoints[ask.on]), **sent}
    return Prediction(state.with_endpoint(ask.on, changed), 200, shows=_shown_endpoint(ask.on, changed))


def _delete_endpoint(ask: Ask, state: State, _caller: Caller) -> Prediction:
    return Prediction(state.with_endpoint(ask.on, None), 204)


def _draft_problem(body: JsonObject) -> list[JsonValue] | None:
    amount = body.get("amount")
    return ["body", "amount"] if isinstance(amount, int) and amount < 0 else None


def _url_problem(body: JsonObject) -> list[JsonValue] | None:
    return None if str(body.get("url") or "https://").startswith("https://") else ["body", "url"]


def _order(ask: Ask, state: State) -> Order:
    return state.orders[order_name(ask.on)]


def _shown_endpoint(name: str, endpoint: JsonObject) -> JsonObject:
    events = as_list(endpoint.get("events"))
    return {"id": f"{{{name}}}", **endpoint, "events": [*events]}


Effect = Callable[[Ask, State, Caller], Prediction]
EFFECTS: Mapping[str, Effect] = {
    "orders:get": _get_order,
    "orders:update": _update_order,
    "orders:invoice": _read_invoice,
    "orders:get_payment_status": _read_payment,
    "customer-session:get_authenticated_user": _who_am_i,
    "customer-sessions:create": _open_session,
    "webhooks:list_webhook_endpoints": _list_endpoints,
    "webhooks:create_webhook_endpoint": _make_endpoint,
    "webhooks:get_webhook_endpoint": _get_endpoint,
    "webhooks:update_webhook_endpoint": _update_endpoint,
    "webhooks:delete_webhook_endpoint": _delete_endpoint,
}
