"""What the page of a world shows: its orders, tokens, webhooks and the last requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from mock_server.documents.fault_sets import list_fault_sets
from mock_server.documents.names import keys_by_id, token_names
from mock_server.domain.customers import Customer
from mock_server.domain.invoices import missing_billing_details
from mock_server.domain.jobs import Job, JobKind
from mock_server.domain.money import minor_digits
from mock_server.domain.orders import Order, OrderStatus, next_statuses
from mock_server.domain.sessions import Credential, CredentialKind
from mock_server.domain.webhooks import WebhookDelivery, WebhookEndpoint, WebhookEvent
from mock_server.services.context import Services
from mock_server.services.downloads import link_to_invoice, link_to_receipt
from mock_server.services.invoices import is_kept
from mock_server.store.faults import Counts, FaultRule
from mock_server.store.state import World, WorldState
from mock_server.store.tables import Tables
from mock_server.views.sessions import portal_url

ORDERS_EACH = 100
_MOST_EVENTS = 30


class TokenRow(NamedTuple):
    name: str
    credential: Credential
    is_valid: bool
    portal: str | None
    """The address of the portal page for a valid session."""


class OrderRow(NamedTuple):
    order: Order
    key: str
    customer: Customer
    next: Sequence[OrderStatus]
    """The statuses that it can change to, in the world's revision."""
    missing: Sequence[str]
    """Billing details that an invoice needs."""
    invoice: str | None
    """A fresh link."""
    receipt: str | None
    is_invoice_scheduled: bool
    requester: tuple[str, str] | None
    """The path and a token with which the invoice can be requested; None without such a token, and if a request would change nothing."""
    digits: int
    """Digits of minor units in its currency."""


class EventRow(NamedTuple):
    event: WebhookEvent
    endpoint: WebhookEndpoint
    attempts: Sequence[WebhookDelivery]
    next_at: datetime | None


class FaultRow(NamedTuple):
    rule: FaultRule
    counts: Counts


class FaultSwitch(NamedTuple):
    """A named set of faults, and the ids of its rules that the world has now."""

    name: str
    sentence: str
    on: Sequence[str]


class OrdersPage(NamedTuple):
    rows: Sequence[OrderRow]
    total: int
    number: int
    last: int


class WorldFacts:
    """One consistent view of a world, read once for one page. `base_url`: of links."""

    def __init__(self, services: Services, world: World, base_url: str) -> None:
        self._services = services
        self._base_url = base_url
        self.world = world
        self.state: WorldState = world.state
        self.tables: Tables = self.state.tables
        self.now = self.state.clock.now()

    @cached_property
    def _keys(self) -> Mapping[str, str]:
        return keys_by_id(self.tables.names)

    @property
    def waiting_jobs(self) -> int:
        return len(self.state.jobs)

    def tokens(self) -> list[TokenRow]:
        return [self._token(name, self.tables.credentials[token]) for token, name in token_names(self.state).items()]

    def _token(self, name: str, credential: Credential) -> TokenRow:
        is_valid = credential.is_valid_at(self.now)
        customer = self.tables.customers.get(credential.customer_id or "")
        portal = None
        if customer is not None and is_valid:
            member = next((one for one in customer.members if one.id == credential.member_id), None)
            email = member.email if member else customer.email
            portal = portal_url(self._base_url, self.tables.organization, credential.token, email=email)
        return TokenRow(name, credential, is_valid, portal)

    def faults(self) -> list[FaultRow]:
        state = self.state.faults
        return [FaultRow(rule, state.count_of(rule.id)) for rule in state.rules]

    def fault_switches(self) -> list[FaultSwitch]:
        rules = self.state.faults.rules
        return [
            FaultSwitch(one.name, one.sentence, [rule.id for rule in rules if rule.set_name == one.name])
            for one in list_fault_sets()
        ]

    def organization_token(self, scope: str) -> str | None:
        """A valid token of the organization with this scope."""
        for one in self.tables.credentials.values():
            if one.kind is CredentialKind.ACCESS_TOKEN and scope in one.scopes and one.is_valid_at(self.now):
                return one.token
        return None

    def orders(self, number: int) -> OrdersPage:
        """One page of them, newest first; a page that is not there becomes the nearest one."""
        living = [order for order in self.tables.orders.values() if not order.deleted][::-1]
        last = max(1, -(-len(living) // ORDERS_EACH))
        number = min(max(number, 1), last)
        shown = living[(number - 1) * ORDERS_EACH : number * ORDERS_EACH]
        return OrdersPage([self.order(order) for order in shown], len(living), number, last)

    def order(self, order: Order) -> OrderRow:
        possible = [status for status in next_statuses(order) if status in self.state.behaviour.order.statuses]
        invoice, receipt = order.invoice, order.receipt
        return OrderRow(
            order,
            self._keys.get(order.id, order.id[:8]),
            self.tables.customers[order.customer_id],
            possible,
            missing_billing_details(order),
            link_to_invoice(self._services, self.world, order=order, invoice=invoice) if invoice else None,
            link_to_receipt(self._services, self.world, order=order, receipt=receipt) if receipt else None,
            any(job.kind is JobKind.GENERATE_INVOICE for job in self.jobs_about(order.id)),
            self._requester(order),
            minor_digits(order.currency),
        )

    def _requester(self, order: Order) -> tuple[str, str] | None:
        if order.invoice is not None and is_kept(self.world, order, order.invoice):
            return None
        token = self.organization_token("orders:write")
        if token is not None:
            return f"/v1/orders/{order.id}/invoice", token
        for one in self.tables.credentials.values():
            if one.customer_id == order.customer_id and one.is_valid_at(self.now):
                return f"/v1/customer-portal/orders/{order.id}/invoice", one.token
        return None

    def jobs_about(self, subject_id: str) -> Sequence[Job]:
        return self.state.jobs.about(subject_id)

    def events(self, about: str = "") -> list[EventRow]:
        """The newest webhook events, newest first, with their attempts; those about one order if its id is given."""
        wanted = (one for one in reversed(self.tables.events.values()) if about in one.payload)
        events = list(islice(wanted, _MOST_EVENTS))
        attempts: dict[str, list[WebhookDelivery]] = {event.id: [] for event in events}
        for delivery in self.tables.deliveries.values():
            if delivery.event_id in attempts:
                attempts[delivery.event_id].append(delivery)
        return [self._event(event, attempts[event.id]) for event in events]

    def _event(self, event: WebhookEvent, attempts: Sequence[WebhookDelivery]) -> EventRow:
        due = min((job.due_at for job in self.jobs_about(event.id) if job.due_at is not None), default=None)
        return EventRow(event, self.tables.endpoints[event.endpoint_id], attempts, due)
