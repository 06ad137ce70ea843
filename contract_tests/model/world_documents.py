"""The state that world documents describe: every order and every token of the worlds, by the names that a caller gives. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from contract_tests.model.known import KnownOrder, KnownToken, TokenKind
from contract_tests.model.observed_state import ObservedState
from polar_contract.json_types import JsonObject, as_object

Naming = Callable[[str, str], str]
"""The id of an object, or the text of a token, from its kind (`order`, `customer`, `token`) and its key in the document."""
TOKEN_KINDS: Mapping[str, TokenKind] = {
    "customer_session": TokenKind.CUSTOMER,
    "member_session": TokenKind.MEMBER,
    "organization_access_token": TokenKind.ORGANIZATION,
}


def state_of_worlds(worlds: Mapping[str, JsonObject], naming: Naming) -> ObservedState:
    """The state after these worlds were created; incomplete when there is none."""
    state = ObservedState(is_complete=bool(worlds))
    for name, world in worlds.items():
        for key, order in as_object(world.get("orders")).items():
            if not as_object(order).get("deleted"):
                state.orders[naming("order", key)] = order_of_document(as_object(order), name, naming)
        for key, token in as_object(world.get("tokens")).items():
            state.tokens[naming("token", key)] = _token(as_object(token), name, world, naming)
    return state


def order_of_document(order: JsonObject, world: str, naming: Naming) -> KnownOrder:
    """What a document says of one order of this world."""
    customer = order.get("customer")
    return KnownOrder(world, naming("customer", str(customer)) if customer else None).with_document(order)


def _token(token: JsonObject, name: str, world: JsonObject, naming: Naming) -> KnownToken:
    customer, scopes, expiry = token.get("customer"), token.get("scopes"), token.get("expires_in_seconds")
    customers = as_object(world.get("customers"))
    members = as_object(as_object(customers.get(str(customer))).get("members"))
    role = as_object(members.get(str(token.get("member")))).get("role")
    return KnownToken(
        TOKEN_KINDS.get(str(token.get("kind")), TokenKind.CUSTOMER),
        world=name,
        customer_id=naming("customer", str(customer)) if customer else None,
        role=str(role) if role is not None else None,
        scopes=frozenset(map(str, scopes)) if isinstance(scopes, list) else None,
        is_expired=isinstance(expiry, int | float) and expiry < 0,
    )
