"""Amounts, dates, states and texts of orders that contradict each other, the request, or earlier answers."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

from mutants.operators import (
    INVOICE,
    ORDER,
    ORGANIZATION,
    PORTAL,
    PORTAL_ORDER,
    Json,
    Mutant,
    body_changed,
    changing,
    compact,
    mutant,
    on,
    orders_changed,
    parsed,
    with_parts,
)
from mutants.proxy import Answer, Forward, Layer, Request

_PAYMENT = PORTAL_ORDER + "/payment-status"


def _one(change: Callable[[Json], Json], prefix: str = "") -> Layer:
    """Selects reads of a single order, through both APIs or one."""

    def when(request: Request, answer: Answer) -> bool:
        return on("GET", ORDER, 200)(request, answer) and request.path.startswith(prefix)

    return changing(when, body_changed(change))


def _of_status(status: str, /, **parts: Json) -> Layer:
    return orders_changed(lambda one: {**one, **parts} if one["status"] == status else one)


def _by_turns(name: str, change: Callable[[Json], Json]) -> Callable[[], Layer]:
    """A field is right twice, then wrong once."""

    def plant() -> Layer:
        numbers = itertools.count(1)
        return orders_changed(lambda one: {**one, name: change(one[name])} if next(numbers) % 3 == 0 else one)

    return plant


def _broken_where_large(order: Json) -> Json:
    return {**order, "total_amount": float(order["total_amount"])} if order["total_amount"] > 1_000_000 else order


def _nested(name: str, change: Callable[[Json], Json]) -> Layer:
    return orders_changed(lambda one: {**one, name: change(one[name])} if one.get(name) else one)


def _where_shown(**parts: Json) -> Callable[[Json], Json]:
    """Changes parts that are present."""
    return lambda one: {**one, **{name: part for name, part in parts.items() if name in one}}


def _touched_by_reading() -> Layer:
    """Reading an order changes its modified_at."""
    numbers = itertools.count(10)
    return _one(lambda one: {**one, "modified_at": f"2026-04-15T05:53:56.{next(numbers) % 90 + 10}0000Z"})


def _never_touched() -> Layer:
    return orders_changed(with_parts(modified_at=None))


def _date(change: Callable[[str], Json]) -> Layer:
    return orders_changed(lambda one: {**one, "created_at": change(one["created_at"])})


def _in_capitals(request: Request, forward: Forward) -> Answer:
    """An id is shown as it was written in the request."""
    answer = forward(request)
    written = request.path.rpartition("/")[2]
    if on("GET", ORDER, 200)(request, answer):
        return body_changed(with_parts(id=written))(answer)
    return answer


def _ids_undashed(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    if on("GET", ORDER, 200)(request, answer):
        body = parsed(answer.body)
        return answer.but(body=compact({**body, "product_id": str(body["product_id"]).replace("-", "")}))
    return answer


def _detail_id(request: Request, forward: Forward) -> Answer:
    """Error details show the order's id without dashes."""
    answer = forward(request)
    if on("POST", INVOICE, 422, "NotPaidOrder")(request, answer) or on("GET", INVOICE, 404)(request, answer):
        return answer.but(
            body=re.sub(rb"order ([0-9a-f-]{36})", lambda one: one[0].replace(b"-", b""), answer.body, flags=re.I)
        )
    return answer


