"""The steps of a story, as data: nothing here predicts, sends or checks, so a story can be stored, repeated and sent elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias

from contract_tests.config.credentials import NOBODY
from polar_contract.json_types import JsonObject, JsonValue

ChargeOutcome = Literal["succeeds", "fails", "requires_action"]
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
# Enough for several pages; more would only slow lists down.
MOST_ORDERS = 24
_READS = (":get", ":list", ":invoice", ":receipt", "_status", "_endpoints", "get_webhook_endpoint", "_user")
_FIRST_DAY = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Ask:
    """One API request.

    `who` names a caller. `on` names an object like `order:1`, with `|upper` or `|nodash` for another spelling, or is
    `raw:` followed by the id itself. Names in braces in `query` and `body` stand for ids. `names` is the name of the
    object that the request creates.
    """

    operation: str
    who: str = NOBODY
    on: str = ""
    query: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    body: JsonValue = None
    names: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """Get an issued invoice and follow its URL if it leads to the target."""

    on: str
    who: str = "customer"


@dataclass(frozen=True, slots=True)
class MakeOrder:
    """Create an order with the control API. Its amount and creation time follow from its name, see `order_number`."""

    name: str
    customer: str
    product: str
    status: str
    billing_name: str | None
    billing_address: JsonObject | None
    decline_message: str | None = None


@dataclass(frozen=True, slots=True)
class MoveOrder:
    """Set the status of an order with the control API, as a payment, a refund or the merchant would."""

    on: str
    status: str


@dataclass(frozen=True, slots=True)
class PassTime:
    """Advance the clock."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Settle:
    """Finish all background work now; the clock does not move."""


@dataclass(frozen=True, slots=True)
class DecideCharges:
    """Choose with the control API what becomes of charges of saved payment methods from now on."""

    outcome: ChargeOutcome


Step: TypeAlias = Ask | Download | MakeOrder | MoveOrder | PassTime | Settle | DecideCharges


def order_number(name: str) -> int:
    """The number of an order's name."""
    return int(name.partition(":")[2])


def amount_of(name: str) -> int:
    """Net amount in cents: different for every order, and not increasing with the number."""
    return 1000 + order_number(name) * 11 % 37 * 100


def creation_of(name: str) -> str:
    """Time of creation: different for every order, and not increasing with the number either."""
    moment = _FIRST_DAY + timedelta(hours=order_number(name) * 7 % 31)
    return moment.isoformat().replace("+00:00", "Z")


# Refunded amount of a partially refunded order; every order costs more.
PART_REFUNDED = 100


def payment_of(status: str, decline_message: str | None) -> JsonObject | None:
    """The payment of a new order with this status, as in a world document."""
    if decline_message is not None:
        return {"status": "failed", "decline_message": decline_message}
    return {"status": "succeeded"} if status in ("paid", "refunded") else None


def plain_order(name: str) -> MakeOrder:
    """An ordinary order: an invoice can be requested for it."""
    return MakeOrder(name, "customer:main", "product:guide", "paid", "Ada Example", PLAIN_ADDRESS)


def order_document(step: MakeOrder) -> JsonObject:
    """The body of the control request that creates the order."""
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
    """Whether the step could change anything, even on a faulty target."""
    return not (isinstance(step, Download) or (isinstance(step, Ask) and step.operation.endswith(_READS)))
