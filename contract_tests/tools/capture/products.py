"""Converts the products and subscriptions that orders show into their form in a world document.

Pure, except that it adds notes on what can't be copied.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from contract_tests.tools.capture.account import Notes
from contract_tests.tools.capture.naming import Naming
from contract_tests.tools.capture.pseudonymizer import Pseudonymizer
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object


def products_of(
    orders: Sequence[JsonObject],
    naming: Naming,
    pseudonymizer: Pseudonymizer,
    *,
    intervals: frozenset[str],
    notes: Notes,
) -> dict[str, JsonObject]:
    """Every product that an order names, as its newest order shows it. `orders` are sorted oldest first."""
    newest: dict[str, JsonObject] = {}
    for order in orders:
        if order.get("product_id") is not None:
            # The portal's orders show more of a product than the organization's orders, which may be newer.
            before = as_object(newest.get(str(order["product_id"]), {}).get("product"))
            newest[str(order["product_id"])] = {**order, "product": {**before, **as_object(order.get("product"))}}
    return {key: _product(newest[one], naming, pseudonymizer, intervals, notes) for one, key in naming.products.items()}


def subscriptions_of(
    orders: Sequence[JsonObject], naming: Naming, *, statuses: frozenset[str], notes: Notes
) -> dict[str, JsonObject]:
    """Every subscription that an order shows, as its newest order shows it. `orders` are sorted oldest first."""
    newest = {str(order["subscription_id"]): order for order in orders if order.get("subscription_id") is not None}
    return {key: _subscription(newest[one], naming, statuses, notes) for one, key in naming.subscriptions.items()}


def _product(
    order: JsonObject, naming: Naming, pseudonymizer: Pseudonymizer, intervals: frozenset[str], notes: Notes
) -> JsonObject:
    product = as_object(order.get("product"))
    price = _price(order, product, notes)
    interval = product.get("recurring_interval")
    _note_losses(product, interval, intervals, keeps_values=pseudonymizer.keeps_names, notes=notes)
    return {
        **naming.ids(id=order["product_id"], price_id=price.get("id")),
        "name": product.get("name") or order.get("description") or "Product",
        **_given(description=product.get("description"), created_at=product.get("created_at")),
        "price_amount": price["amount"],
        "currency": price.get("price_currency") or order.get("currency"),
        **_given(unit_label=price.get("label")),
        "recurring_interval": interval if interval in intervals else None,
        **_benefits(product, naming),
        **({"metadata": metadata} if (metadata := pseudonymizer.values(product.get("metadata"))) else {}),
    }


def _price(order: JsonObject, product: JsonObject, notes: Notes) -> JsonObject:
    """The first price, with its `amount`; an amount of None means free."""
    prices = [as_object(price) for price in as_list(product.get("prices"))] or [as_object(order.get("product_price"))]
    if len(prices) > 1:
        notes.add("prices of a product after its first")
    price = prices[0]
    match price.get("amount_type"):
        case "fixed":
            return {**price, "amount": price.get("price_amount")}
        case "free":
            return {**price, "amount": None}
        case "unit_based" if (amount := _amount_per_unit(price, notes)) is not None:
            return {**price, "amount": amount, "label": _label(price)}
        case kind:
            what = f"a price of the type {kind}" if kind else "a product's price, which is not shown"
            notes.add(f"{what} (the newest order's subtotal is used)")
            return {**price, "amount": order.get("subtotal_amount")}


def _amount_per_unit(price: JsonObject, notes: Notes) -> int | None:
    """The amount of the first tier in whole minor units; None if it is no such amount."""
    tiers = as_list(as_object(price.get("tiers")).get("tiers"))
    if len(tiers) > 1:
        notes.add("tiers of a price after its first")
    amount = str(as_object(tiers[0]).get("unit_amount")) if tiers else ""
    return int(amount) if amount.isdecimal() else None


def _label(price: JsonObject) -> JsonValue:
    """What one unit is called, in the first language that has a name."""
    names = [as_object(name).get("one") for name in as_object(price.get("unit_label")).values()]
    return next((name for name in names if name), "unit")


def _benefits(product: JsonObject, naming: Naming) -> JsonObject:
    benefits: list[JsonValue] = [
        {**naming.ids(id=benefit.get("id")), "description": benefit.get("description") or ""}
        if naming.keeps_ids
        else benefit.get("description") or ""
        for benefit in map(as_object, as_list(product.get("benefits")))
    ]
    return {"benefits": benefits} if benefits else {}


def _note_losses(
    product: JsonObject, interval: JsonValue, intervals: frozenset[str], *, keeps_values: bool, notes: Notes
) -> None:
    lost: Mapping[str, bool] = {
        f"the interval {interval!r}, which the contract does not define": interval not in (None, *intervals),
        "an interval of more than one": product.get("recurring_interval_count") not in (None, 1),
        "a product's trial": product.get("trial_interval") is not None,
        "that a product is archived": product.get("is_archived") is True,
        "a product's visibility": product.get("visibility") not in (None, "public"),
        "values of a product's metadata": bool(product.get("metadata")) and not keeps_values,
        "a product's media": bool(product.get("medias")),
    }
    for message, is_lost in lost.items():
        if is_lost:
            notes.add(message)


def _subscription(order: JsonObject, naming: Naming, statuses: frozenset[str], notes: Notes) -> JsonObject:
    shown = as_object(order.get("subscription"))
    product = naming.products.get(str(shown.get("product_id"))) or naming.products.get(str(order.get("product_id")))
    notes.add("a subscription's periods, amount and cancellation")
    status = shown.get("status")
    if status not in statuses:
        notes.add(f"a subscription's status {status!r}, which the contract does not define")
    return {
        **naming.ids(id=order["subscription_id"]),
        "customer": naming.customers[str(order["customer_id"])],
        "product": product,
        **({"status": status} if status in statuses else {}),
        **_given(started_at=shown.get("started_at")),
    }


def _given(**values: JsonValue) -> JsonObject:
    return {name: value for name, value in values.items() if value is not None}
