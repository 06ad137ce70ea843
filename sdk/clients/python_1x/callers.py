"""Whom a token stands for: payments, the customer, sessions and their opening, the organization."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sdk.clients.checking import UNKNOWN_ID, Skipped, expect, expect_pdf, wait_until
from sdk.clients.python_1x.stage import Stage


def asks_payment_status(stage: Stage) -> None:
    answer = stage.orders.get_payment_status(stage.id("paid"))
    expect((answer.status, answer.error), ("succeeded", None))


def reads_the_customer(stage: Stage) -> None:
    customer = stage.polar.customer_portal.customers.get()
    expect((customer.email, customer.billing_name), ("jane@example.com", "Jane Doe"))


def reads_the_session(stage: Stage) -> None:
    portal = stage.polar.customer_portal.customer_session
    expect(portal.introspect().expires_at is not None, True)
    expect(portal.get_authenticated_user(**stage.member("owner")).role, "owner")


def acts_as_a_member(stage: Stage) -> None:
    owner, order_id = stage.member("owner"), stage.given.team.order("paid")
    expect([order.id for order in stage.orders.list(**owner).items], [order_id])
    stage.orders.generate_invoice(order_id, **owner)
    wait_until(lambda: bool(stage.orders.get(order_id, **owner).is_invoice_generated))
    expect_pdf(stage.orders.invoice(order_id, **owner).url)


def opens_a_customers_session(stage: Stage) -> None:
    customer_id = stage.given.shop.ids["customer:main"]
    requests: tuple[dict[str, Any], ...] = ({"customer_id": customer_id}, {"external_customer_id": "ext-main"})
    for request in requests:
        session = stage.organization.customer_sessions.create(**request)
        expect((session.customer_id, session.customer.email), (customer_id, "jane@example.com"))
        order = stage.orders.get(stage.id("paid"), request_access_token=session.token)
        expect(order.id, stage.id("paid"))


def opens_a_members_session(stage: Stage) -> None:
    expect(hasattr(stage.organization, "member_sessions"), False)
    raise Skipped("the release has no member_sessions")


def organization_lists(stage: Stage) -> None:
    orders, main = stage.organization.orders, stage.given.shop.ids["customer:main"]
    page = orders.list(customer_id=[main, UNKNOWN_ID], limit=100)
    expect({order.customer_id for order in page.items}, {main})
    tagged = orders.list(metadata={"channel": "web"})
    expect([order.id for order in tagged.items], [stage.id("paid")])


def organization_reads_and_patches(stage: Stage) -> None:
    order = stage.organization.orders.get(stage.id("renewal"))
    expect((order.customer.email, order.subscription.status), ("jane@example.com", "active"))
    order = stage.organization.orders.update(order.id, billing_name="By the shop")
    expect((order.billing_name, order.billing_address.city), ("By the shop", "New York"))


def organization_makes_an_invoice(stage: Stage) -> None:
    orders, order_id = stage.organization.orders, stage.id("organizations")
    expect(orders.generate_invoice(order_id), None)
    wait_until(lambda: bool(orders.get(order_id).is_invoice_generated))
    expect_pdf(orders.invoice(order_id).url)


CHECKS: Mapping[str, Callable[[Stage], object]] = {
    "payment: status": asks_payment_status,
    "customer: own record": reads_the_customer,
    "session: introspected": reads_the_session,
    "session: a member's": acts_as_a_member,
    "session: a customer's, opened": opens_a_customers_session,
    "session: a member's, opened": opens_a_members_session,
    "organization: lists": organization_lists,
    "organization: reads and patches": organization_reads_and_patches,
    "organization: makes an invoice": organization_makes_an_invoice,
}
