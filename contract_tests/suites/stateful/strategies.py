"""Strategies that draw the next step from the model's state. Shrinking prefers the first choice of each strategy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contract_tests.config.credentials import NOBODY
from contract_tests.model.operations import EVENTS
from contract_tests.model.state import State
from contract_tests.model.steps import (
    MALFORMED_ID,
    PLAIN_ADDRESS,
    UNKNOWN_ID,
    Ask,
    Download,
    MakeOrder,
    MoveOrder,
    PassTime,
    Settle,
    Step,
)
from polar_contract.json_types import JsonObject, JsonValue

T = TypeVar("T")
_Draw = st.DrawFn
PORTAL, ORGANIZATION = "customer_portal:orders:", "orders:"
_FRENCH: JsonObject = {**dict.fromkeys(PLAIN_ADDRESS), "city": "Lyon", "country": "FR"}
_MOVES = {"pending": ("paid", "void"), "paid": ("refunded",)}
STATUSES = ("paid", "paid", "paid", "pending", "pending", "void", "refunded", "partially_refunded")
# How many times more likely the usual choice is than each unusual one.
_MOSTLY = 5
_FEW_ENDPOINTS = 3
_NAMES: Sequence[JsonValue] = ("Ada New", None, "", "  Bo  ", "Zoë 東京")
_ADDRESSES: Sequence[JsonValue] = (
    PLAIN_ADDRESS,
    None,
    {"country": "US", "state": "NY"},
    {"country": "us", "state": "US-NY", "line1": "  7 Trimmed Road ", "city": "   "},
    {"country": "US"},
    {"country": "US", "state": "US-CA"},
    {"country": "FR", "city": "Lyon"},
    {"country": "CA", "state": "QC"},
    _FRENCH,
)
_MALFORMED: Sequence[JsonValue] = (
    {"billing_name": 5},
    {"billing_address": {"city": "Lyon"}},
    {"billing_address": {"country": "XX"}},
    {"billing_address": {"country": "CU"}},
    {"billing_address": {"country": "US", "state": "US-XX"}},
    {"billing_address": {"country": "US", "state": "ny"}},
    {"billing_address": "5 New Street, New York"},
    {"billing_address": {"country": "US", "state": "US-NY", "line1": 5}, "billing_name": "Ada New"},
    [],
)
_CLEARINGS: Sequence[JsonValue] = (
    {"billing_name": None},
    {"billing_address": None},
    {"billing_name": None, "billing_address": None},
)


def new_orders(state: State, *, statuses: Sequence[str] = STATUSES) -> SearchStrategy[MakeOrder]:
    """An order with any status, with or without billing details; an invoice can be requested for most of them."""
    decline = {"pending": one_of(None, "Insufficient funds")}
    return st.sampled_from(statuses).flatmap(
        lambda status: st.builds(
            MakeOrder,
            name=st.just(f"order:{len(state.orders) + 1}"),
            customer=st.sampled_from(["customer:main"] * 5 + ["customer:other"]),
            product=st.sampled_from(list(state.products)),
            status=st.just(status),
            billing_name=st.sampled_from(["Ada Example"] * 5 + [None, ""]),
            billing_address=st.sampled_from([PLAIN_ADDRESS] * 4 + [_FRENCH, None]),
            decline_message=decline.get(status, st.none()),
        )
    )


def moves(state: State) -> list[SearchStrategy[Step]]:
    """A status change of an order, if one is possible."""
    possible = [MoveOrder(name, status) for name, one in state.orders.items() for status in _MOVES.get(one.status, ())]
    return [st.sampled_from(possible)] if possible else []


def times(state: State) -> list[SearchStrategy[Step]]:
    """The clock advances, or all background work is finished; more likely while an invoice is being generated."""
    is_invoice_due = any(order.invoices_due or order.receipt_due is not None for order in state.orders.values())
    return [st.sampled_from([Settle(), PassTime(3), PassTime(1)])] * (4 if is_invoice_due else 1)


def hours() -> SearchStrategy[Step]:
    """Just over an hour, so that no session ends in the same second as a request."""
    return st.just(PassTime(3601))


@st.composite
def asks_about_orders(draw: _Draw, state: State, operations: Sequence[str]) -> Ask:
    """One of these operations (`get`, `invoice`) on an order, on either side of the API, by a caller with or without access."""
    operation = draw(st.sampled_from(operations))
    side = PORTAL if operation == "get_payment_status" else draw(one_of(PORTAL, PORTAL, ORGANIZATION))
    who = draw(callers(state, side + operation))
    return Ask(side + operation, who=who, on=draw(_ids(state)))


@st.composite
def patches(draw: _Draw, state: State) -> Ask:
    """A PATCH of billing details. Clears none while an invoice is being generated: the outcome is not documented."""
    side = draw(one_of(PORTAL, PORTAL, ORGANIZATION))
    on = draw(_ids(state))
    order = state.orders.get(on.partition("|")[0])
    is_invoice_due = order is not None and bool(order.invoices_due)
    billing: SearchStrategy[JsonValue] = _billing(is_invoice_due=is_invoice_due)
    clearing: SearchStrategy[JsonValue] = st.just({}) if is_invoice_due else st.sampled_from(_CLEARINGS)
    body = draw(draw(st.sampled_from([billing, billing, clearing, st.sampled_from(_MALFORMED)])))
    return Ask(side + "update", who=draw(callers(state, side + "update")), on=on, body=body)


@st.composite
def refused_writes(draw: _Draw, state: State) -> Ask:
    """A write without a valid token, which must be refused in any case."""
    operation = draw(one_of("update", "generate_invoice"))
    side, unknown = draw(one_of((PORTAL, "unknown_customer"), (ORGANIZATION, "unknown_organization")))
    body: JsonValue = {"billing_name": "Eve"} if operation == "update" else None
    return Ask(side + operation, who=draw(one_of(NOBODY, unknown)), on=draw(_ids(state)), body=body)


def downloads(state: State) -> list[SearchStrategy[Step]]:
    """A download of an issued invoice, if there is one."""
    issued = [Download(one.name) for one in state.orders.values() if one.is_issued and one.customer == "customer:main"]
    return [st.sampled_from(issued)] if issued else []


@st.composite
def sessions(draw: _Draw, state: State) -> Ask:
    """A customer session is opened, or a session reads its own user."""
    operation = draw(one_of("customer-sessions:create", "customer_portal:customer-session:get_authenticated_user"))
    who = draw(callers(state, operation))
    if operation.startswith("customer_portal"):
        return Ask(operation, who=who)
    body: JsonObject = draw(
        st.sampled_from(
            [
                {"customer_id": "{customer:main}"},
                {"customer_id": "{customer:other}"},
                {"external_customer_id": "model-main"},
                {"external_customer_id": "nobody"},
                {"customer_id": UNKNOWN_ID.removeprefix("raw:")},
            ]
        )
    )
    return Ask(operation, who=who, body=body, names=f"session:{len(state.callers)}")


@st.composite
def endpoint_steps(draw: _Draw, state: State) -> Ask:
    """A webhook endpoint is created, read, changed or deleted; it may have been deleted before."""
    kinds = ["create"] * (len(state.endpoints) < _FEW_ENDPOINTS) + ["get", "update", "delete"] * bool(state.endpoints)
    kind = draw(st.sampled_from(kinds))
    operation = f"webhooks:{kind}_webhook_endpoint"
    who = draw(callers(state, operation))
    url = st.sampled_from(["https://hooks.example.com/a", "https://hooks.example.com/b", "http://hooks.example.com/c"])
    events: SearchStrategy[JsonValue] = st.sampled_from([[EVENTS[0]], [], [EVENTS[1], EVENTS[2]]])
    fixed: dict[str, SearchStrategy[JsonValue]] = {"url": url, "format": one_of("raw", "slack"), "events": events}
    if kind == "create":
        body = draw(st.fixed_dictionaries(fixed, optional={"name": st.just("Accounting")}))
        return Ask(operation, who=who, body=body, names=f"endpoint:{len(state.endpoints) + 1}")
    on = draw(st.sampled_from([*list(state.endpoints) * _MOSTLY, UNKNOWN_ID, MALFORMED_ID]))
    if kind != "update":
        return Ask(operation, who=who, on=on)
    others: dict[str, SearchStrategy[JsonValue]] = {"name": one_of("Shop", None), "enabled": one_of(False, True)}
    return Ask(operation, who=who, on=on, body=draw(st.fixed_dictionaries({}, optional={**fixed, **others})))


def _billing(*, is_invoice_due: bool) -> SearchStrategy[JsonValue]:
    names = [name for name in _NAMES if not (is_invoice_due and name is None)]
    addresses = [one for one in _ADDRESSES if not (is_invoice_due and one is None)]
    parts: dict[str, SearchStrategy[JsonValue]] = {
        "billing_name": st.sampled_from(names),
        "billing_address": st.sampled_from(addresses),
        "colour": st.just("blue"),
    }
    return st.fixed_dictionaries({}, optional=parts)


def _ids(state: State) -> SearchStrategy[str]:
    return st.sampled_from([*_spelled(state), UNKNOWN_ID, MALFORMED_ID])


def _spelled(state: State) -> list[str]:
    names, issued = list(state.orders), [order.name for order in state.orders.values() if order.is_issued]
    return [
        *names * _MOSTLY,
        *issued * 2 * _MOSTLY,
        *(f"{name}|{spelling}" for name in names[:1] for spelling in ("upper", "nodash")),
    ]


def callers(state: State, operation: str) -> SearchStrategy[str]:
    """Callers with access in most cases, others sometimes."""
    sessions = [name for name in state.callers if name.startswith("session:")][-2:]
    nobody = [NOBODY, "unknown_customer", "unknown_member", "unknown_organization"]
    if operation.startswith("customer_portal:"):
        right, wrong = ["customer", "customer", *sessions, "owner"], ["other_customer", "plain_member", "organization"]
    else:
        right, wrong = ["organization"] * 3, ["customer", *sessions]
    right, wrong = ([name for name in names if name in state.callers] for names in (right, wrong))
    return st.sampled_from([*(right or nobody) * 2 * _MOSTLY, *wrong, *nobody])


def mostly(usual: SearchStrategy[T], unusual: SearchStrategy[T]) -> SearchStrategy[SearchStrategy[T]]:
    """The usual strategy in most cases. `one_of` would give both the same chance, even if one is listed several times."""
    return st.sampled_from([usual] * _MOSTLY + [unusual])


def one_of(*values: T) -> SearchStrategy[T]:
    return st.sampled_from(values)
