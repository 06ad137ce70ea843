"""Whom a token stands for: payments, the customer, sessions and their opening, the organization."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sdk.clients.checking import UNKNOWN_ID, Skipped, expect, expect_pdf, wait_until
from sdk.clients.python_0x.stage import Stage


def asks_payment_status(stage: Stage) -> None:
    answer = stage.orders.get_payment_status(security=stage.customer, id=stage.id("paid"))
    expect((answer.status, answer.error), ("succeeded", None))


def reads_the_customer(stage: Stage) -> None:
    customer = stage.polar.customer_portal.customers.get(security=stage.customer)
    expect((customer.email, customer.billing_name), ("jane@example.com", "Jane Doe"))


def reads_the_session(stage: Stage) -> None:
    portal = stage.polar.customer_portal.customer_session
    expect(portal.introspect(security=stage.customer).expires_at is not None, True)
    expect(portal.get_authenticated_user(security=stage.member("owner")).role, "owner")


def acts_as_a_member(stage: Stage) -> None:
    owner, order_id = stage.member("owner"), stage.given.team.order("paid")
    expect([order.id for order in stage.orders.list(security=owner).result.items], [order_id])
    stage.orders.generate_invoice(security=owner, id=order_id)
    wait_until(lambda: stage.orders.get(security=owner, id=order_id).is_invoice_generated)
    expect_pdf(stage.orders.invoice(security=owner, id=order_id).url)


def opens_a_customers_session(stage: Stage) -> None:
    customer_id = stage.given.shop.ids["customer:main"]
    for request in ({"customer_id": customer_id}, {"external_customer_id": "ext-main"}):
        session = stage.organization.customer_sessions.create(request=request)
        expect((session.customer_id, session.customer.email), (customer_id, "jane@example.com"))
        order = stage.orders.get(security={"customer_session": session.token}, id=stage.id("paid"))
        expect(order.id, stage.id("paid"))


def opens_a_members_session(stage: Stage) -> None:
    owner, team = stage.owned_by(stage.given.team.tokens["organization"]), stage.given.team
    if not hasattr(owner, "member_sessions"):
        raise Skipped("the release has no member_sessions")
    session = owner.member_sessions.create(request={"member_id": team.ids["member:owner"]})
    expect(session.member.role, "owner")
    order = stage.orders.get(security={"member_session": session.token}, id=team.order("paid"))
    expect(order.id, team.order("paid"))


def organization_lists(stage: Stage) -> None:
    orders, main = stage.organization.orders, stage.given.shop.ids["customer:main"]
    page = orders.list(customer_id=[main, UNKNOWN_ID], limit=100).result
    expect({order.customer_id for order in page.items}, {main})
    tagged = orders.list(metadata={"channel": "web"}).result
    expect([order.id for order in tagged.items], [stage.id("paid")])


def organization_reads_and_patches(stage: Stage) -> None:
    order = stage.organization.orders.get(id=stage.id("renewal"))
    expect((order.customer.email, order.subscription.status), ("jane@example.com", "active"))
    order = stage.organization.orders.update(id=order.id, order_update={"billing_name": "By the shop"})
    expect((order.billing_name, order.billing_address.city), ("By the shop", "New York"))


def organization_makes_an_invoice(stage: Stage) -> None:
    orders, order_id = stage.organization.orders, stage.id("organizations")
    expect(orders.generate_invoice(id=order_id), None)
    wait_until(lambda: bool(orders.get(id=order_id).is_invoice_generated))
    expect_pdf(orders.invoice(id=order_id).url)


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
