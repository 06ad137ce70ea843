"""The customer's own record on the portal."""

from __future__ import annotations

from mock_server.domain.customers import Customer, CustomerChanges, change_customer
from mock_server.domain.errors import CallerGone
from mock_server.store.state import World


def update_customer(world: World, *, customer_id: str, changes: CustomerChanges) -> Customer:
    """Change a customer's billing details; orders that exist keep theirs. Errors: InputRefused, CallerGone."""
    with world.changing() as transaction:
        customer = world.tables.customers.get(customer_id)
        if customer is None:
            raise CallerGone(customer_id)
        changed = change_customer(customer, changes, now=world.clock.now())
        transaction.put(changed)
    return changed
