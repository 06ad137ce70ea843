"""The lines of an order in a document, and the check that the order's own amounts agree with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mock_server.documents.errors import shown
from mock_server.documents.fields import LEFT_OUT, Fields, LeftOut
from mock_server.documents.names import Names

ITEM_KEYS = ("id", "label", "amount", "tax_amount", "proration", "product")
_OF_ONE_ITEM = ("item_id", "item_label")


@dataclass(frozen=True, slots=True)
class ItemDocument:
    """`product` is the one whose price the line shows: left out means the order's product, None a line without a price."""

    amount: int
    tax_amount: int | None = None
    """None: its share of the order's tax."""
    id: str | None = None
    label: str | None = None
    proration: bool = False
    product: str | LeftOut | None = LEFT_OUT


def read_items(order: Fields, names: Names) -> tuple[ItemDocument, ...]:
    """Empty if the order has no `items`: then it gets one item, derived from its other fields."""
    if order.raw("items") is None:
        return ()
    values = order.list_of("items")
    if not values and isinstance(order.raw("items"), list):
        order.complain("items", "is an empty list; an order has one item at least")
    before = len(order.problems)
    paths = (f"{order.at('items')}.{index}" for index in range(len(values)))
    items = tuple(
        _read_item(Fields(value, path, known=ITEM_KEYS, problems=order.problems), names)
        for value, path in zip(values, paths, strict=True)
    )
    # Items that could not be read have no sum.
    if len(order.problems) == before:
        _require_agreement(order, items)
    return items


def _read_item(fields: Fields, names: Names) -> ItemDocument:
    amount = fields.integer("amount")
    if amount is None and fields.raw("amount") is None:
        fields.complain_missing("amount", "an item needs an amount in minor units, a whole number")
    return ItemDocument(
        amount=amount or 0,
        tax_amount=fields.integer("tax_amount"),
        id=fields.uuid("id"),
        label=fields.text("label"),
        proration=fields.flag("proration"),
        product=names.refer(fields, "product") if fields.mentions("product") else LEFT_OUT,
    )


def _require_agreement(order: Fields, items: Sequence[ItemDocument]) -> None:
    for name in _OF_ONE_ITEM:
        if order.raw(name) is not None:
            order.complain(name, "is for an order that has no items of its own; give it in items")
    _require_sum(order, "subtotal_amount", (item.amount for item in items))
    if any(item.tax_amount is not None for item in items):
        _require_sum(order, "tax_amount", (item.tax_amount or 0 for item in items))


def _require_sum(order: Fields, name: str, amounts: Iterable[int]) -> None:
    value, total = order.raw(name), sum(amounts)
    if isinstance(value, int) and value != total:
        order.complain(name, f"is {shown(value)}, and the items have {total} together; leave it out, or let them agree")


def item_taxes(items: Sequence[ItemDocument], order_tax: int) -> list[int]:
    """The tax of each line: as given, or shares of the order's tax in proportion to the amounts."""
    if any(item.tax_amount is not None for item in items):
        return [item.tax_amount or 0 for item in items]
    total = sum(item.amount for item in items)
    shares: list[int] = []
    so_far = 0
    for index, item in enumerate(items):
        so_far += item.amount
        # Each share makes up for earlier rounding, so that the shares add up.
        until_here = order_tax if total == 0 or index == len(items) - 1 else order_tax * so_far // total
        shares.append(until_here - sum(shares))
    return shares
