"""The model's state between two steps: orders, callers, webhook endpoints and the time. Frozen; no rules, no I/O.

Objects are referred to by name (`order:1`, `customer:main`), so that one story can be sent to targets with different ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from contract_tests.config.credentials import NONSENSE_TOKENS
from contract_tests.model.known import PAID_STATUSES, REFUSED_TOKEN, KnownOrder, KnownToken, Lack, TokenKind
from contract_tests.model.steps import UNKNOWN_ID, ChargeOutcome
from polar_contract.json_types import JsonObject, JsonValue

_WORLD = "model"
CallerKind = Literal["customer", "member", "organization"]
_KINDS: Mapping[CallerKind, TokenKind] = {
    "customer": TokenKind.CUSTOMER,
    "member": TokenKind.MEMBER,
    "organization": TokenKind.ORGANIZATION,
}


@dataclass(frozen=True, slots=True)
class Product:
    """The fields of a product that lists are filtered and sorted by, and its price in cents."""

    title: str
    is_recurring: bool
    price: int


@dataclass(frozen=True, slots=True)
class Order:
    """One order. `billing_address` has all six keys. `invoices_due`: the model's times at which requested invoices are ready.

    `payment` is the predicted answer of payment-status, or None when it is not known. `issued` is the billing that the
    issued invoice shows, and `renderings` counts how often it was made. `receipt_due` is like `invoices_due`.
    `receipt_number` is any text once the order has one. `made_at` is the model's time at which the API made the order,
    whose `created_at` is then not known.
    """

    name: str
    customer: str
    status: str
    amount: int
    created_at: str
    product: str | None = None
    billing_name: str | None = None
    billing_address: JsonObject | None = None
    payment: JsonObject | None = None
    invoices_due: tuple[float, ...] = ()
    issued: JsonObject | None = None
    renderings: int = 0
    receipt_number: str | None = None
    receipt_due: float | None = None
    is_receipt_ready: bool = False
    made_at: float | None = None

    @property
    def is_paid(self) -> bool:
        """Whether it counts as paid."""
        return self.status in PAID_STATUSES

    @property
    def is_issued(self) -> bool:
        """Whether its invoice is ready."""
        return self.issued is not None

    @property
    def billing(self) -> JsonObject:
        """The parts of its billing that an invoice shows."""
        return {"billing_name": self.billing_name, "billing_address": self.billing_address}

    @property
    def known(self) -> KnownOrder:
        """The order as the oracle sees it."""
        return KnownOrder(
            world=_WORLD,
            customer_id=self.customer,
            status=self.status,
            has_name=self.billing_name is not None,
            has_address=self.billing_address is not None,
            is_invoiced=self.is_issued,
            seen={"billing_address": self.billing_address, "receipt_number": self.receipt_number},
        )


@dataclass(frozen=True, slots=True)
class Caller:
    """The owner of a token. `ends_at` is the model's time at which it expires; None: not within a story."""

    kind: CallerKind
    customer: str | None = None
    is_plain: bool = False
    ends_at: float | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Everything that was created so far. `now` is in seconds since the start of the story. Deleted endpoints stay, as None."""

    products: Mapping[str, Product]
    customers: Mapping[str, str | None]
    callers: Mapping[str, Caller]
    orders: Mapping[str, Order] = field(default_factory=dict)
    endpoints: Mapping[str, JsonObject | None] = field(default_factory=dict)
    now: float = 0.0
    charge: ChargeOutcome = "succeeds"
    """What becomes of a charge of a saved payment method."""

    def with_order(self, order: Order) -> State:
        """The state with this order added or replaced."""
        return replace(self, orders={**self.orders, order.name: order})

    def with_caller(self, name: str, caller: Caller) -> State:
        """The state with this caller added."""
        return replace(self, callers={**self.callers, name: caller})

    def with_endpoint(self, name: str, endpoint: JsonObject | None) -> State:
        """The state with this endpoint added or replaced; None deletes it."""
        return replace(self, endpoints={**self.endpoints, name: endpoint})

    @property
    def is_complete(self) -> bool:
        """The model knows everything: nothing else exists, and nothing changes unseen."""
        return True

    def caller(self, token: str | None) -> KnownToken | Lack:
        """The owner of a token, which is the caller's name. Errors: KeyError for a caller that is not part of the story."""
        if token is None:
            return Lack.ABSENT
        if token in NONSENSE_TOKENS:
            return REFUSED_TOKEN
        caller = self.callers[token]
        return KnownToken(
            _KINDS[caller.kind],
            world=_WORLD,
            customer_id=caller.customer,
            role="member" if caller.is_plain else "owner",
            is_expired=caller.ends_at is not None and caller.ends_at <= self.now,
        )

    def order(self, identifier: str) -> KnownOrder | Lack:
        """The order of this name. Errors: KeyError for an order that is not part of the story."""
        return Lack.ABSENT if identifier == UNKNOWN_ID else self.orders[identifier].known

    def has_object(self, identifier: str) -> bool | None:
        """Whether a webhook endpoint exists. Errors: KeyError for one that is not part of the story."""
        return identifier != UNKNOWN_ID and self.endpoints[identifier] is not None

    def at(self, now: float) -> State:
        """The state at a later time; invoices that are due by then are issued if the order still has billing details."""
        return replace(self, now=now, orders={name: _at(order, now) for name, order in self.orders.items()})


def first_state() -> State:
    """The state of a new world, as the world document `model` describes it."""
    return State(
        products={
            "product:guide": Product("Field Guide", is_recurring=False, price=2500),
            "product:atlas": Product("Road Atlas", is_recurring=False, price=900),
            "product:club": Product("Monthly Club", is_recurring=True, price=1200),
        },
        customers={"customer:main": "model-main", "customer:other": "model-other"},
        callers={
            "customer": Caller("customer", "customer:main"),
            "other_customer": Caller("customer", "customer:other"),
            "owner": Caller("member", "customer:main"),
            "plain_member": Caller("member", "customer:main", is_plain=True),
            "organization": Caller("organization"),
        },
    )


def shown_order(order: Order) -> JsonObject:
    """The parts of an order's JSON that the model predicts, on both sides of the API."""
    shown: JsonObject = {
        "id": f"{{{order.name}}}",
        **({} if order.made_at is not None else {"created_at": order.created_at}),
        "status": order.status,
        "paid": order.is_paid,
        "net_amount": order.amount,
        "billing_name": order.billing_name,
        "billing_address": order.billing_address,
        "is_invoice_generated": order.is_issued,
    }
    known: dict[str, JsonValue] = {"customer_id": order.customer, "product_id": order.product}
    return shown | {key: f"{{{name}}}" for key, name in known.items() if name is not None}


def order_name(on: str) -> str:
    """The name of the object of a request, without the suffix for another spelling of its id."""
    return on.partition("|")[0]


def _at(order: Order, now: float) -> Order:
    if order.receipt_due is not None and order.receipt_due <= now:
        order = replace(order, receipt_due=None, is_receipt_ready=True)
    waiting = tuple(due for due in order.invoices_due if due > now)
    if waiting == order.invoices_due:
        return order
    order = replace(order, invoices_due=waiting)
    # A request while an invoice is kept is never due, so another rendering is due only where billing may change it.
    if not order.known.has_billing or order.issued == order.billing:
        return order
    return replace(order, issued=order.billing, renderings=order.renderings + 1)
