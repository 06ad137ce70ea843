"""Customers: one more of them, and the customer's own record on the portal."""

from __future__ import annotations

from mock_server.documents.customers import found_customer, parse_customer
from mock_server.documents.names import member_name, require_free
from mock_server.domain.customers import Customer, CustomerChanges, change_customer
from mock_server.services.context import Services
from mock_server.services.identities import identities_of
from mock_server.store.state import World
from polar_contract.json_types import JsonObject


def add_customer(services: Services, world: World, *, key: str, body: JsonObject) -> tuple[Customer, dict[str, str]]:
    """One more customer, as a document describes it, and the names that it adds.

    Errors: DocumentInvalid; NameTaken for a key or an id in use.
    """
    with world.changing() as transaction:
        require_free(world.ids, "customer", key)
        document = parse_customer(body)
        customer = found_customer(document, path="", identities=identities_of(services), now=world.clock.now())
        names = {f"customer:{key}": customer.id}
        for member_key, member in zip(document.members, customer.members, strict=True):
            names[member_name(world.ids, key, member_key)] = member.id
        transaction.put(customer)
        world.ids = {**world.ids, **names}
    return customer, names


def update_customer(world: World, *, customer_id: str, changes: CustomerChanges) -> Customer:
    """Change a customer's billing details; orders that exist keep theirs. Errors: InputRefused."""
    with world.changing() as transaction:
        changed = change_customer(world.tables.customers[customer_id], changes, now=world.clock.now())
        transaction.put(changed)
    return changed
