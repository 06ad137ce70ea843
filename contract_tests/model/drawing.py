"""Strategies that draw the next step from what the model knows. The first choice everywhere is the one that shrinking prefers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contract_tests.credentials import NOBODY
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
_STATUSES = ("paid", "paid", "paid", "pending", "pending", "void", "refunded", "partially_refunded")
# How much likelier the usual choice is than each unusual one.
_MOSTLY = 5
# Just over an hour, so that no session ever ends in the very second that a step asks.
_TIMES = (3, 1, 3601)
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
_QUERIES: Mapping[str, Sequence[str | tuple[str, ...]]] = {
    "limit": ("1", "2", "3", "100", "1000"),
    "page": ("2", "1", "3", "900"),
    "sorting": (
        "created_at",
        "-created_at",
        "amount",
        "-amount",
        "-net_amount",
        ("product", "amount"),
        ("-product", "-amount"),
    ),
    "product_id": ("{product:guide}", "{product:atlas}", ("{product:guide}", "{product:club}")),
    "product_billing_type": ("recurring", "one_time", ("one_time", "recurring")),
    "colour": ("blue",),
}
_BAD_QUERIES: Sequence[Mapping[str, str]] = (
    {"page": "0"},
    {"page": "-1"},
    {"limit": "0"},
    {"limit": "many"},
    {"sorting": "colour"},
    {"sorting": "-"},
)


def new_orders(state: State) -> SearchStrategy[MakeOrder]:
    """An order in any state, with or without billing details; most of them could have an invoice."""
    decline = {"pending": _one_of(None, "Insufficient funds")}
    return st.sampled_from(_STATUSES).flatmap(
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
    """An order that can be moved, to where it can go, if there is one."""
    possible = [MoveOrder(name, status) for name, one in state.orders.items() for status in _MOVES.get(one.status, ())]
    return [st.sampled_from(possible)] if possible else []


def times() -> SearchStrategy[Step]:
    """A while passes, or all that is under way comes about."""
    return st.one_of(st.just(Settle()), st.sampled_from([PassTime(seconds) for seconds in _TIMES]))


@st.composite
def asks_about_orders(draw: _Draw, state: State, operations: Sequence[str]) -> Ask:
    """One of these operations (`get`, `invoice`) on an order, from either side, by the right caller or a wrong one."""
    operation = draw(st.sampled_from(operations))
    side = PORTAL if operation == "get_payment_status" else draw(_one_of(PORTAL, PORTAL, ORGANIZATION))
    who = draw(_callers(state, side + operation))
    return Ask(side + operation, who=who, on=draw(_ids(state)))


@st.composite
def patches(draw: _Draw, state: State) -> Ask:
    """A PATCH of billing details. None is cleared while an invoice is under way: whether it then comes, no source tells."""
    side = draw(_one_of(PORTAL, PORTAL, ORGANIZATION))
    on = draw(_ids(state))
    order = state.orders.get(on.partition("|")[0])
    is_under_way = order is not None and order.invoice_due is not None
    billing = _billing(is_under_way=is_under_way)
    body = draw(draw(_mostly(billing, st.sampled_from(_MALFORMED))))
    return Ask(side + "update", who=draw(_callers(state, side + "update")), on=on, body=body)


@st.composite
def lists(draw: _Draw, state: State) -> Ask:
    """A list, with any filters, sorting and page."""
    side = draw(_one_of(PORTAL, ORGANIZATION))
    choices: dict[str, SearchStrategy[str | tuple[str, ...]]] = {
        name: st.sampled_from(values) for name, values in _QUERIES.items()
    }
    if side == PORTAL:
        choices["query"] = _one_of("o", "atlas", "GUIDE", "%", "_")
    else:
        choices["customer_id"] = _one_of("{customer:other}", "{customer:main}")
    good = st.fixed_dictionaries({}, optional=choices)
    query = draw(draw(_mostly(good, st.sampled_from(_BAD_QUERIES))))
    return Ask(side + "list", who=draw(_callers(state, side + "list")), query=query)


@st.composite
def plain_lists(draw: _Draw, state: State) -> Ask:
    """A list of a live account, without what depends on names: how they are sorted is the service's own business."""
    side = draw(_one_of(PORTAL, ORGANIZATION))
    choices: dict[str, SearchStrategy[str | tuple[str, ...]]] = {
        "limit": _one_of("1", "2", "3", "100", "1000"),
        "page": _one_of("2", "1", "900"),
        "sorting": _one_of("created_at", "-created_at"),
        "colour": st.just("blue"),
    }
    products = sorted({one.product for one in state.orders.values() if one.product is not None})
    if products:
        choices["product_id"] = st.sampled_from([f"{{{name}}}" for name in products])
    good = st.fixed_dictionaries({}, optional=choices)
    query = draw(draw(_mostly(good, st.sampled_from(_BAD_QUERIES))))
    return Ask(side + "list", who=draw(_callers(state, side)), query=query)


