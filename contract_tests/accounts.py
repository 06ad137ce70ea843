"""From the tokens of a live account to a stage: its newest orders by what they are good for, and a session for the portal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from uuid import UUID

from contract_tests.credentials import Kind, misfit, placeholder
from contract_tests.exchanges import Exchange
from contract_tests.findings import CannotJudge, NoTokenGiven
from contract_tests.requesting import Client
from contract_tests.safety import MOST_SESSIONS_TRIED
from contract_tests.stages import Stage
from contract_tests.traces.orders import stored_billing
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object

Learn = Callable[[str, str], None]
NO_TOKEN = (
    "No token was given; set POLAR_CUSTOMER_TOKEN or POLAR_ORGANIZATION_TOKEN (make also reads them from .env), "
    "or use --token."
)
_LISTS = {Kind.CUSTOMER: "customer_portal:orders:list", Kind.ORGANIZATION: "orders:list"}
_ORDERS_LOOKED_AT = 100
# Source: observed on the service, April 2026: answers may show all countries, requests not these.
_NO_LONGER_ACCEPTED = frozenset({"CU", "IR", "KP", "RU", "SY"})
# The classes that matter for invoices; every order is in exactly one.
_CLASSES = ("unpaid", "missing billing", "ready", "invoiced")


def look_around(client: Client, tokens: Mapping[str, str], *, may_open_session: bool, learn: Learn) -> Stage:
    """The stage of a live account. With an organization's token alone a session of one of its customers is opened.

    Errors: CannotJudge when no token is given, a token is not accepted, or no order is there.
    """
    given = {name: token for name, token in tokens.items() if token}
    if Kind.MEMBER in given:
        given.setdefault(Kind.CUSTOMER, given[Kind.MEMBER])
    require_token(given)
    no_lists: list[str] = []
    orders = {Kind.ORGANIZATION: _orders(client, Kind.ORGANIZATION, given, no_lists)}
    if Kind.CUSTOMER not in given and may_open_session:
        given |= _opened_session(client, orders[Kind.ORGANIZATION], given[Kind.ORGANIZATION], learn)
    orders[Kind.CUSTOMER] = _orders(client, Kind.CUSTOMER, given, no_lists)
    if not any(orders.values()):
        if no_lists:
            raise CannotJudge(no_lists[0])
        raise CannotJudge(
            "There is no usable order: the account behind the token shows none; create one and run again."
        )
    return Stage(_ids(orders), given, account=_told({str(one["id"]): one for side in orders.values() for one in side}))


def require_token(tokens: Mapping[str, str]) -> None:
    """Errors: NoTokenGiven."""
    if not any(tokens.values()):
        raise NoTokenGiven(NO_TOKEN)


def invoice_class(order: JsonObject) -> str:
    """What may be done with an order's invoice: `unpaid`, `missing billing`, `ready` or `invoiced`."""
    if order.get("is_invoice_generated") is True:
        return "invoiced"
    if not order.get("paid"):
        return "unpaid"
    has_billing = order.get("billing_name") is not None and order.get("billing_address") is not None
    return "ready" if has_billing else "missing billing"


def _orders(client: Client, kind: Kind, tokens: Mapping[str, str], no_lists: list[str]) -> list[JsonObject]:
    """The orders that can be asked for; an answer that is no list leaves a sentence in `no_lists`."""
    if kind not in tokens:
        return []
    exchange = client.send(_LISTS[kind], token=tokens[kind], query={"limit": str(_ORDERS_LOOKED_AT)})
    _require_accepted(exchange, kind, tokens[kind])
    return _listed(exchange, kind, no_lists)


def _require_accepted(exchange: Exchange, kind: Kind, token: str) -> None:
    wrong = misfit(kind, token)
    if exchange.status == 401:
        why = wrong or "is it expired, or of another server? The sandbox and production have tokens of their own"
        raise CannotJudge(f"The target does not accept the {kind} token (401 {exchange.error_name()}); {why}.")
    if exchange.status == 403:
        why = f"; {wrong}" if wrong else ""
        raise CannotJudge(f"The {kind} token may not list orders (403 {exchange.error_name()}){why}.")


