"""The index of orders holds what sorting all orders would give, whatever happened to them; a page of it is a slice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.domain.orders import Order
from mock_server.domain.sessions import Credential, CredentialKind
from mock_server.services.callers import Caller
from mock_server.services.order_lists import OrderFilters, list_orders
from mock_server.services.paging import PageRequest
from mock_server.store import order_index
from mock_server.store.tables import Tables
from tests.mock_server.factories import NOW, an_order
from tests.mock_server.store.test_state import a_world

CUSTOMERS = ("c1", "c2", "c3")
_number, _hours = st.integers(0, 12), st.integers(0, 3)
_orders = st.builds(
    lambda number, customer, hours, deleted: an_order(
        id=f"o{number}", customer_id=customer, created_at=NOW + timedelta(hours=hours), deleted=deleted
    ),
    *(_number, st.sampled_from(CUSTOMERS), _hours, st.booleans()),
)


def changed(tables: Tables, order: Order) -> Order:
    """The order as a change of the one that is there: its customer and its time never change, and a removed one stays removed."""
    old = tables.orders.get(order.id)
    return order if old is None else replace(old, deleted=old.deleted or order.deleted, seats=1)


def newest_first(tables: Tables, customer: str | None) -> list[str]:
    """The default list: what sorting all orders gives."""
    own = [it for it in tables.orders.values() if not it.deleted and customer in (None, it.customer_id)]
    return [it.id for it in sorted(own, key=lambda it: it.created_at.isoformat(), reverse=True)]


@pytest.mark.parametrize("most_inserted", [0, 2])
@given(batches=st.lists(st.lists(_orders, max_size=4), max_size=5))
def test_when_orders_come_change_and_go_then_each_list_is_what_sorting_gives(
    most_inserted: int, batches: list[list[Order]]
) -> None:
    tables = Tables(a_world().tables.organization)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(order_index, "_MOST_INSERTED", most_inserted)
        for batch in batches:
            before = tables
            tables = tables.having(*{order.id: changed(tables, order) for order in batch}.values())
            for customer in (None, *CUSTOMERS):
                assert [*reversed(tables.order_index.of(customer))] == newest_first(tables, customer)
                assert [*reversed(before.order_index.of(customer))] == newest_first(before, customer)
            assert dict(tables.order_index.invoice_counts) == Counter(it.customer_id for it in tables.orders.values())


@given(st.integers(0, 23), st.integers(1, 30), st.integers(1, 12))
def test_when_a_page_is_asked_for_then_it_is_that_slice_of_the_default_list(count: int, page: int, limit: int) -> None:
    orders = [an_order(id=f"o{number}", created_at=NOW + timedelta(hours=number % 3)) for number in range(count)]
    tables = Tables(a_world().tables.organization).having(*orders)
    credential = Credential("id", "t", CredentialKind.ACCESS_TOKEN, NOW, frozenset(), None)

    listed = list_orders(
        tables,
        Caller(credential, None, None, tables, NOW),
        filters=OrderFilters(),
        sorting=["-created_at"],
        statuses=(),
        request=PageRequest(page, limit),
    )

    expected = newest_first(tables, None)
    assert [order.id for order in listed.items] == expected[(page - 1) * limit : page * limit]
    assert (listed.total, listed.limit) == (count, limit)


@pytest.mark.parametrize("most_inserted", [0, 50])
def test_when_a_draft_gets_its_numbers_then_they_are_counted_once(most_inserted: int) -> None:
    draft = an_order(id="o1", invoice_number=None)
    final = replace(draft, invoice_number="N-1", receipt_number="R-1")
    tables = Tables(a_world().tables.organization)
    counts = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(order_index, "_MOST_INSERTED", most_inserted)
        for order in (draft, final, replace(final, billing_name="New")):
            tables = tables.having(order)
            index = tables.order_index
            counts.append((index.invoice_counts.get("c1", 0), index.receipt_counts.get("c1", 0)))

    assert counts == [(0, 0), (1, 1), (1, 1)]