@st.composite
def refused_writes(draw: _Draw, state: State) -> Ask:
    """A write without a valid token: it has to be refused, whatever it asks."""
    operation = draw(_one_of("update", "generate_invoice"))
    side, unknown = draw(_one_of((PORTAL, "unknown_customer"), (ORGANIZATION, "unknown_organization")))
    body: JsonValue = {"billing_name": "Eve"} if operation == "update" else None
    return Ask(side + operation, who=draw(_one_of(NOBODY, unknown)), on=draw(_ids(state)), body=body)


def downloads(state: State) -> list[SearchStrategy[Step]]:
    """The document of an issued invoice, if there is one."""
    issued = [Download(one.name) for one in state.orders.values() if one.is_issued and one.customer == "customer:main"]
    return [st.sampled_from(issued)] if issued else []


@st.composite
def sessions(draw: _Draw, state: State) -> Ask:
    """A customer session is opened, or a session is asked whose it is."""
    operation = draw(_one_of("customer-sessions:create", "customer_portal:customer-session:get_authenticated_user"))
    who = draw(_callers(state, operation))
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
    """A webhook endpoint is made, read, listed, changed or deleted; also one that was deleted before."""
    kind = draw(_one_of("create", "get", "update", "delete") if state.endpoints else st.just("create"))
    operation = f"webhooks:{kind}_webhook_endpoint"
    who = draw(_callers(state, operation))
    url = st.sampled_from(["https://hooks.example.com/a", "https://hooks.example.com/b", "http://hooks.example.com/c"])
    events: SearchStrategy[JsonValue] = st.sampled_from([[EVENTS[0]], [], [EVENTS[1], EVENTS[2]]])
    fixed: dict[str, SearchStrategy[JsonValue]] = {"url": url, "format": _one_of("raw", "slack"), "events": events}
    if kind == "create":
        body = draw(st.fixed_dictionaries(fixed, optional={"name": st.just("Accounting")}))
        return Ask(operation, who=who, body=body, names=f"endpoint:{len(state.endpoints) + 1}")
    on = draw(st.sampled_from([*state.endpoints, UNKNOWN_ID, MALFORMED_ID]))
    if kind != "update":
        return Ask(operation, who=who, on=on)
    others: dict[str, SearchStrategy[JsonValue]] = {"name": _one_of("Shop", None), "enabled": _one_of(False, True)}
    return Ask(operation, who=who, on=on, body=draw(st.fixed_dictionaries({}, optional={**fixed, **others})))


def _billing(*, is_under_way: bool) -> SearchStrategy[JsonObject]:
    names = [name for name in _NAMES if not (is_under_way and name is None)]
    addresses = [one for one in _ADDRESSES if not (is_under_way and one is None)]
    parts: dict[str, SearchStrategy[JsonValue]] = {
        "billing_name": st.sampled_from(names),
        "billing_address": st.sampled_from(addresses),
        "colour": st.just("blue"),
    }
    return st.fixed_dictionaries({}, optional=parts)


def _ids(state: State) -> SearchStrategy[str]:
    return st.sampled_from([*_spelled(state), UNKNOWN_ID, MALFORMED_ID])


def _spelled(state: State) -> list[str]:
    names = list(state.orders)
    return [*names * _MOSTLY, *(f"{name}|{spelling}" for name in names[:1] for spelling in ("upper", "nodash"))]


def _callers(state: State, operation: str) -> SearchStrategy[str]:
    """The right callers mostly, and anybody else now and then."""
    sessions = [name for name in state.callers if name.startswith("session:")][-2:]
    nobody = [NOBODY, "unknown_customer", "unknown_member", "unknown_organization"]
    if operation.startswith("customer_portal:"):
        right, wrong = ["customer", "customer", *sessions, "owner"], ["other_customer", "plain_member", "organization"]
    else:
        right, wrong = ["organization"] * 3, ["customer", *sessions]
    right, wrong = ([name for name in names if name in state.callers] for names in (right, wrong))
    return st.sampled_from([*(right or nobody) * 2 * _MOSTLY, *wrong, *nobody])


def _mostly(usual: SearchStrategy[T], unusual: SearchStrategy[T]) -> SearchStrategy[SearchStrategy[T]]:
    """`one_of` would give both the same chance, however often one is named."""
    return st.sampled_from([usual] * _MOSTLY + [unusual])


def _one_of(*values: T) -> SearchStrategy[T]:
    return st.sampled_from(values)