def _listed(exchange: Exchange, kind: Kind, no_lists: list[str]) -> list[JsonObject]:
    try:
        items = as_object(exchange.json()).get("items")
    except ValueError:
        items = None
    if exchange.status != 200 or not isinstance(items, list):
        no_lists.append(
            f"The target answers {exchange.status} without a list of orders where the orders of the {kind} token belong."
        )
    return [order for order in map(as_object, as_list(items)) if _is_id(order.get("id"))]


def _is_id(value: JsonValue) -> bool:
    try:
        return isinstance(value, str) and str(UUID(value)) == value
    except ValueError:
        return False


def _opened_session(client: Client, orders: list[JsonObject], token: str, learn: Learn) -> dict[str, str]:
    """A customer's session by name of its token; none when the token's scopes or the customers don't allow one."""
    classes: dict[str, set[str]] = {}
    for order in orders:
        classes.setdefault(str(order.get("customer_id")), set()).add(invoice_class(order))
    # The customer whose orders show most comes first.
    for customer in sorted(classes, key=lambda one: -len(classes[one]))[:MOST_SESSIONS_TRIED]:
        made = client.send("customer-sessions:create", token=token, body={"customer_id": customer})
        session = _token_of(made)
        if session is not None:
            learn(session, placeholder(Kind.CUSTOMER))
            return {str(Kind.CUSTOMER): session}
    return {}


def _token_of(made: Exchange) -> str | None:
    try:
        session = as_object(made.json()).get("token")
    except ValueError:
        return None
    return session if made.status == 201 and isinstance(session, str) else None


def _ids(orders: Mapping[Kind, list[JsonObject]]) -> dict[str, str]:
    ids: dict[str, str] = {}
    for kind, side in orders.items():
        for order in side:
            for name in _names(order):
                ids.setdefault(name if kind == Kind.CUSTOMER else f"organization_{name}", str(order["id"]))
    return ids


def _names(order: JsonObject) -> list[str]:
    return [name for name, holds in _tried_names(order).items() if holds]


def _tried_names(order: JsonObject) -> dict[str, bool]:
    name, address = order.get("billing_name"), order.get("billing_address")
    has_billing = name is not None and address is not None
    # The service makes invoices by itself once an order has billing details, a pending order's too, and at any moment.
    stays_without = order.get("is_invoice_generated") is False and not has_billing
    return {
        "order:any": True,
        "order:paid": order.get("status") == "paid" and has_billing,
        "order:to_be_put_back": order.get("status") == "paid" and has_billing and _can_be_put_back(address),
        "order:unpaid": order.get("status") == "pending" and stays_without,
        "order:void": order.get("status") == "void",
        "order:refunded": order.get("status") == "refunded",
        "order:no_billing": bool(order.get("paid")) and name is None and address is None,
        "order:invoiced": order.get("is_invoice_generated") is True,
        "order:not_invoiced": stays_without,
        # What is sent to them there is refused for any order.
        "order:for_portal_patch": True,
        "order:for_organization_patch": True,
    }


def _can_be_put_back(address: JsonValue) -> bool:
    """Whether a PATCH with the address as it is shown is accepted and changes nothing.

    An address may be older than the rules for new ones, or of a country that no new one may have.
    """
    shown = as_object(address)
    return shown.get("country") not in _NO_LONGER_ACCEPTED and stored_billing({"billing_address": shown}) == {
        "billing_address": shown
    }


def _told(orders: Mapping[str, JsonObject]) -> str:
    counts = Counter(map(invoice_class, orders.values()))
    return f"orders seen: {len(orders)}; " + ", ".join(f"{name} {counts[name]}" for name in _CLASSES)


LIVE_NAMES = frozenset(_tried_names({}))
"""Names that objects of a live account may have; every other name is of the mock's worlds."""
