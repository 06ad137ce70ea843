"""The orders of each customer and of the organization in the default order of lists, kept as orders come and go.

A page of the default list is a slice of it, whatever the number of orders. Changes of an order other than its removal leave it as it
is, because neither its customer nor its time of creation ever changes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from mock_server.domain.orders import Order
from mock_server.store.table import Table

Ids = tuple[str, ...]
# Above this number of changed orders, sorting all of them takes less time than inserting each.
_MOST_INSERTED = 50


@dataclass(frozen=True, slots=True)
class OrderIndex:
    """Ids by time of creation, oldest first, and among those of one time the last added first.

    Read backwards, this is the default order: newest first, and equal orders in the order in which they were added. Source:
    observed on the service. Removed orders are not in it.
    """

    everyone: Ids = ()
    by_customer: Table[Ids] = field(default_factory=Table)
    invoice_counts: Table[int] = field(default_factory=Table)
    """How many orders of a customer ever had the number of an invoice, removed ones too."""
    receipt_counts: Table[int] = field(default_factory=Table)
    """The same for receipts."""

    def of(self, customer_id: str | None) -> Ids:
        """The ids of a customer's orders; None: of all orders."""
        return self.everyone if customer_id is None else self.by_customer.get(customer_id, ())

    def having(self, rows: Collection[Order], *, before: Table[Order], after: Table[Order]) -> OrderIndex:
        """The index after rows were added or replaced: `before` and `after` are the orders without and with them."""
        if len(rows) > _MOST_INSERTED:
            return _sorted_anew(after)
        index = self
        for order in rows:
            old = before.get(order.id)
            index = index._counting(order, old)
            if old is None:
                index = index._with(order, after)
            elif order.deleted and not old.deleted:
                index = index._without(order)
        return index

    def _counting(self, order: Order, old: Order | None) -> OrderIndex:
        """The index after an order got a number; it never loses one."""
        index, customer = self, order.customer_id
        if order.invoice_number is not None and (old is None or old.invoice_number is None):
            index = replace(index, invoice_counts=_increased(index.invoice_counts, customer))
        if order.receipt_number is not None and (old is None or old.receipt_number is None):
            index = replace(index, receipt_counts=_increased(index.receipt_counts, customer))
        return index

    def _with(self, order: Order, orders: Table[Order]) -> OrderIndex:
        if order.deleted:
            return self
        own = _inserted(self.of(order.customer_id), order, orders)
        by_customer = self.by_customer.having({order.customer_id: own})
        return replace(self, everyone=_inserted(self.everyone, order, orders), by_customer=by_customer)

    def _without(self, order: Order) -> OrderIndex:
        own = _removed(self.of(order.customer_id), order)
        by_customer = self.by_customer.having({order.customer_id: own})
        return replace(self, everyone=_removed(self.everyone, order), by_customer=by_customer)


def _sorted_anew(orders: Table[Order]) -> OrderIndex:
    newest_first = sorted((order for order in orders.values() if not order.deleted), key=_time, reverse=True)
    by_customer: dict[str, list[str]] = {}
    for order in reversed(newest_first):
        by_customer.setdefault(order.customer_id, []).append(order.id)
    return OrderIndex(
        tuple(order.id for order in reversed(newest_first)),
        Table({customer: tuple(ids) for customer, ids in by_customer.items()}),
        Table(Counter(order.customer_id for order in orders.values() if order.invoice_number is not None)),
        Table(Counter(order.customer_id for order in orders.values() if order.receipt_number is not None)),
    )


def _increased(counts: Table[int], customer_id: str) -> Table[int]:
    return counts.having({customer_id: counts.get(customer_id, 0) + 1})


def _inserted(ids: Ids, order: Order, orders: Table[Order]) -> Ids:
    place = bisect_left(ids, _time(order), key=lambda id_: _time(orders[id_]))
    return (*ids[:place], order.id, *ids[place:])


def _removed(ids: Ids, order: Order) -> Ids:
    return tuple(id_ for id_ in ids if id_ != order.id)


def _time(order: Order) -> str:
    return order.created_at.isoformat()
