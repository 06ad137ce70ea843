"""Checks the values of one body, alone and against each other: times, amounts, references. Pure.

Source: observed on the service, April 2026.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from contract_tests.checks.findings import Problem
from contract_tests.checks.invoice_link import link_problems
from contract_tests.checks.periods import period_problems
from contract_tests.checks.rules import Rule
from contract_tests.model.known import PAID_STATUSES
from contract_tests.model.observe import shown_orders
from contract_tests.transport.exchanges import Exchange
from polar_contract.behaviour import Behaviour
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object
from polar_contract.operations import Operation

_DRAFT = "draft"
# RFC 3339 in UTC, marked Z, with microseconds or no fraction.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z")
_AMOUNTS = ("subtotal_amount", "discount_amount", "net_amount", "tax_amount", "total_amount", "due_amount")
# Merchants may store any values there.
_FREE_PARTS = frozenset({"metadata", "custom_field_data"})
# Ids that a body contains twice: the field, and the nested object with the same id.
_REFERENCES = {"customer_id": "customer", "product_id": "product", "subscription_id": "subscription"}


def value_problems(exchange: Exchange, operation: Operation, behaviour: Behaviour) -> Iterator[Problem]:
    """Everything that is wrong with a successful answer by itself."""
    try:
        body = exchange.json()
    except ValueError:
        return
    if operation.id.endswith(("orders:invoice", "orders:receipt")) and exchange.status == 200:
        url = str(as_object(body).get("url"))
        yield from link_problems(url, lifetime_seconds=behaviour.invoice.link_lifetime_seconds)
    for place, text in _moments(body, "body"):
        if not MOMENT.fullmatch(text):
            yield Rule.TIME_UTC, f"{place} like 2026-04-15T05:53:56.123456Z", text
    if exchange.status == 201 and isinstance(body, dict) and "expires_at" in body:
        yield from _of_expiry(body)
    if "orders" in operation.path:
        yield from _of_raw_json(exchange)
    for order in shown_orders(exchange, operation):
        yield from _of_amounts(order)
        yield from _of_refunds(order)
        if behaviour.order.have_items_periods:
            yield from period_problems(order)
        yield from _of_references(order, may_be_described="draft" in behaviour.order.statuses)
        yield from _of_numbers(order)


def _moments(value: JsonValue, place: str) -> Iterator[tuple[str, str]]:
    """Every timestamp in a body: texts at any depth under a name that ends in `_at`."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name.endswith("_at") and isinstance(part, str):
                yield f"{place}.{name}", part
            elif isinstance(part, dict | list) and name not in _FREE_PARTS:
                yield from _moments(part, f"{place}.{name}")
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _moments(part, f"{place}[{number}]")


def _of_expiry(made: JsonObject) -> Iterator[Problem]:
    created, expires = str(made.get("created_at")), str(made.get("expires_at"))
    if _moment(expires) <= _moment(created):
        yield Rule.EXPIRES, f"expires_at after {created}", expires


