"""A subscription in a document: read it, build it into a world, and write it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from mock_server.documents.fields import Fields
from mock_server.documents.identities import Identities
from mock_server.documents.names import Names
from mock_server.documents.schema import SubscriptionDocument
from mock_server.domain.products import RecurringInterval
from mock_server.domain.subscriptions import Subscription, SubscriptionStatus
from mock_server.store.tables import Tables
from mock_server.views.basics import write_time_or_null
from polar_contract.json_types import JsonObject

SUBSCRIPTION_KEYS = ("id", "customer", "product", "status", "started_at", "units")
_PERIODS = {
    RecurringInterval.DAY: timedelta(days=1),
    RecurringInterval.WEEK: timedelta(weeks=1),
    RecurringInterval.MONTH: timedelta(days=30),
    RecurringInterval.YEAR: timedelta(days=365),
}


def read_subscription(fields: Fields, names: Names) -> SubscriptionDocument:
    return SubscriptionDocument(
        id=fields.uuid("id"),
        customer=names.refer(fields, "customer", needed=True) or "",
        product=names.refer(fields, "product", needed=True) or "",
        status=fields.choice("status", SubscriptionStatus) or SubscriptionStatus.ACTIVE,
        started_at=fields.time("started_at"),
        units=fields.units("units"),
    )


def build_subscription(
    document: SubscriptionDocument,
    *,
    path: str,
    tables: Tables,
    ids: Mapping[str, str],
    identities: Identities,
    now: datetime,
) -> Subscription:
    """Build the subscription that a document describes, in a world that has its customer and product. Errors: NameTaken."""
    product = tables.products[ids[f"product:{document.product}"]]
    started_at = document.started_at or now
    interval = product.recurring_interval or RecurringInterval.MONTH
    return Subscription(
        id=identities.id(document.id, f"{path}id"),
        created_at=started_at,
        modified_at=None,
        customer_id=ids[f"customer:{document.customer}"],
        product_id=product.id,
        price_id=product.price.id,
        status=document.status,
        amount_cents=product.price.total_cents(document.units),
        currency=product.price.currency,
        recurring_interval=interval,
        current_period_start=started_at,
        current_period_end=started_at + _PERIODS[interval],
        started_at=started_at,
        units=document.units,
    )


def write_subscription(subscription: Subscription, keys: Mapping[str, str]) -> JsonObject:
    """`keys`: names by id, without their kind."""
    return {
        "id": subscription.id,
        "customer": keys[subscription.customer_id],
        "product": keys[subscription.product_id],
        "status": subscription.status,
        "started_at": write_time_or_null(subscription.started_at),
        "units": subscription.units,
    }
