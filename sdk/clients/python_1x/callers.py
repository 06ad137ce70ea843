"""Checks by caller: payments, the customer, sessions, the organization."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sdk.clients.checking import UNKNOWN_ID, Skipped, expect, expect_pdf, wait_until
from sdk.clients.python_1x.fixtures import Fixtures


def asks_payment_status(fixtures: Fixtures) -> None:
    answer = fixtures.orders.get_payment_status(fixtures.id("paid"))
    expect((answer.status, answer.error), ("succeeded", None))


def reads_the_customer(fixtures: Fixtures) -> None:
    customer = fixtures.polar.customer_portal.customers.get()
    expect((customer.email, customer.billing_name), ("jane@example.com", "Jane Doe"))


def reads_the_session(fixtures: Fixtures) -> None:
    portal = fixtures.polar.customer_portal.customer_session
    expect(portal.introspect().expires_at is not None, True)
    expect(portal.get_authenticated_user(**fixtures.member("owner")).role, "owner")


def acts_as_a_member(fixtures: Fixtures) -> None:
    owner, order_id = fixtures.member("owner"), fixtures.given.team.order("paid")
    expect([order.id for order in fixtures.orders.list(**owner).items], [order_id])
    fixtures.orders.generate_invoice(order_id, **owner)
    wait_until(lambda: bool(fixtures.orders.get(order_id, **owner).is_invoice_generated))
    expect_pdf(fixtures.orders.invoice(order_id, **owner).url)


def opens_a_customers_session(fixtures: Fixtures) -> None:
    customer_id = fixtures.given.shop.ids["customer:main"]
    requests: tuple[dict[str, Any], ...] = ({"customer_id": customer_id}, {"external_customer_id": "ext-main"})
    for request in requests:
        session = fixtures.organization.customer_sessions.create(**request)
        expect((session.customer_id, session.customer.email), (customer_id, "jane@example.com"))
        order = fixtures.orders.get(fixtures.id("paid"), request_access_token=session.token)
        expect(order.id, fixtures.id("paid"))


def opens_a_members_session(fixtures: Fixtures) -> None:
    expect(hasattr(fixtures.organization, "member_sessions"), False)
    raise Skipped("the release has no member_sessions")


def organization_lists(fixtures: Fixtures) -> None:
    orders, main = fixtures.organization.orders, fixtures.given.shop.ids["customer:main"]
    page = orders.list(customer_id=[main, UNKNOWN_ID], limit=100)
    expect({order.customer_id for order in page.items}, {main})
    tagged = orders.list(metadata={"channel": "web"})
    expect([order.id for order in tagged.items], [fixtures.id("paid")])


def organization_reads_and_patches(fixtures: Fixtures) -> None:
    order = fixtures.organization.orders.get(fixtures.id("renewal"))
    expect((order.customer.email, order.subscription.status), ("jane@example.com", "active"))
    order = fixtures.organization.orders.update(order.id, billing_name="By the shop")
    expect((order.billing_name, order.billing_address.city), ("By the shop", "New York"))


def organization_makes_an_invoice(fixtures: Fixtures) -> None:
    orders, order_id = fixtures.organization.orders, fixtures.id("organizations")
    expect(orders.generate_invoice(order_id), None)
    wait_until(lambda: bool(orders.get(order_id).is_invoice_generated))
    expect_pdf(orders.invoice(order_id).url)


CHECKS: Mapping[str, Callable[[Fixtures], object]] = {
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
