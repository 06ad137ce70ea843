"""From the tokens of a live account to a stage: its newest orders by what they are good for, and a session for the portal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from uuid import UUID

from contract_tests.account_looks import look_closer
from contract_tests.account_names import invoice_class
from contract_tests.credentials import Kind, placeholder, wrong_kind
from contract_tests.exchanges import Exchange
from contract_tests.findings import CannotRun, NoTokenGiven
from contract_tests.fixtures import Fixtures
from contract_tests.requesting import Client
from contract_tests.safety import MOST_SESSIONS_TRIED
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object

Learn = Callable[[str, str], None]
NO_TOKEN = (
    "No token was given; set POLAR_CUSTOMER_TOKEN or POLAR_ORGANIZATION_TOKEN (make also reads them from .env), "
    "or use --token."
)
_LISTS = {Kind.CUSTOMER: "customer_portal:orders:list", Kind.ORGANIZATION: "orders:list"}
_PAGE = 100
# So far back that what an account has is seen, for a few seconds at a remote host's pace.
MOST_PAGES_LOOKED_AT = 5
# The classes that matter for invoices; every order is in exactly one.
_CLASSES = ("unpaid", "missing billing", "ready", "invoiced")


def look_around(client: Client, tokens: Mapping[str, str], *, may_open_session: bool, learn: Learn) -> Fixtures:
    """The stage of a live account. With an organization's token alone a session of one of its customers is opened.

    Errors: CannotJudge when no token is given, a token is not accepted, or no order is there.
    """
    given = {name: token for name, token in tokens.items() if token}
    if Kind.MEMBER in given:
        given.setdefault(Kind.CUSTOMER, given[Kind.MEMBER])
    require_token(given)
    no_lists: list[str] = []
    organizations = _orders(client, Kind.ORGANIZATION, given, no_lists)
    if Kind.CUSTOMER not in given and may_open_session:
        given |= _opened_session(client, organizations, given[Kind.ORGANIZATION], learn)
    customers = _orders(client, Kind.CUSTOMER, given, no_lists)
    if not customers and not organizations:
        if no_lists:
            raise CannotRun(no_lists[0])
        raise CannotRun("There is no usable order: the account behind the token shows none; create one and run again.")
    found = look_closer(client, given, customers=customers, organizations=organizations)
    told = _told({str(one["id"]): one for one in (*organizations, *customers)})
    return Fixtures(found.ids, given | dict(found.tokens), account=told, unseen=found.unseen)


def require_token(tokens: Mapping[str, str]) -> None:
    """Errors: NoTokenGiven."""
    if not any(tokens.get(kind) for kind in (Kind.CUSTOMER, Kind.MEMBER, Kind.ORGANIZATION)):
        raise NoTokenGiven(NO_TOKEN)


def _orders(client: Client, kind: Kind, tokens: Mapping[str, str], no_lists: list[str]) -> list[JsonObject]:
    """The orders that can be asked for; an answer that is no list leaves a sentence in `no_lists`."""
    if kind not in tokens:
        return []
    orders: list[JsonObject] = []
    for page in range(1, MOST_PAGES_LOOKED_AT + 1):
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
        why = wrong or "is it expired, or of another server? The sandbox and production have tokens of their own"
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


def _told(orders: Mapping[str, JsonObject]) -> str:
    counts = Counter(map(invoice_class, orders.values()))
    return f"orders seen: {len(orders)}; " + ", ".join(f"{name} {counts[name]}" for name in _CLASSES)
