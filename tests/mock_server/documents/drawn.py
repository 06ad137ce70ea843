"""World documents drawn by Hypothesis: whole ones, in which each reference leads somewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hypothesis import strategies as st

NAMES = st.text("abcdefghij_-:é ", min_size=1, max_size=6)
TEXTS = st.none() | st.text(max_size=10)
CENTS = st.none() | st.integers(0, 10**7)
SECONDS = st.integers(-(10**6), 10**6)
TIMES = st.none() | st.datetimes(datetime(1970, 1, 1), datetime(2999, 1, 1)).map(lambda t: f"{t.isoformat()}Z")
ADDRESSES = st.none() | st.fixed_dictionaries({"country": st.sampled_from(["US", "FR"])}, optional={"city": TEXTS})
METADATA = st.dictionaries(st.text(max_size=3), st.integers() | st.booleans() | st.text(max_size=3), max_size=2)
TAX_IDS = st.none() | st.tuples(st.text(max_size=5), st.sampled_from(["eu_vat", "us_ein"])).map(list)
UUIDS = st.uuids(version=4).map(str)
# A part of 1,000 was refunded; the others say nothing, or anything.
REFUNDS: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {},
        {"status": "refunded"},
        {"status": "partially_refunded", "subtotal_amount": 1000, "refunded_amount": 400},
        {"status": "partially_refunded", "subtotal_amount": 1000, "refunded_amount": 999, "refunded_tax_amount": 0},
    ]
)
DISCOUNTS = st.fixed_dictionaries(
    {"name": st.text(max_size=5)},
    optional={"code": TEXTS, "starts_at": TIMES, "max_redemptions": CENTS, "redemptions_count": CENTS},
).flatmap(
    lambda common: st.sampled_from(
        [
            {**common, "amount": 250},
            {**common, "amount": 1, "currency": "eur", "duration": "forever"},
            {**common, "basis_points": 1250, "duration": "repeating", "duration_in_months": 3},
        ]
    )
)


def one_of(names: dict[str, Any]) -> st.SearchStrategy[str | None]:
    return st.sampled_from([None, *names])


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    products = draw(st.dictionaries(NAMES, _products(), min_size=1, max_size=2))
    customers = draw(st.dictionaries(NAMES, _customers(), min_size=1, max_size=2))
    subscription = st.fixed_dictionaries(
        {"customer": st.sampled_from([*customers]), "product": st.sampled_from([*products]), "started_at": TIMES}
    )
    subscriptions = draw(st.dictionaries(NAMES, subscription, max_size=2))
    token = st.fixed_dictionaries(
        {"kind": st.just("customer_session"), "customer": st.sampled_from([*customers])},
        optional={"expires_in_seconds": SECONDS, "scopes": st.lists(st.text(max_size=5), max_size=2)},
    )
    endpoint = st.fixed_dictionaries(
        {"url": st.just("http://127.0.0.1/")}, optional={"name": TEXTS, "created_at": TIMES, "modified_at": TIMES}
    )
    return {
        "organization": {"slug": draw(NAMES), "email": draw(TEXTS), "member_model": draw(st.booleans())},
        "products": products,
        "customers": customers,
        "subscriptions": subscriptions,
        "orders": draw(st.dictionaries(NAMES, _orders(customers, products, subscriptions), max_size=3)),
        "tokens": draw(st.dictionaries(NAMES, token, max_size=2)),
        "webhook_endpoints": draw(st.dictionaries(NAMES, endpoint, max_size=2)),
        "invoices": {"generation": "stepped", "automatic": draw(st.booleans())},
        "rate_limits": draw(st.sampled_from([None, "sandbox", {"requests": 3}, {"profile": "production"}])),
        "sessions": {"lifetime_seconds": draw(st.integers(1, 10**6))},
    }


def _products() -> st.SearchStrategy[dict[str, Any]]:
    interval = st.sampled_from(["day", "week", "month", "year"])
    return st.fixed_dictionaries(
        {"price_amount": CENTS, "recurring_interval": interval, "created_at": TIMES},
        optional={
            "benefits": st.lists(st.text(max_size=5), max_size=2),
            "description": TEXTS,
            "metadata": METADATA,
        },
    )


def _customers() -> st.SearchStrategy[dict[str, Any]]:
    role = st.sampled_from(["owner", "billing_manager", "member"])
    member = st.fixed_dictionaries({"role": role, "name": TEXTS, "external_id": TEXTS})
    return st.fixed_dictionaries(
        {"email": TEXTS, "name": TEXTS, "billing_address": ADDRESSES, "created_at": TIMES},
        optional={
            "type": st.sampled_from(["individual", "team"]),
            "members": st.dictionaries(NAMES, member, max_size=2),
            "billing_name": TEXTS,
            "tax_id": TAX_IDS,
            "metadata": METADATA,
            "modified_at": TIMES,
        },
    )


@st.composite
def _orders(
    draw: st.DrawFn, customers: dict[str, Any], products: dict[str, Any], subscriptions: dict[str, Any]
) -> dict[str, Any]:
    issued = st.fixed_dictionaries(
        {}, optional={"billing_name": TEXTS, "billing_address": ADDRESSES, "tax_id": TAX_IDS}
    )
    order = draw(
        st.fixed_dictionaries(
            {
                "customer": st.sampled_from([*customers]),
                "product": one_of(products),
                "subscription": one_of(subscriptions),
            },
            optional={
                "status": st.sampled_from(["pending", "paid", "void"]),
                "billing_name": TEXTS,
                "billing_address": ADDRESSES,
                "tax_id": TAX_IDS,
                "subtotal_amount": CENTS,
                "discount_amount": CENTS,
                "tax_amount": CENTS,
                "created_at": TIMES,
                "modified_at": TIMES,
                "seats": CENTS,
                "deleted": st.booleans(),
                "payment": st.none() | st.fixed_dictionaries({"status": st.sampled_from(["failed", "succeeded"])}),
                "invoice": st.none() | issued,
                "discount": st.none() | DISCOUNTS,
                "checkout_id": st.none() | UUIDS,
                "custom_field_data": st.dictionaries(st.text(max_size=3), CENTS | TEXTS | st.booleans(), max_size=2),
                "metadata": METADATA,
            },
        )
    )
    refund = draw(REFUNDS)
    if "subtotal_amount" in refund:
        order = {**order, "discount_amount": 0, "tax_amount": 89}
    return {**order, **refund, **draw(_lines(products, {**order, **refund}))}


@st.composite
def _lines(draw: st.DrawFn, products: dict[str, Any], order: dict[str, Any]) -> dict[str, Any]:
    """One line that follows from the order, or several that add up to its subtotal."""
    if draw(st.booleans()):
        return {"item_label": draw(TEXTS)}
    subtotal = order.get("subtotal_amount") or 0
    first = draw(st.integers(-5, 5))
    line = st.fixed_dictionaries({}, optional={"label": TEXTS, "proration": st.booleans(), "product": one_of(products)})
    lines = [{**draw(line), "amount": first}, {**draw(line), "amount": subtotal - first}]
    return {
        "items": lines,
        "subtotal_amount": draw(st.sampled_from([None, subtotal])) if "status" in order else subtotal,
    }