AMOUNTS: list[Mutant] = [
    mutant(
        "value",
        "net is not subtotal less discount",
        orders_changed(lambda one: {**one, "subtotal_amount": one["subtotal_amount"] + 100}),
    ),
    mutant(
        "value",
        "a discount that nobody gave",
        orders_changed(lambda one: {**one, "discount_amount": one["discount_amount"] + 1}),
    ),
    mutant(
        "value",
        "amounts are all zero",
        orders_changed(lambda one: {**one, **dict.fromkeys([name for name in one if name.endswith("_amount")], 0)}),
    ),
    mutant(
        "value", "amounts as fractions", orders_changed(lambda one: {**one, "total_amount": one["total_amount"] + 0.5})
    ),
    mutant(
        "value",
        "amounts a hundred times too high",
        orders_changed(
            lambda one: {
                **one,
                "total_amount": one["total_amount"] * 100,
                "net_amount": one["net_amount"] * 100,
                "subtotal_amount": one["subtotal_amount"] * 100,
                "tax_amount": one["tax_amount"] * 100,
            }
        ),
    ),
    mutant("value", "nothing is due after payment", _of_status("paid", due_amount=0)),
    mutant("value", "refunded orders have refunded nothing", _of_status("refunded", refunded_amount=0)),
    mutant(
        "value",
        "paid orders have refunded all",
        orders_changed(lambda one: {**one, "refunded_amount": one["net_amount"]} if one["status"] == "paid" else one),
    ),
    mutant("value", "refunded orders are not paid", _of_status("refunded", paid=False)),
    mutant(
        "value", "partially refunded orders have refunded nothing", _of_status("partially_refunded", refunded_amount=0)
    ),
    mutant("value", "partially refunded is refunded", _of_status("partially_refunded", status="refunded")),
    mutant("value", "void is pending", _of_status("void", status="pending")),
    mutant("value", "pending is void", _of_status("pending", status="void")),
    mutant("value", "statuses in capitals", orders_changed(lambda one: {**one, "status": one["status"].upper()})),
    mutant("value", "the currency is euro", orders_changed(with_parts(currency="eur"))),
    Mutant("the currency changes", "value", _by_turns("currency", lambda _: "eur")),
    Mutant("the billing name comes and goes", "value", _by_turns("billing_name", lambda _: None)),
    Mutant("the invoice number comes and goes", "value", _by_turns("invoice_number", lambda text: f"{text}0")),
    Mutant("the total changes", "value", _by_turns("total_amount", lambda amount: amount + 1)),
    Mutant("the status changes", "value", _by_turns("status", lambda _: "paid")),
    mutant("value", "items of nothing", _nested("items", lambda items: [{**one, "amount": 0} for one in items])),
    mutant("value", "items twice", _nested("items", lambda items: [*items, *items])),
    mutant(
        "value",
        "items of another order",
        _nested("items", lambda items: [{**one, "id": "3fa85f64-5717-4562-b3fc-2c963f66afa6"} for one in items]),
    ),
    mutant(
        "value",
        "another product in full",
        _nested("product", lambda one: {**one, "id": "3fa85f64-5717-4562-b3fc-2c963f66afa6"}),
    ),
    mutant("value", "another product's name", _nested("product", lambda one: {**one, "name": "Something Else"})),
    mutant("value", "no product", orders_changed(with_parts(product=None, product_id=None))),
    mutant("value", "the description is empty", orders_changed(with_parts(description=""))),
    mutant(
        "value",
        "another customer in full",
        _nested("customer", lambda one: {**one, "id": "3fa85f64-5717-4562-b3fc-2c963f66afa6"}),
    ),
    mutant("value", "another customer's address", _nested("customer", lambda one: {**one, "email": "eve@example.com"})),
    mutant("value", "another reason for billing", orders_changed(with_parts(billing_reason="subscription_cycle"))),
    mutant("value", "dates of tomorrow", _date(lambda text: "2999" + text[4:])),
    mutant("value", "dates of 1970", _date(lambda _: "1970-01-01T00:00:00Z")),
    mutant("value", "dates with a blank", _date(lambda text: text.replace("T", " "))),
    mutant("value", "dates without a time", _date(lambda text: text[:10])),
    mutant("value", "dates in seconds, as a text", _date(lambda _: "1790000000")),
    mutant("value", "changed before it was made", orders_changed(with_parts(modified_at="2001-01-01T00:00:00Z"))),
    Mutant("reading is changing", "value", _touched_by_reading),
    mutant("value", "nothing was ever changed", _never_touched()),
    mutant("value", "an id as it was written", _in_capitals),
    mutant("value", "ids without dashes", _ids_undashed),
    mutant("value", "details name ids without dashes", _detail_id),
    mutant(
        "value",
        "the organization sees another total",
        _one(lambda one: {**one, "total_amount": one["total_amount"] + 1}, ORGANIZATION),
    ),
    mutant("value", "the portal sees another name", _one(lambda one: {**one, "billing_name": "Somebody"}, PORTAL)),
    mutant(
        "value", "null as an empty text", orders_changed(lambda one: {**one, "discount_id": one["discount_id"] or ""})
    ),
    mutant(
        "value",
        "nulls are left out",
        orders_changed(lambda one: {name: part for name, part in one.items() if part is not None}),
    ),
    mutant("value", "a product without its prices", _nested("product", _where_shown(prices=[]))),
    mutant("value", "a product without its benefits", _nested("product", _where_shown(benefits=[]))),
    mutant("value", "no subscription", orders_changed(_where_shown(subscription=None))),
    mutant("value", "a total of millions as a broken number", orders_changed(_broken_where_large)),
    mutant("value", "no metadata", orders_changed(_where_shown(metadata={}))),
    mutant("value", "no next attempt", orders_changed(_where_shown(next_payment_attempt_at=None))),
    mutant(
        "value",
        "every payment succeeded",
        changing(on("GET", _PAYMENT, 200), body_changed(with_parts(status="succeeded", error=None))),
    ),
    mutant(
        "value",
        "every payment failed",
        changing(on("GET", _PAYMENT, 200), body_changed(with_parts(status="failed", error="No"))),
    ),
    mutant(
        "value",
        "a payment of an unknown status",
        changing(on("GET", _PAYMENT, 200), body_changed(with_parts(status="done"))),
    ),
    mutant(
        "value", "why it failed is not told", changing(on("GET", _PAYMENT, 200), body_changed(with_parts(error=None)))
    ),
]