def _of_raw_json(exchange: Exchange) -> Iterator[Problem]:
    """What parsing hides: numbers with a decimal point or an exponent, and duplicate keys."""
    doubled: list[str] = []
    numbers: list[Decimal] = []

    def parts(pairs: list[tuple[str, JsonValue]]) -> JsonObject:
        whole = dict(pairs)
        if len(whole) < len(pairs):
            doubled.extend(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        return whole

    def number(text: str) -> Decimal:
        numbers.append(Decimal(text))
        return numbers[-1]

    body = json.loads(exchange.body, parse_float=number, object_pairs_hook=parts)
    # Most bodies have no such number, and are then not searched for its place.
    decimal = next(_decimals(body), None) if numbers else None
    if decimal is not None:
        yield Rule.WHOLE_AMOUNTS, "numbers without a decimal point", str(decimal)
    if doubled:
        yield Rule.KEY_ONCE, "no duplicate keys", doubled[0]


def _decimals(value: object) -> Iterator[Decimal]:
    """Every number with a decimal point, except in the merchant's own data."""
    if isinstance(value, Decimal):
        yield value
    elif isinstance(value, dict):
        for name, part in value.items():
            if name not in _FREE_PARTS:
                yield from _decimals(part)
    elif isinstance(value, list):
        for part in value:
            yield from _decimals(part)


def _of_refunds(order: JsonObject) -> Iterator[Problem]:
    """An order without a refund status has no refunded amount; no order has more refunded than paid. Tax is counted separately.

    Source: observed on the service, April 2026: an order is refunded once its net amount is refunded.
    """
    refunded = order.get("refunded_amount")
    if not str(order.get("status")).endswith("refunded") and refunded not in (0, None):
        yield Rule.REFUND_STATUS, f"0 for an order with status {order.get('status')}", str(refunded)
    for name, paid in (("refunded_amount", "net_amount"), ("refunded_tax_amount", "tax_amount")):
        part, whole, balance = order.get(name), order.get(paid), order.get("applied_balance_amount")
        if isinstance(part, int) and isinstance(whole, int) and isinstance(balance, int):
            most = max(0, whole + max(0, balance))
            if not 0 <= part <= most:
                yield Rule.REFUND_LIMIT, f"{name} is between 0 and {most}, because {paid} is {whole}", str(part)


def _of_amounts(order: JsonObject) -> Iterator[Problem]:
    amounts = {name: order.get(name) for name in (*_AMOUNTS, "applied_balance_amount")}
    if any(not isinstance(amount, int) or isinstance(amount, bool) for amount in amounts.values()):
        # The schema check reports values that are not integers.
        return
    subtotal, discount, net, tax, total, due, balance = (int(str(amount)) for amount in amounts.values())
    # A price that includes its tax has a smaller net amount.
    if net not in (subtotal - discount, subtotal - discount - tax):
        yield _amounts("net_amount is subtotal_amount minus discount_amount", subtotal - discount, net)
    if total != net + tax:
        yield _amounts("total_amount is net_amount plus tax_amount", net + tax, total)
    if due != max(0, total + balance):
        yield _amounts(
            "due_amount is total_amount plus applied_balance_amount, at least 0", max(0, total + balance), due
        )
    for name, now, same in (
        ("amount", "net_amount", net),
        ("from_balance_amount", "applied_balance_amount", balance),
    ):
        if order.get(name, same) != same:
            yield _amounts(f"{name}, the former name of {now}, equals it", same, order[name])
    if order.get("paid") is not (order.get("status") in PAID_STATUSES):
        yield Rule.ORDER_PAID, f"paid matches the status {order.get('status')}", f"{order.get('paid')}"


def _moment(text: str) -> str:
    """A timestamp that compares as text: a missing fraction is zero."""
    return (
        text.removesuffix("Z").partition(".")[0] + "." + (text.removesuffix("Z").partition(".")[2] or "0").ljust(6, "0")
    )


def _amounts(says: str, expected: int, got: JsonValue) -> Problem:
    return Rule.AMOUNTS, f"{says}: {expected}", str(got)


def _of_numbers(order: JsonObject) -> Iterator[Problem]:
    """Which orders have a number. Source: Polar's published order service, August 2026."""
    if order.get("status") == _DRAFT and order.get("invoice_number") is not None:
        yield Rule.DRAFT_STAYS, "invoice_number of a draft is null", str(order["invoice_number"])
    if order.get("status") not in PAID_STATUSES and order.get("receipt_number") is not None:
        yield Rule.RECEIPT_NUMBER, "receipt_number of an order that is not paid is null", str(order["receipt_number"])


def _of_references(order: JsonObject, *, may_be_described: bool) -> Iterator[Problem]:
    """`may_be_described`: drafts can be given a text, which is then that of the order and of its line."""
    rule = Rule.NESTED
    for name, part in _REFERENCES.items():
        shown = order.get(part)
        if isinstance(shown, dict) and shown.get("id") != order.get(name):
            yield rule, f"{part}.id is {order.get(name)}, like {name}", f"{shown.get('id')}"
    items = [as_object(item) for item in as_list(order.get("items"))]
    if not items:
        yield rule, "at least one item", "no items"
    amounts = [item.get("amount") for item in items]
    if items and sum(amount for amount in amounts if isinstance(amount, int)) != order.get("subtotal_amount"):
        yield Rule.AMOUNTS, f"item amounts with the sum {order.get('subtotal_amount')}", f"{amounts}"
    made, changed = str(order.get("created_at")), order.get("modified_at")
    if isinstance(changed, str) and _moment(changed) < _moment(made):
        yield Rule.NOT_BEFORE_CREATED, f"modified_at not before {made}", changed
    of_line = as_object(next(iter(as_list(order.get("items"))), None)).get("label")
    label = as_object(order.get("product")).get("name") or of_line
    if order.get("description") != label and not (may_be_described and order.get("description") == of_line):
        yield rule, f"description is {label}", f"{order.get('description')}"
    if order.get("is_invoice_generated") is True and not order.get("invoice_number"):
        yield rule, "invoice_number of an issued invoice", "invoice_number is null"
