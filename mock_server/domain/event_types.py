"""The types of webhook events that an endpoint can subscribe to, including those that the mock never raises."""

from __future__ import annotations

# Source: WebhookEventType of the contract.
_OF_THE_CONTRACT = (
    *("checkout.created", "checkout.updated", "checkout.expired"),
    *("customer.created", "customer.updated", "customer.deleted", "customer.state_changed"),
    *("customer_seat.assigned", "customer_seat.claimed", "customer_seat.revoked"),
    *("member.created", "member.updated", "member.deleted"),
    *("order.created", "order.updated", "order.paid", "order.refunded"),
    *("subscription.created", "subscription.updated", "subscription.active", "subscription.canceled"),
    *("subscription.uncanceled", "subscription.revoked", "subscription.past_due"),
    *("refund.created", "refund.updated", "product.created", "product.updated", "benefit.created", "benefit.updated"),
    *("benefit_grant.created", "benefit_grant.cycled", "benefit_grant.updated", "benefit_grant.revoked"),
    "organization.updated",
)
# Accounts of today have these too, and the mock has to serve a captured account as it is. Source: revision 2026-10.
_SINCE_THEN = (
    *("discount.created", "discount.updated", "discount.deleted"),
    *("subscription.cycled", "subscription.paused", "subscription.resumed", "subscription.migrated"),
)
EVENT_TYPES = (*_OF_THE_CONTRACT, *_SINCE_THEN)
