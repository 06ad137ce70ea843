"""A subscription as orders show it."""

from __future__ import annotations

from collections.abc import Collection

from mock_server.domain.subscriptions import Subscription
from mock_server.views.basics import leave_out, write_time, write_time_or_null
from polar_contract.json_types import JsonObject


def portal_subscription_json(subscription: Subscription, left_out: Collection[str]) -> JsonObject:
    """CustomerOrderSubscription, with the hidden `price_id`."""
    return leave_out(_fields(subscription), "CustomerOrderSubscription", left_out)


def subscription_json(subscription: Subscription, left_out: Collection[str]) -> JsonObject:
    """OrderSubscription, with the hidden `price_id` and `user_id`."""
    shape: JsonObject = {"metadata": {}, **_fields(subscription), "user_id": subscription.customer_id}
    return leave_out(shape, "OrderSubscription", left_out)


def _fields(subscription: Subscription) -> JsonObject:
    return {
        "created_at": write_time(subscription.created_at),
        "modified_at": write_time_or_null(subscription.modified_at),
        "id": subscription.id,
        "amount": subscription.amount_cents,
        "currency": subscription.currency,
        "recurring_interval": subscription.recurring_interval,
        "recurring_interval_count": 1,
        "status": subscription.status,
        "current_period_start": write_time(subscription.current_period_start),
        "current_period_end": write_time(subscription.current_period_end),
        "trial_start": None,
        "trial_end": None,
        "cancel_at_period_end": False,
        "canceled_at": None,
        "started_at": write_time_or_null(subscription.started_at),
        "ends_at": None,
        "ended_at": None,
        "past_due_at": None,
        "customer_id": subscription.customer_id,
        "product_id": subscription.product_id,
        "discount_id": None,
        "checkout_id": None,
        "seats": None,
        "customer_cancellation_reason": None,
        "customer_cancellation_comment": None,
        "price_id": subscription.price_id,
        **_ASKED_FOR_BY_SDKS,
        "units": subscription.units,
    }


# Required by Python since 0.32 and TypeScript 0.49, like `units`, which Python 1.0 alone requires.
_ASKED_FOR_BY_SDKS: JsonObject = {
    "current_meter_period_start": None,
    "current_meter_period_end": None,
    "pause_at_period_end": False,
    "paused_at": None,
    "resumes_at": None,
}
