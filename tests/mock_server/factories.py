"""Factories of entities for tests: each takes only the values that the test mentions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from mock_server.domain.addresses import Address
from mock_server.domain.orders import Amounts, BillingReason, Order, OrderItem, OrderStatus
from polar_contract import Behaviour
from polar_contract.loading import load_requests

NOW = datetime(2026, 5, 1, 10, 0, tzinfo=UTC)


@cache
def the_behaviour(revision: str = "0.1.0") -> Behaviour:
    """The rules of a revision."""
    return load_requests(revision).behaviour


def an_order(**changes: Any) -> Order:
    """A paid order of Jane Doe's with complete billing details and no invoice."""
    order = Order(
        id="1b6f1a0e-6f3c-4d7e-9a53-0d1f2b3c4d5e",
        created_at=NOW,
        modified_at=None,
        status=OrderStatus.PAID,
        amounts=Amounts(subtotal_cents=1000, tax_cents=89),
        currency="usd",
        billing_reason=BillingReason.PURCHASE,
        billing_name="Jane Doe",
        billing_address=Address(country="US", line1="123 Main St", postal_code="10001", city="New York", state="US-NY"),
        invoice_number="ACME-TLBUKHOHBK-0001",
        invoice=None,
        seats=None,
        customer_id="c1",
        product_id=None,
        price_id=None,
        subscription_id=None,
        items=(OrderItem("i1", NOW, "Pro Plan", 1000, 89, None),),
        description="Pro Plan",
        next_payment_attempt_at=None,
        payment=None,
        metadata={},
    )
    return replace(order, **changes)
