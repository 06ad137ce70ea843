"""The lines of an order as a document writes them. Pure but for notes on what is lost."""

from __future__ import annotations

from collections.abc import Sequence

from contract_tests.capturing.account import Notes
from contract_tests.capturing.naming import Naming
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object


def items_of(order: JsonObject, naming: Naming, notes: Notes) -> JsonObject:
    """The order's `items` where they add up to its subtotal, as a document wants it; else one that stands for all."""
    items = [as_object(item) for item in as_list(order.get("items"))]
    if not items or _sum(items, "amount") != order.get("subtotal_amount"):
        notes.add("items that do not add up to their order's subtotal: one stands for all")
        label = (items or [{}])[0].get("label") or order.get("description")
        return {"item_label": label} if isinstance(label, str) else {}
    has_taxes = _sum(items, "tax_amount") == order.get("tax_amount")
    if not has_taxes:
        notes.add("the taxes of items, which are not their order's: it is shared out among them")
    return {"items": [_item(item, order, naming, has_taxes=has_taxes, notes=notes) for item in items]}


def _sum(items: Sequence[JsonObject], name: str) -> int | None:
    """None when one of them has no such amount."""
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
    """Nothing where the price is the order's own product's; null for a line without a price."""
    price: JsonValue = item.get("product_price_id")
    own = [as_object(order.get("product_price")).get("id"), order.get("product_price_id")]
    own += [as_object(one).get("id") for one in as_list(as_object(order.get("product")).get("prices"))]
    has_product = naming.products.get(str(order.get("product_id"))) is not None
    if price is None:
        return {"product": None} if has_product else {}
    if price not in own:
        notes.add("the price of an item that is not its order's product's")
    return {}
