"""Converts the items of an order into their form in a world document. Pure, except that it adds notes on what can't be copied."""

from __future__ import annotations

from collections.abc import Sequence

from contract_tests.tools.capture.account import Notes
from contract_tests.tools.capture.naming import Naming
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object


def items_of(order: JsonObject, naming: Naming, notes: Notes) -> JsonObject:
    """The order's `items` when they add up to its subtotal, as documents require; else the label of one item that replaces them."""
    items = [as_object(item) for item in as_list(order.get("items"))]
    if not items or _sum(items, "amount") != order.get("subtotal_amount"):
        notes.add("items that do not add up to their order's subtotal (one item replaces them)")
        label = (items or [{}])[0].get("label") or order.get("description")
        return {"item_label": label} if isinstance(label, str) else {}
    has_taxes = _sum(items, "tax_amount") == order.get("tax_amount")
    if not has_taxes:
        notes.add("the taxes of items that do not add up to their order's tax (it is divided among the items)")
    return {"items": [_item(item, order, naming, has_taxes=has_taxes, notes=notes) for item in items]}


def _sum(items: Sequence[JsonObject], name: str) -> int | None:
    """The sum of this amount; None when an item has no such amount."""
    amounts = [item.get(name) for item in items]
    return sum(one for one in amounts if isinstance(one, int)) if all(isinstance(one, int) for one in amounts) else None


def _item(item: JsonObject, order: JsonObject, naming: Naming, *, has_taxes: bool, notes: Notes) -> JsonObject:
    return {
        **naming.ids(id=item.get("id")),
        "label": item.get("label"),
        "amount": item.get("amount"),
        **({"tax_amount": item.get("tax_amount")} if has_taxes else {}),
        **({"proration": True} if item.get("proration") is True else {}),
        **_product(item, order, naming, notes),
    }


def _product(item: JsonObject, order: JsonObject, naming: Naming, notes: Notes) -> JsonObject:
    """Empty when the price belongs to the order's product; a null product for an item without a price."""
    price: JsonValue = item.get("product_price_id")
    own = [as_object(order.get("product_price")).get("id"), order.get("product_price_id")]
    own += [as_object(one).get("id") for one in as_list(as_object(order.get("product")).get("prices"))]
    has_product = naming.products.get(str(order.get("product_id"))) is not None
    if price is None:
        return {"product": None} if has_product else {}
    if price not in own:
        notes.add("the price of an item, when it belongs to another product than the order's")
    return {}
