"""Reads further details of a live account: payment outcomes, webhook endpoints and a member's role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from contract_tests.config.credentials import Kind, way_to_token
from contract_tests.config.gaps import Remedy
from contract_tests.targets.fixtures import Need
from contract_tests.targets.live_names import MEMBER_NAMES, OTHERS, PAYMENT_NAMES, names_of_orders, names_of_others
from contract_tests.transport.client import Client
from contract_tests.transport.exchanges import Exchange
from polar_contract.json_types import JsonObject, as_list, as_object

# A list of orders does not show declined payments; that takes one request for each order.
MOST_PAYMENTS_READ = 20
_OF_MEMBERS = {"order:team_paid": "order:any", "order:team_invoiced": "order:invoiced"}
_MEMBER_PREFIX = "polar_mst_"


@dataclass(frozen=True, slots=True)
class Found:
    """Ids by name (those that the organization sees as `organization_NAME`), and tokens by further names.

    `unseen` maps names of objects that may exist but that these tokens do not show to what would show them.
    """

    ids: Mapping[str, str]
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    unseen: Mapping[str, Need] = field(default_factory=dict)

    def with_(self, other: Found) -> Found:
        """Both merged; where names repeat, the other one's entries win."""
        return Found({**self.ids, **other.ids}, {**self.tokens, **other.tokens}, {**self.unseen, **other.unseen})


def inspect_details(
    client: Client,
    tokens: Mapping[str, str],
    *,
    customers: Sequence[JsonObject],
    organizations: Sequence[JsonObject],
) -> Found:
    """All objects of the account that checks refer to by name. `customers` and `organizations` are the orders of each side."""
    portal = names_of_orders(customers)
    found = Found({**portal, **_of_organization(names_of_orders(organizations))})
    found = found.with_(_others(tokens, customers, organizations)).with_(
        _own_customer(tokens, customers, organizations)
    )
    if Kind.CUSTOMER in tokens:
        paid = _payments(client, tokens[Kind.CUSTOMER], customers)
        shared = {str(order["id"]) for order in organizations}
        of_both = {name: one for name, one in paid.items() if one in shared}
        found = found.with_(Found({**paid, **_of_organization(of_both)}))
    if Kind.ORGANIZATION in tokens:
        found = found.with_(_endpoint(client, tokens[Kind.ORGANIZATION]))
    return found.with_(_member(client, tokens, portal))


def _of_organization(ids: Mapping[str, str]) -> dict[str, str]:
    return {f"organization_{name}": one for name, one in ids.items()}


def _customers_of(orders: Sequence[JsonObject]) -> frozenset[str]:
    return frozenset(str(order["customer_id"]) for order in orders if order.get("customer_id") is not None)


def _others(tokens: Mapping[str, str], customers: Sequence[JsonObject], organizations: Sequence[JsonObject]) -> Found:
    """Objects of other customers. The portal's orders show its own customer, the organization's orders show all customers."""
    own = _customers_of(customers)
    if Kind.ORGANIZATION not in tokens:
        return Found({}, unseen=dict.fromkeys(OTHERS, way_to_token(Kind.ORGANIZATION)))
    if not own:
        return Found({}, unseen=dict.fromkeys(OTHERS, (Remedy.ORDERS, "an order of the session's own customer")))
    others = names_of_others(organizations, own)
    customer = {name: one for name, one in others.items() if name.startswith("customer:")}
    return Found({**{name: one for name, one in others.items() if name not in customer}, **_of_organization(customer)})


def _own_customer(
    tokens: Mapping[str, str], customers: Sequence[JsonObject], organizations: Sequence[JsonObject]
) -> Found:
    """The customer of the portal session, if it is a customer session; the organization can filter by any customer of its orders."""
    own, is_member = _customers_of(customers), tokens.get(Kind.CUSTOMER, "").startswith(_MEMBER_PREFIX)
    filtered = sorted(own & _customers_of(organizations)) or sorted(_customers_of(organizations))
    found = Found(_of_organization({"customer:main": filtered[0]}) if filtered else {})
    if is_member:
        return found.with_(Found({}, unseen={"customer:main": (Remedy.TOKENS, "a customer's own, not a member's")}))
    return found.with_(Found({"customer:main": next(iter(own))} if len(own) == 1 else {}))


def _payments(client: Client, token: str, orders: Sequence[JsonObject]) -> dict[str, str]:
    """Orders by the status of their latest payment. For each order status, orders are read until each possible outcome is found."""
    ids: dict[str, str] = {}
    # Orders with a scheduled retry come first, as after a decline; free orders come last, because they were never charged.
    pending = sorted(_with("pending", orders), key=lambda one: one.get("next_payment_attempt_at") is None)
    paid = sorted(_with("paid", orders), key=lambda one: one.get("total_amount") == 0)
    for candidates, wanted in ((pending, ("failed", "pending")), (paid, ("succeeded",))):
        for order in candidates[:MOST_PAYMENTS_READ]:
            if {PAYMENT_NAMES[status] for status in wanted} <= ids.keys():
                break
            answer = client.send("customer_portal:orders:get_payment_status", token=token, object_id=str(order["id"]))
            name = PAYMENT_NAMES.get(str(_object_of(answer).get("status")))
            if name is not None:
                ids.setdefault(name, str(order["id"]))
    return ids


def _with(status: str, orders: Sequence[JsonObject]) -> list[JsonObject]:
    return [order for order in orders if order.get("status") == status]


def _endpoint(client: Client, token: str) -> Found:
    answer = client.send("webhooks:list_webhook_endpoints", token=token)
    if answer.status == 403:
        return Found({}, unseen={"endpoint:kept": (Remedy.SCOPES, "webhooks:read")})
    listed = map(as_object, as_list(_object_of(answer).get("items")))
    ids = [str(one["id"]) for one in listed if isinstance(one.get("id"), str)]
    return Found(_of_organization({"endpoint:kept": ids[0]}) if ids else {})


def _member(client: Client, tokens: Mapping[str, str], portal: Mapping[str, str]) -> Found:
    """The member's token by its role's name, and the orders that it shows if it is the only portal token."""
    token = tokens.get(Kind.MEMBER)
    if token is None:
        return Found({})
    shown = _object_of(client.send("customer_portal:customer-session:get_authenticated_user", token=token))
    role = MEMBER_NAMES.get(str(shown.get("role")))
    if role is None:
        return Found({})
    ids = {f"member:{role}": str(shown["member_id"])} if isinstance(shown.get("member_id"), str) else {}
    if tokens.get(Kind.CUSTOMER) != token and role != "plain":
        alone = (Remedy.TOKENS, "a member's (POLAR_MEMBER_TOKEN) and no customer's")
        return Found(ids, {f"member_{role}": token}, dict.fromkeys(_OF_MEMBERS, alone))
    # A member without a billing role is refused for its role, whichever order it requests.
    ids |= {name: portal[other] for name, other in _OF_MEMBERS.items() if other in portal}
    return Found(ids, {f"member_{role}": token})


def _object_of(answer: Exchange) -> JsonObject:
    """The JSON object of a 200 response; an empty object for any other response."""
    try:
        return as_object(answer.json()) if answer.status == 200 else {}
    except ValueError:
        return {}
