"""The orders of each customer and of the organization in the default order of lists, kept as orders come and go.

A page of the default list is a slice of it, whatever the number of orders. Changes of an order other than its removal leave it as it
is, because neither its customer nor its time of creation ever changes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

from mock_server.domain.orders import Order
from mock_server.store.table import Table

Ids = tuple[str, ...]
# Above this number of new orders, sorting everything takes less time than inserting them.
_MOST_INSERTED = 50


@dataclass(frozen=True, slots=True)
class OrderIndex:
    """Ids by time of creation, oldest first, and among those of one time the last added first.

    Read backwards, this is the default order: newest first, and equal orders in the order in which they were added. Source:
    observed on the service. Removed orders are not in it.
    """

    everyone: Ids = ()
    by_customer: Table[Ids] = field(default_factory=Table)

    def of(self, customer_id: str | None) -> Ids:
        """The ids of a customer's orders; None: of all orders."""
        return self.everyone if customer_id is None else self.by_customer.get(customer_id, ())

    def having(self, rows: Iterable[Order], *, before: Table[Order], after: Table[Order]) -> OrderIndex:
        """The index after rows were added or replaced: `before` and `after` are the orders without and with them."""
        added, removed = [], []
        for row in rows:
            old = before.get(row.id)
            if old is None and not row.deleted:
                added.append(row)
            elif old is not None and row.deleted and not old.deleted:
                removed.append(row)
        if len(added) > _MOST_INSERTED:
            return _sorted_anew(after)
        index = self
        for order in added:
            index = index._with(order, after)
        for order in removed:
            index = index._without(order)
        return index

    def _with(self, order: Order, orders: Table[Order]) -> OrderIndex:
        own = _inserted(self.of(order.customer_id), order, orders)
        return OrderIndex(_inserted(self.everyone, order, orders), self.by_customer.having({order.customer_id: own}))

    def _without(self, order: Order) -> OrderIndex:
        own = _removed(self.of(order.customer_id), order)
        return OrderIndex(_removed(self.everyone, order), self.by_customer.having({order.customer_id: own}))


def _sorted_anew(orders: Table[Order]) -> OrderIndex:
    newest_first = sorted((order for order in orders.values() if not order.deleted), key=_time, reverse=True)
    by_customer: dict[str, list[str]] = {}
    for order in reversed(newest_first):
        by_customer.setdefault(order.customer_id, []).append(order.id)
    everyone = tuple(order.id for order in reversed(newest_first))
    return OrderIndex(everyone, Table({customer: tuple(ids) for customer, ids in by_customer.items()}))


def _inserted(ids: Ids, order: Order, orders: Table[Order]) -> Ids:
    place = bisect_left(ids, _time(order), key=lambda id_: _time(orders[id_]))
    return (*ids[:place], order.id, *ids[place:])


def _removed(ids: Ids, order: Order) -> Ids:
    return tuple(id_ for id_ in ids if id_ != order.id)


def _time(order: Order) -> str:
    return order.created_at.isoformat()
