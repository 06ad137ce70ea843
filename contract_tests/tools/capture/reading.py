"""Reads an account page by page, with GET requests only. Does not build the document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import requests

from contract_tests.config.credentials import Kind
from contract_tests.config.errors import CannotRun, NoTokenGiven
from contract_tests.targets.live_account import NO_TOKEN
from contract_tests.targets.messages import unreachable
from contract_tests.tools.capture.account import Account, Notes
from contract_tests.transport.client import Client
from contract_tests.transport.exchanges import Exchange
from contract_tests.transport.guards import RefusedToSend
from contract_tests.transport.session import NoAnswer
from polar_contract.json_types import JsonObject, as_list, as_object

_ORGANIZATION_LIST, _PORTAL_LIST = "orders:list", "customer_portal:orders:list"
_LARGEST_PAGE = 100
Report = Callable[[str], None]


class OnlyReads:
    """A session guard that lets only GET requests pass."""

    def check(self, request: requests.PreparedRequest) -> None:
        """Errors: RefusedToSend."""
        if request.method != "GET":
            raise RefusedToSend(f"{request.method} is not sent: capture sends only GET requests")


def read_account(
    client: Client, tokens: Mapping[str, str], *, most_orders: int, notes: Notes, report: Report
) -> Account:
    """The newest orders and the objects that belong to them. Errors: CannotRun with a message."""
    organization = tokens.get(Kind.ORGANIZATION)
    portal = tokens.get(Kind.CUSTOMER) or tokens.get(Kind.MEMBER)
    if organization is None and portal is None:
        raise NoTokenGiven(NO_TOKEN)
    reader = _Reader(client, notes, report, most_orders)
    found: dict[str, JsonObject] = {}
    more = 0
    if organization is not None:
        found, more = reader.orders(_ORGANIZATION_LIST, organization)
    shown: dict[str, JsonObject] = {}
    if portal is not None:
        shown, also_more = reader.orders(_PORTAL_LIST, portal)
        more = more if organization is not None else also_more
    _note_what_one_side_hides(notes, organization, portal)
    orders = _newest_first([_merged(shown.get(one, {}), found.get(one, {})) for one in (found | shown)])[:most_orders]
    if not orders:
        raise CannotRun("The account behind the token shows no order; there is nothing to copy.")
    return Account(
        orders=orders,
        more_orders=more,
        customer=reader.optional("customer_portal:customers:get", portal) if portal is not None else None,
        payments=reader.payments(list(shown), portal) if portal is not None else {},
        endpoints=reader.endpoints(organization) if organization is not None else (),
    )


class _Reader:
    """Reads through one client and notes refused requests."""

    def __init__(self, client: Client, notes: Notes, report: Report, most_orders: int) -> None:
        self._client = client
        self._notes = notes
        self._report = report
        self._most_orders = most_orders

    def orders(self, operation_id: str, token: str) -> tuple[dict[str, JsonObject], int]:
        """Orders by id in list order, and the number of orders that were not read."""
        found: dict[str, JsonObject] = {}
        page, last, total = 1, 1, 0
        while page <= last and len(found) < self._most_orders:
            self._report(f"{operation_id}, page {page}, {len(found)} orders so far")
            query = {"page": str(page), "limit": str(min(_LARGEST_PAGE, self._most_orders))}
            answer = _body(self._send(operation_id, token, query=query))
            pagination = as_object(answer.get("pagination"))
            page, last, total = page + 1, _number(pagination, "max_page"), _number(pagination, "total_count")
            for order in map(as_object, as_list(answer.get("items"))[: self._most_orders - len(found)]):
                found[_id_of(order)] = order
        return found, max(0, total - len(found))

    def payments(self, order_ids: list[str], token: str) -> dict[str, JsonObject]:
        """The payment status of each order, by order id."""
        found = {}
        for index, one in enumerate(order_ids):
            self._report(f"payment of order {index + 1} of {len(order_ids)}")
            answer = self.optional("customer_portal:orders:get_payment_status", token, object_id=one)
            if answer is not None:
                found[one] = answer
        return found

    def endpoints(self, token: str) -> list[JsonObject]:
        """The first page of webhook endpoints; the token may lack the scope."""
        query = {"limit": str(_LARGEST_PAGE)}
        answer = self.optional("webhooks:list_webhook_endpoints", token, query=query) or {}
        return [as_object(endpoint) for endpoint in as_list(answer.get("items"))]

    def optional(
        self, operation_id: str, token: str, *, object_id: str = "", query: Mapping[str, str] | None = None
    ) -> JsonObject | None:
        """The answer to a read that the copy does not need; None and a note when it is refused."""
        self._report(operation_id)
        exchange = self._send(operation_id, token, object_id=object_id, query=query)
        if exchange.status != 200:
            self._notes.add(f"{operation_id} (answered {exchange.status} {exchange.error_name() or ''}".rstrip() + ")")
            return None
        return _body(exchange)

    def _send(
        self, operation_id: str, token: str, *, object_id: str = "", query: Mapping[str, str] | None = None
    ) -> Exchange:
        try:
            return self._client.send(operation_id, token=token, object_id=object_id, query=query)
        except NoAnswer as problem:
            raise CannotRun(
                unreachable(self._client.guarded.base_url, problem, through=self._client.guarded.through)
            ) from problem


def _body(exchange: Exchange) -> JsonObject:
    """The answer to a read that the copy needs. Errors: CannotRun."""
    if exchange.status in (401, 403):
        why = f"{exchange.status} {exchange.error_name() or ''}".rstrip()
        raise CannotRun(f"The target does not accept the token for {exchange.operation_id} ({why}). Has it expired?")
    try:
        answer = exchange.json()
    except ValueError:
        answer = None
    if exchange.status != 200 or not isinstance(answer, dict):
        raise CannotRun(
            f"{exchange.method} {exchange.path} was answered with {exchange.excerpt()}; is it the right address?"
        )
    return answer


def _id_of(order: JsonObject) -> str:
    lacking = [name for name in ("id", "customer_id", "status", "created_at") if not isinstance(order.get(name), str)]
    if lacking:
        raise CannotRun(f"A listed order has no {lacking[0]}; this target can't be copied.")
    return str(order["id"])


def _number(pagination: JsonObject, name: str) -> int:
    value = pagination.get(name)
    return value if isinstance(value, int) else 0


def _merged(portal: JsonObject, organization: JsonObject) -> JsonObject:
    """One order merged from portal and organization API; only the portal's product has all prices, benefits and the organization."""
    product = {**as_object(portal.get("product")), **as_object(organization.get("product"))}
    return {**portal, **organization, "product": product or None}


def _newest_first(orders: list[JsonObject]) -> list[JsonObject]:
    """The orders sorted newest first, as lists are; orders with equal times keep the order in which they were listed."""
    try:
        return sorted(orders, key=lambda order: datetime.fromisoformat(str(order.get("created_at"))), reverse=True)
    except (ValueError, TypeError):
        raise CannotRun("An order has a created_at that is not a time; this target can't be copied.") from None


def _note_what_one_side_hides(notes: Notes, organization: str | None, portal: str | None) -> None:
    if portal is None:
        notes.add(
            "payments, next payment attempts and benefits, which only the portal shows (add a customer token for that customer's)"
        )
    if organization is None:
        notes.add("other customers, external ids and webhook endpoints, which only an organization token shows")
