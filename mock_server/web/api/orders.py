"""Orders on the customer's portal and in the organization's API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import cast

from mock_server.domain.addresses import Address
from mock_server.domain.orders import BillingChanges
from mock_server.services.order_lists import OrderFilters, list_orders
from mock_server.services.orders import find_order, update_billing
from mock_server.store.state import World
from mock_server.views.orders import (
    OrderSources,
    order_sources,
    orders_page_bytes,
    organization_order_bytes,
    portal_order_bytes,
)
from mock_server.web.api.calls import ApiOperation, Call, id_filter, page_request
from mock_server.web.exchange import Answer
from polar_contract.json_types import JsonObject

Write = Callable[[World, OrderSources], bytes]


def _list(call: Call, filters: OrderFilters, write: Write) -> Answer:
    sorting = cast("list[str]", call.checked.query["sorting"])
    page = list_orders(
        call.tables,
        call.caller,
        filters=filters,
        sorting=sorting,
        statuses=call.world.behaviour.order.statuses,
        request=page_request(call),
    )
    written = [write(call.world, order_sources(call.world, call.tables, order)) for order in page.items]
    return Answer(200, orders_page_bytes(written, page.total, page.limit))


def list_portal_orders(call: Call) -> Answer:
    filters = OrderFilters(
        product_ids=id_filter(call, "product_id"),
        product_billing_types=id_filter(call, "product_billing_type"),
        subscription_ids=id_filter(call, "subscription_id"),
        product_name_part=cast("str | None", call.checked.query.get("query")),
    )
    return _list(call, filters, portal_order_bytes)


def list_organization_orders(call: Call) -> Answer:
    filters = OrderFilters(
        product_ids=id_filter(call, "product_id"),
        product_billing_types=id_filter(call, "product_billing_type"),
        subscription_ids=id_filter(call, "subscription_id"),
        customer_ids=id_filter(call, "customer_id"),
        external_customer_ids=id_filter(call, "external_customer_id"),
        organization_ids=id_filter(call, "organization_id"),
        discount_ids=id_filter(call, "discount_id"),
        checkout_ids=id_filter(call, "checkout_id"),
        metadata=_metadata(call),
        statuses=id_filter(call, "status"),
        created_after=cast("datetime | None", call.checked.query.get("created_after")),
        created_before=cast("datetime | None", call.checked.query.get("created_before")),
    )
    return _list(call, filters, organization_order_bytes)


def _metadata(call: Call) -> dict[str, frozenset[str]]:
    sent = cast("dict[str, list[str]]", call.checked.query.get("metadata") or {})
    return {key: frozenset(values) for key, values in sent.items()}


def get_portal_order(call: Call) -> Answer:
    return _get(call, portal_order_bytes)


def get_organization_order(call: Call) -> Answer:
    return _get(call, organization_order_bytes)


def _get(call: Call, write: Write) -> Answer:
    order = find_order(call.tables, call.caller, call.id)
    return Answer(200, write(call.world, order_sources(call.world, call.tables, order)))


def update_portal_order(call: Call) -> Answer:
    return _update(call, portal_order_bytes)


def update_organization_order(call: Call) -> Answer:
    return _update(call, organization_order_bytes)


def _update(call: Call, write: Write) -> Answer:
    changes = billing_changes(call.checked.body)
    # No other change can come between this one and its response.
    with call.world.lock:
        order = update_billing(call.services, call.world, caller=call.caller, order_id=call.id, changes=changes)
        return Answer(200, write(call.world, order_sources(call.world, call.world.tables, order)))


def billing_changes(body: JsonObject) -> BillingChanges:
    """Only the fields that were sent; the address is complete after the checks."""
    changes: BillingChanges = {}
    if "billing_name" in body:
        changes["billing_name"] = cast("str | None", body["billing_name"])
    if "billing_address" in body:
        address = cast("dict[str, str] | None", body["billing_address"])
        changes["billing_address"] = Address(**address) if address is not None else None
    return changes


OPERATIONS = {
    "customer_portal:orders:list": ApiOperation(list_portal_orders, needs_billing_role=True),
    "customer_portal:orders:get": ApiOperation(get_portal_order, needs_billing_role=True),
    "customer_portal:orders:update": ApiOperation(update_portal_order, needs_billing_role=True),
    "orders:list": ApiOperation(list_organization_orders),
    "orders:get": ApiOperation(get_organization_order),
    "orders:update": ApiOperation(update_organization_order),
}
