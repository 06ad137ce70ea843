"""The steps of a story, as data: nothing here predicts, sends or judges, so a story can be kept, replayed and told elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from contract_tests.credentials import NOBODY
from polar_contract.json_types import JsonObject, JsonValue

PORTAL_INVOICE = "customer_portal:orders:invoice"
UNKNOWN_ID = "raw:3fa85f64-5717-4562-b3fc-2c963f66afa6"
MALFORMED_ID = "raw:nope"
PLAIN_ADDRESS: JsonObject = {
    "line1": "5 New Street",
    "line2": None,
    "postal_code": "10002",
    "city": "New York",
    "state": "US-NY",
    "country": "US",
}
# Enough for several pages; more would only make lists slow.
MOST_ORDERS = 24
_READS = (":get", ":list", ":invoice", "_status", "_endpoints", "get_webhook_endpoint", "_user")
_FIRST_DAY = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Ask:
    """One request of the API.

    `who` names a caller. `on` names an object like `order:1`, with `|upper` or `|nodash` for another spelling, or is
    `raw:` and the id itself. Names in braces in `query` and `body` stand for ids. `names` is what the object that the
    answer makes is called from now on.
    """

    operation: str
    who: str = NOBODY
    on: str = ""
    query: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    body: JsonValue = None
    names: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """Ask for an issued invoice and follow its URL, when that leads to the target itself."""

    on: str
    who: str = "customer"


@dataclass(frozen=True, slots=True)
class MakeOrder:
    """One more order, by the control API. What tells orders apart follows from the name, see `order_number`."""

    name: str
    customer: str
    product: str
    status: str
    billing_name: str | None
    billing_address: JsonObject | None
    decline_message: str | None = None


@dataclass(frozen=True, slots=True)
class MoveOrder:
    """A payment, a refund or the shop's staff moves an order, by the control API."""

    on: str
    status: str


@dataclass(frozen=True, slots=True)
class PassTime:
    """The clock goes on."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Settle:
    """All background work happens now, and the clock stands still."""


Step: TypeAlias = Ask | Download | MakeOrder | MoveOrder | PassTime | Settle


def order_number(name: str) -> int:
    """The number of an order's name."""
    return int(name.partition(":")[2])


def amount_of(name: str) -> int:
    """Net amount in cents: no two orders share one, and it does not grow with the number."""
    return 1000 + order_number(name) * 11 % 37 * 100


def creation_of(name: str) -> str:
    """Time of creation: no two orders share one, and it does not grow with the number either."""
    moment = _FIRST_DAY + timedelta(hours=order_number(name) * 7 % 31)
    return moment.isoformat().replace("+00:00", "Z")


# Of an order that is refunded in part; every order is worth more.
PART_REFUNDED = 100


def payment_of(status: str, decline_message: str | None) -> JsonObject | None:
    """The payment that an order of this status is made with, as world documents write it."""
    if decline_message is not None:
        return {"status": "failed", "decline_message": decline_message}
    return {"status": "succeeded"} if status in ("paid", "refunded") else None


def plain_order(name: str) -> MakeOrder:
    """An order about which nothing is special: it can have an invoice."""
    return MakeOrder(name, "customer:main", "product:guide", "paid", "Ada Example", PLAIN_ADDRESS)


def order_document(step: MakeOrder) -> JsonObject:
    """The body of the control call that makes the order."""
    return {
        "key": f"story_{order_number(step.name)}",
        "customer": step.customer.partition(":")[2],
        "product": step.product.partition(":")[2],
        "status": step.status,
        "billing_name": step.billing_name,
        "billing_address": step.billing_address,
        "subtotal_amount": amount_of(step.name),
        "tax_amount": 100,
        "refunded_amount": PART_REFUNDED if step.status == "partially_refunded" else None,
        "created_at": creation_of(step.name),
        "payment": payment_of(step.status, step.decline_message),
    }


def is_change(step: Step) -> bool:
    """Whether the step may change anything, on a target that is wrong about it."""
    return not (isinstance(step, Download) or (isinstance(step, Ask) and step.operation.endswith(_READS)))
