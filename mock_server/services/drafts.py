"""Make draft orders, and finalize them by a charge of the customer's saved payment method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mock_server.documents.names import later_key
from mock_server.documents.order_seeding import order_names
from mock_server.domain.drafts import DraftWish, charge_draft, draft_order, require_draft
from mock_server.domain.errors import (
    ChargingSwitchedOff,
    FieldRefusal,
    InputRefused,
    OrganizationNotReady,
    PaymentActionRequired,
    PaymentFailed,
)
from mock_server.domain.orders import Order, PaymentStatus
from mock_server.domain.organizations import Organization, refuse_organization
from mock_server.domain.webhooks import OrderEvent
from mock_server.services.callers import Caller
from mock_server.services.context import Services
from mock_server.services.events import raise_order_events
from mock_server.services.invoices import schedule_automatic_invoice
from mock_server.services.numbering import with_numbers
from mock_server.services.orders import find_order
from mock_server.store.state import World
from mock_server.store.table import Table


def create_draft(services: Services, world: World, *, fields: Mapping[str, Any], wish: DraftWish) -> Order:
    """A draft order from a checked body. It raises order.created; that is the mock's own choice.

    Errors: ChargingSwitchedOff; InputRefused when the body names an organization, an unknown customer or product, or an
            amount that does not go with the product's price.
    """
    with world.changing() as transaction:
        tables = world.tables
        if not tables.organization.off_session_charges:
            raise ChargingSwitchedOff
        refuse_organization(fields.get("organization_id"))
        order = draft_order(
            wish,
            _existing(tables.customers, fields, "customer"),
            _existing(tables.products, fields, "product"),
            order_id=services.ids.new_id(),
            item_id=services.ids.new_id(),
            now=world.clock.now(),
        )
        transaction.put(order)
        # A name, so that the world's document can have it.
        transaction.name_all(order_names(later_key("order", order.id), order))
        raise_order_events(services, world, transaction=transaction, order=order, types=(OrderEvent.CREATED,))
    return order


def _existing(table: Table[Any], fields: Mapping[str, Any], kind: str) -> Any:
    found = table.get(fields[f"{kind}_id"])
    if found is None:
        message = f"{kind.capitalize()} does not exist."
        raise InputRefused((FieldRefusal(("body", f"{kind}_id"), message, fields[f"{kind}_id"]),))
    return found


def finalize_draft(services: Services, world: World, *, caller: Caller, order_id: str) -> Order:
    """Charge a draft and give it its numbers. Which saved payment method is charged makes no difference: the world's policy
    decides about the outcome.

    Effects: after a success order.updated and order.paid; otherwise the order stays a draft that shows the attempt.
    Errors:  OrderUnknown, OrderNotDraft, ChargingSwitchedOff, OrganizationNotReady, PaymentFailed, PaymentActionRequired;
             the order of the checks follows polar's published tests, August 2026.
    """
    with world.changing() as transaction:
        order = find_order(world.tables, caller, order_id)
        require_draft(order)
        _require_charging(world.tables.organization)
        charged = with_numbers(
            world, charge_draft(order, world.policies.off_session, now=world.clock.now()), before=order
        )
        transaction.put(charged)
        if charged.is_paid:
            types = (OrderEvent.UPDATED, OrderEvent.PAID)
            raise_order_events(services, world, transaction=transaction, order=charged, types=types)
            schedule_automatic_invoice(services, world, transaction=transaction, order=charged)
    # Only now, because the attempt stays even though the request fails.
    if not charged.is_paid:
        raise _refusal_of(charged)
    return charged


def _require_charging(organization: Organization) -> None:
    if not organization.off_session_charges:
        raise ChargingSwitchedOff
    if not organization.ready_for_payments:
        raise OrganizationNotReady


def _refusal_of(order: Order) -> PaymentFailed | PaymentActionRequired:
    is_failed = order.payment is not None and order.payment.status is PaymentStatus.FAILED
    return PaymentFailed(order.id) if is_failed else PaymentActionRequired(order.id)
