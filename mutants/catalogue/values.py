"""Dates, numbers and references that are right in type and wrong in value."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from mutants.operators import Json, Mutant, mutant, orders_changed, with_parts
from mutants.proxy import Layer


def _drifting() -> Layer:
    numbers = itertools.count(100_000)
    return orders_changed(lambda one: {**one, "created_at": one["created_at"][:19] + f".{next(numbers)}Z"})


def _dated(change: Callable[[str], Json]) -> Layer:
    return orders_changed(lambda one: {**one, "created_at": change(one["created_at"])})


def _added(name: str, amount: int) -> Layer:
    return orders_changed(lambda one: {**one, name: one[name] + amount})


VALUES: list[Mutant] = [
    mutant("value", "dates without a zone", _dated(lambda text: text.removesuffix("Z"))),
    mutant("value", "dates with an offset", _dated(lambda text: text.replace("Z", "+00:00"))),
    mutant("value", "dates as numbers", _dated(lambda _: 1_790_000_000)),
    Mutant("dates that change", "value", _drifting),
    mutant("value", "the total is one off", _added("total_amount", 1)),
    mutant("value", "tax is not in the total", _added("tax_amount", 100)),
    mutant("value", "nothing is due", orders_changed(with_parts(due_amount=-1))),
    mutant("value", "negative amounts", orders_changed(lambda one: {**one, "net_amount": -one["net_amount"] - 1})),
    mutant(
        "value",
        "amounts in whole units",
        orders_changed(lambda one: {**one, "total_amount": one["total_amount"] / 100}),
    ),
    mutant("value", "paid is always true", orders_changed(with_parts(paid=True))),
    mutant("value", "another order's id", orders_changed(with_parts(id="3fa85f64-5717-4562-b3fc-2c963f66afa6"))),
    mutant(
        "value", "another customer's id", orders_changed(with_parts(customer_id="3fa85f64-5717-4562-b3fc-2c963f66afa6"))
    ),
    mutant(
        "value",
        "the customer's name as billing name",
        orders_changed(lambda one: {**one, "billing_name": one.get("customer", {}).get("name") or "?"}),
    ),
    mutant(
        "value", "the currency in capitals", orders_changed(lambda one: {**one, "currency": one["currency"].upper()})
    ),
    mutant(
        "value",
        "what was refunded counts the tax too",
        orders_changed(lambda one: {**one, "refunded_amount": one["refunded_amount"] + one["refunded_tax_amount"]}),
    ),
    mutant(
        "value",
        "the net amount forgets the discount",
        orders_changed(lambda one: {**one, "net_amount": one["subtotal_amount"]}),
    ),
    mutant(
        "value",
        "yen have cents",
        orders_changed(
            lambda one: {**one, "total_amount": one["total_amount"] * (100 if one["currency"] == "jpy" else 1)}
        ),
    ),
]
