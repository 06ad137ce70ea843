"""Checks by caller: payments, the customer, sessions, the organization."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sdk.clients.checking import UNKNOWN_ID, Skipped, expect, expect_pdf, wait_until
from sdk.clients.python_0x.fixtures import Fixtures


def asks_payment_status(fixtures: Fixtures) -> None:
    answer = fixtures.orders.get_payment_status(security=fixtures.customer, id=fixtures.id("paid"))
    expect((answer.status, answer.error), ("succeeded", None))


def reads_the_customer(fixtures: Fixtures) -> None:
    customer = fixtures.polar.customer_portal.customers.get(security=fixtures.customer)
    expect((customer.email, customer.billing_name), ("jane@example.com", "Jane Doe"))


def reads_the_session(fixtures: Fixtures) -> None:
    portal = fixtures.polar.customer_portal.customer_session
    expect(portal.introspect(security=fixtures.customer).expires_at is not None, True)
    expect(portal.get_authenticated_user(security=fixtures.member("owner")).role, "owner")


def acts_as_a_member(fixtures: Fixtures) -> None:
    owner, order_id = fixtures.member("owner"), fixtures.given.team.order("paid")
    expect([order.id for order in fixtures.orders.list(security=owner).result.items], [order_id])
    fixtures.orders.generate_invoice(security=owner, id=order_id)
    wait_until(lambda: fixtures.orders.get(security=owner, id=order_id).is_invoice_generated)
    expect_pdf(fixtures.orders.invoice(security=owner, id=order_id).url)


def opens_a_customers_session(fixtures: Fixtures) -> None:
    customer_id = fixtures.given.shop.ids["customer:main"]
    for request in ({"customer_id": customer_id}, {"external_customer_id": "ext-main"}):
        session = fixtures.organization.customer_sessions.create(request=request)
        expect((session.customer_id, session.customer.email), (customer_id, "jane@example.com"))
        order = fixtures.orders.get(security={"customer_session": session.token}, id=fixtures.id("paid"))
        expect(order.id, fixtures.id("paid"))


def opens_a_members_session(fixtures: Fixtures) -> None:
    owner, team = fixtures.owned_by(fixtures.given.team.tokens["organization"]), fixtures.given.team
    if not hasattr(owner, "member_sessions"):
        raise Skipped("the release has no member_sessions")
    session = owner.member_sessions.create(request={"member_id": team.ids["member:owner"]})
    expect(session.member.role, "owner")
    order = fixtures.orders.get(security={"member_session": session.token}, id=team.order("paid"))
    expect(order.id, team.order("paid"))


def organization_lists(fixtures: Fixtures) -> None:
    orders, main = fixtures.organization.orders, fixtures.given.shop.ids["customer:main"]
    page = orders.list(customer_id=[main, UNKNOWN_ID], limit=100).result
    expect({order.customer_id for order in page.items}, {main})
    tagged = orders.list(metadata={"channel": "web"}).result
    expect([order.id for order in tagged.items], [fixtures.id("paid")])


def organization_reads_and_patches(fixtures: Fixtures) -> None:
    order = fixtures.organization.orders.get(id=fixtures.id("renewal"))
    expect((order.customer.email, order.subscription.status), ("jane@example.com", "active"))
    order = fixtures.organization.orders.update(id=order.id, order_update={"billing_name": "By the shop"})
    expect((order.billing_name, order.billing_address.city), ("By the shop", "New York"))


def organization_makes_an_invoice(fixtures: Fixtures) -> None:
    orders, order_id = fixtures.organization.orders, fixtures.id("organizations")
    expect(orders.generate_invoice(id=order_id), None)
    wait_until(lambda: bool(orders.get(id=order_id).is_invoice_generated))
    expect_pdf(orders.invoice(id=order_id).url)


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
