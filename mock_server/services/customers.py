"""Add and change customers; each change raises webhook events."""

from __future__ import annotations

from mock_server.documents.customers import build_customer, parse_customer
from mock_server.documents.names import member_name, require_free
from mock_server.domain.customers import Customer, CustomerChanges, change_customer
from mock_server.domain.errors import CallerGone
from mock_server.domain.webhooks import CustomerEvent
from mock_server.services.context import Services
from mock_server.services.events import raise_customer_event
from mock_server.services.identities import identities_of
from mock_server.store.state import Transaction, World
from polar_contract.json_types import JsonObject


def add_customer(services: Services, world: World, *, key: str, body: JsonObject) -> tuple[Customer, dict[str, str]]:
    """Add the customer that a document describes; returns it with its names.

    Errors: DocumentInvalid; NameTaken for a key or an id in use.
    """
    with world.changing() as transaction:
        require_free(world.ids, "customer", key)
        document = parse_customer(body)
        customer = build_customer(document, path="", identities=identities_of(services), now=world.clock.now())
        names = {f"customer:{key}": customer.id}
        for member_key, member in zip(document.members, customer.members, strict=True):
            names[member_name(world.ids, key, member_key)] = member.id
        transaction.put(customer)
        transaction.name_all(names)
    return customer, names


def update_customer(services: Services, world: World, *, customer_id: str, changes: CustomerChanges) -> Customer:
    """Change a customer's billing details; orders that exist keep theirs. Errors: InputRefused, CallerGone."""
    with world.changing() as transaction:
        customer = world.tables.customers.get(customer_id)
        if customer is None:
            raise CallerGone(customer_id)
        changed = change_customer(customer, changes, now=world.clock.now())
        put_changed_customer(services, world, transaction=transaction, customer=changed)
    return changed


def put_changed_customer(services: Services, world: World, *, transaction: Transaction, customer: Customer) -> None:
    """Store a changed customer, and raise `customer.updated`, in the same transaction.

    It is raised even when nothing changes, as for orders. Source: polar's customers, April 2026.
    """
    transaction.put(customer)
    event_type = CustomerEvent.UPDATED
    raise_customer_event(services, world, transaction=transaction, customer=customer, event_type=event_type)
