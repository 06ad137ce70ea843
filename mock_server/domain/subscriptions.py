"""A subscription, reduced to the fields that orders show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mock_server.domain.products import RecurringInterval


class SubscriptionStatus(StrEnum):
    INCOMPLETE = "incomplete"
    INCOMPLETE_EXPIRED = "incomplete_expired"
    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    CANCELED = "canceled"
    UNPAID = "unpaid"


@dataclass(frozen=True, slots=True)
class Subscription:
    id: str
    created_at: datetime
    modified_at: datetime | None
    customer_id: str
    product_id: str
    price_id: str
    status: SubscriptionStatus
    amount_cents: int
    currency: str
    recurring_interval: RecurringInterval
    current_period_start: datetime
    current_period_end: datetime
    started_at: datetime | None
    units: int | None = None
