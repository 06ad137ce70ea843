"""Builds the fixtures of a live account from its tokens: its newest orders by name, and a session for the portal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from contract_tests.config.credentials import Kind, placeholder, wrong_kind
from contract_tests.config.errors import CannotRun, NoTokenGiven
from contract_tests.targets.fixtures import Fixtures
from contract_tests.targets.live_details import inspect_details
from contract_tests.targets.live_names import invoice_class
from contract_tests.transport.client import Client
from contract_tests.transport.exchanges import Exchange
from contract_tests.transport.guards import MOST_SESSIONS_TRIED
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object

Learn = Callable[[str, str], None]
NO_TOKEN = (
    "No token was given; set POLAR_CUSTOMER_TOKEN or POLAR_ORGANIZATION_TOKEN (make also reads them from .env), "
    "or use --token."
)
_LISTS = {Kind.CUSTOMER: "customer_portal:orders:list", Kind.ORGANIZATION: "orders:list"}
_ONE = {Kind.CUSTOMER: "customer_portal:orders:get", Kind.ORGANIZATION: "orders:get"}
_PAGE = 100
# Enough pages to find the kinds of orders of an account, within a few seconds at the rate of a remote host.
MOST_PAGES_READ = 5
# The classes that matter for invoices; every order is in exactly one.
_CLASSES = ("unpaid", "missing billing", "ready", "invoiced")


def inspect_account(
    client: Client,
    tokens: Mapping[str, str],
    *,
    may_open_session: bool,
    learn: Learn,
    invoice_ids: Sequence[str] = (),
) -> Fixtures:
    """The fixtures of a live account. With only an organization's token, a session of one of its customers is opened.

    Errors: CannotRun when no token is given, a token is not accepted, there is no order, or none with one of `invoice_ids`.
    """
    given = {name: token for name, token in tokens.items() if token}
    if Kind.MEMBER in given:
        given.setdefault(Kind.CUSTOMER, given[Kind.MEMBER])
    require_token(given)
    no_lists: list[str] = []
    organizations = _orders(client, Kind.ORGANIZATION, given, no_lists)
    customers = _orders(client, Kind.CUSTOMER, given, no_lists)
    listed = {str(one["id"]) for one in (*organizations, *customers)}
    for order_id in dict.fromkeys(invoice_ids):
        if order_id not in listed:
            _require_order(client, given, order_id)
    if Kind.CUSTOMER not in given and may_open_session:
        given |= _opened_session(client, organizations, given[Kind.ORGANIZATION], learn)
        customers = _orders(client, Kind.CUSTOMER, given, no_lists)
    if not customers and not organizations:
        if no_lists:
            raise CannotRun(no_lists[0])
        raise CannotRun("There is no usable order: the account behind the token shows none; create one and run again.")
    found = inspect_details(client, given, customers=customers, organizations=organizations)
    summary = _summary({str(one["id"]): one for one in (*organizations, *customers)})
    return Fixtures(found.ids, given | dict(found.tokens), account=summary, unseen=found.unseen)


def require_token(tokens: Mapping[str, str], hint: str = "") -> None:
    """Require at least one token; `hint` ends the message if there is none. Errors: NoTokenGiven."""
    if not any(tokens.get(kind) for kind in (Kind.CUSTOMER, Kind.MEMBER, Kind.ORGANIZATION)):
        raise NoTokenGiven(f"{NO_TOKEN} {hint}".rstrip())


def _require_order(client: Client, tokens: Mapping[str, str], order_id: str) -> None:
    """Require that a token shows the order, which may be older than those listed. Errors: CannotRun."""
    answers = [client.send(_ONE[kind], token=tokens[kind], object_id=order_id) for kind in _ONE if kind in tokens]
    if not any(one.status == 200 for one in answers):
        said = ", ".join(dict.fromkeys(f"{one.status} {one.error_name() or ''}".rstrip() for one in answers))
        raise CannotRun(f"Order {order_id} is not among the account's orders ({said}); no invoice was requested.")


def _orders(client: Client, kind: Kind, tokens: Mapping[str, str], no_lists: list[str]) -> list[JsonObject]:
    """The orders that this token lists; a response that is not a list adds a sentence to `no_lists`."""
    if kind not in tokens:
        return []
    orders: list[JsonObject] = []
    for page in range(1, MOST_PAGES_READ + 1):
        query = {"limit": str(_PAGE), "page": str(page)} if page > 1 else {"limit": str(_PAGE)}
        exchange = client.send(_LISTS[kind], token=tokens[kind], query=query)
        _require_accepted(exchange, kind, tokens[kind])
        listed = _listed(exchange, kind, no_lists)
        orders += listed
        if len(listed) < _PAGE:
            break
    return orders


def _require_accepted(exchange: Exchange, kind: Kind, token: str) -> None:
    wrong = wrong_kind(kind, token)
    if exchange.status == 401:
        why = wrong or "is it expired, or of another server? The sandbox and production use different tokens"
        raise CannotRun(f"The target does not accept the {kind} token (401 {exchange.error_name()}); {why}.")
    if exchange.status == 403:
        why = f"; {wrong}" if wrong else ""
        raise CannotRun(f"The {kind} token may not list orders (403 {exchange.error_name()}){why}.")


def _listed(exchange: Exchange, kind: Kind, no_lists: list[str]) -> list[JsonObject]:
    try:
        items = as_object(exchange.json()).get("items")
    except ValueError:
        items = None
    if exchange.status != 200 or not isinstance(items, list):
        no_lists.append(
            f"The target answers {exchange.status} without a list of orders to the request for the orders of the {kind} token."
        )
    return [order for order in map(as_object, as_list(items)) if _is_id(order.get("id"))]


def _is_id(value: JsonValue) -> bool:
    try:
        return isinstance(value, str) and str(UUID(value)) == value
    except ValueError:
        return False


def _opened_session(client: Client, orders: list[JsonObject], token: str, learn: Learn) -> dict[str, str]:
    """A customer session, as its token by name; empty when the token's scopes or the customers do not allow one."""
    classes: dict[str, set[str]] = {}
    for order in orders:
        classes.setdefault(str(order.get("customer_id")), set()).add(invoice_class(order))
    # The customer with the most kinds of orders comes first.
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


def _summary(orders: Mapping[str, JsonObject]) -> str:
    counts = Counter(map(invoice_class, orders.values()))
    return f"orders seen: {len(orders)}; " + ", ".join(f"{name} {counts[name]}" for name in _CLASSES)
