"""Lists of orders: whose they are, filtered, sorted and cut into pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mock_server.domain.metadata import metadata_text
from mock_server.domain.orders import Order
from mock_server.domain.products import Product
from mock_server.services.callers import Caller
from mock_server.services.paging import Page, PageRequest, cut
from mock_server.store.tables import Tables

_DEFAULT_SORTING = ("-created_at",)
Condition = Callable[[Order], bool]
SortKey = Callable[[Tables, Order], str | int | None]


@dataclass(frozen=True, slots=True)
class OrderFilters:
    """None means no filter; several values of one filter are alternatives."""

    product_ids: frozenset[str] | None = None
    product_billing_types: frozenset[str] | None = None
    subscription_ids: frozenset[str] | None = None
    customer_ids: frozenset[str] | None = None
    external_customer_ids: frozenset[str] | None = None
    organization_ids: frozenset[str] | None = None
    discount_ids: frozenset[str] | None = None
    checkout_ids: frozenset[str] | None = None
    product_name_part: str | None = None
    metadata: Mapping[str, frozenset[str]] = field(default_factory=dict)
    statuses: frozenset[str] | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    """Both bounds are included."""


def list_orders(
    tables: Tables,
    caller: Caller,
    *,
    filters: OrderFilters,
    sorting: Iterable[str],
    statuses: Sequence[str],
    request: PageRequest,
) -> Page[Order]:
    """A page of a customer's own orders, or of all orders for the organization. `statuses`: in the order of sorting by them."""
    owner = caller.customer.id if caller.customer is not None else None
    conditions, criteria = tuple(_conditions(tables, filters)), tuple(sorting)
    if criteria == _DEFAULT_SORTING:
        ids = tables.order_index.of(owner)
        if not conditions:
            return _newest(tables, ids, request)
        return cut(_matching(map(tables.orders.__getitem__, reversed(ids)), conditions), request)
    matching = _matching(_in_order_of_creation(tables, owner), conditions)
    return cut(_sorted(tables, matching, criteria, statuses), request)


def _newest(tables: Tables, oldest_first: Sequence[str], request: PageRequest) -> Page[Order]:
    """A page from the end of the index, so that its cost does not depend on the number of orders."""
    end = max(0, len(oldest_first) - (request.page - 1) * request.limit)
    ids = oldest_first[max(0, end - request.limit) : end]
    return Page(tuple(tables.orders[id_] for id_ in reversed(ids)), len(oldest_first), request.limit)


def _in_order_of_creation(tables: Tables, owner: str | None) -> Iterable[Order]:
    if owner is None:
        return (order for order in tables.orders.values() if not order.deleted)
    return tables.orders.rows_of(tables.order_index.of(owner))


def _matching(orders: Iterable[Order], conditions: tuple[Condition, ...]) -> list[Order]:
    for is_met in conditions:
        orders = filter(is_met, orders)
    return [*orders]


def _conditions(tables: Tables, filters: OrderFilters) -> Iterable[Condition]:
    """A condition for each filter that was asked for."""
    products, customers = tables.products, tables.customers
    values: tuple[tuple[frozenset[str] | None, Callable[[Order], str | None]], ...] = (
        (filters.product_ids, lambda order: order.product_id),
        (filters.product_billing_types, lambda order: _billing_type(products.get(order.product_id or ""))),
        (filters.subscription_ids, lambda order: order.subscription_id),
        (filters.customer_ids, lambda order: order.customer_id),
        (filters.external_customer_ids, lambda order: customers[order.customer_id].external_id),
        (filters.organization_ids, lambda _: tables.organization.id),
        (filters.discount_ids, lambda order: order.discount.id if order.discount else None),
        (filters.checkout_ids, lambda order: order.checkout_id),
        (filters.statuses, lambda order: order.status),
        *((wanted, _metadata_value(key)) for key, wanted in filters.metadata.items()),
    )
    for wanted, value_of in values:
        if wanted is not None:
            yield _is_one_of(wanted, value_of)
    if filters.created_after is not None or filters.created_before is not None:
        yield _is_created_between(filters.created_after, filters.created_before)
    if filters.product_name_part is not None:
        part = filters.product_name_part.lower()
        yield lambda order: _is_named(products.get(order.product_id or ""), part)


def _is_one_of(wanted: frozenset[str], value_of: Callable[[Order], str | None]) -> Condition:
    return lambda order: value_of(order) in wanted


def _is_created_between(start: datetime | None, end: datetime | None) -> Condition:
    return lambda order: (start is None or order.created_at >= start) and (end is None or order.created_at <= end)


def _metadata_value(key: str) -> Callable[[Order], str | None]:
    return lambda order: metadata_text(order.metadata.get(key))


def _billing_type(product: Product | None) -> str:
    """An order without a product counts as bought once. Source: observed on the service, April 2026."""
    return "recurring" if product is not None and product.is_recurring else "one_time"


def _is_named(product: Product | None, part: str) -> bool:
    """Orders without a product match no name filter, not even an empty one. Source: polar's customer portal, April 2026."""
    return product is not None and part in product.name.lower()


def _sorted(tables: Tables, orders: list[Order], sorting: tuple[str, ...], statuses: Sequence[str]) -> list[Order]:
    """Sorted by each key in turn; equal orders keep the order of creation. Source: observed on the service."""
    for criterion in reversed(sorting):
        name = criterion.removeprefix("-")
        key = _place_among(statuses) if name == "status" else _SORT_KEYS[name]
        orders = sorted(orders, key=lambda order: _nulls_last(key(tables, order)), reverse=criterion.startswith("-"))
    return orders


def _nulls_last(value: str | int | None) -> tuple[bool, str | int]:
    return (value is None, "" if value is None else value)


def _product_name(tables: Tables, order: Order) -> str | None:
    return tables.products[order.product_id].name.lower() if order.product_id else None


def _customer_email(tables: Tables, order: Order) -> str | None:
    customer = tables.customers[order.customer_id]
    return customer.email and customer.email.lower()


def _place_among(statuses: Sequence[str]) -> SortKey:
    places = {status: place for place, status in enumerate(statuses)}
    return lambda _, order: places.get(order.status)


_SORT_KEYS: Mapping[str, SortKey] = {
    "created_at": lambda _, order: order.created_at.isoformat(),
    "invoice_number": lambda _, order: order.invoice_number,
    "amount": lambda _, order: order.amounts.net_cents,
    "net_amount": lambda _, order: order.amounts.net_cents,
    # By the address, not the name. Source: polar's orders, April 2026.
    "customer": _customer_email,
    "product": _product_name,
    "discount": lambda _, order: order.discount.name.lower() if order.discount else None,
    "subscription": lambda _, order: order.subscription_id,
}
