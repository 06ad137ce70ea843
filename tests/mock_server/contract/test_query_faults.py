"""Several faults in one query: the order in which each list reports them."""

from __future__ import annotations

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mock_server.contract.requests import Operations, refused

PORTAL_LIST = "customer_portal:orders:list"
ORDERS = "orders:list"
DELIVERIES = "webhooks:list_webhook_deliveries"
SHARED = ("page", "limit")
FAULTY = {
    "page": "0",
    "limit": "x",
    "sorting": "y",
    "product_id": "z",
    "product_billing_type": "w",
    "succeeded": "perhaps",
    "http_code_class": "9xx",
    "event_type": "order.eaten",
    "start_timestamp": "yesterday",
    "end_timestamp": "2026-01-01T00:00:00",
    **dict.fromkeys(("organization_id", "discount_id", "customer_id", "checkout_id", "subscription_id"), "v"),
    "endpoint_id": "u",
}
# Paging, sorting, then the operation's own parameters, in the document's order. Source: observed on the service, April 2026.
ORDER_OF_FAULTS = {
    PORTAL_LIST: (*SHARED, "sorting", "product_id", "product_billing_type", "subscription_id"),
    ORDERS: (
        *(*SHARED, "sorting", "organization_id", "product_id", "product_billing_type"),
        *("discount_id", "customer_id", "checkout_id", "subscription_id"),
    ),
    "webhooks:list_webhook_endpoints": (*SHARED, "organization_id"),
    DELIVERIES: (
        *(*SHARED, "endpoint_id", "start_timestamp", "end_timestamp"),
        *("succeeded", "http_code_class", "event_type"),
    ),
}


@pytest.mark.parametrize("listing", list(ORDER_OF_FAULTS))
@given(st.data())
def test_several_faults_in_a_query_are_reported_in_the_services_order(
    operations: Operations, listing: str, data: st.DataObject
) -> None:
    names = data.draw(st.lists(st.sampled_from(ORDER_OF_FAULTS[listing]), min_size=1, unique=True))

    items = refused(operations[listing], query=[(name, FAULTY[name]) for name in names])

    places = dict.fromkeys(cast("list[str]", item["loc"])[1] for item in items)
    assert list(places) == [name for name in ORDER_OF_FAULTS[listing] if name in names]
