"""Read a requested change of an order in a running world: a status, a refund, other billing details."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from mock_server.documents.addresses import read_address
from mock_server.documents.errors import Problems, shown
from mock_server.documents.fields import Fields
from mock_server.domain.orders import BillingChanges, OrderStatus
from mock_server.domain.refunds import Refund
from polar_contract.json_types import JsonObject

_KEYS = ("status", "refunded_amount", "refunded_tax_amount", "billing_name", "billing_address")


@dataclass(frozen=True, slots=True)
class Move:
    """`status` None: the status stays, or follows from the refund."""

    status: OrderStatus | None
    refund: Refund
    billing: BillingChanges


def read_move(body: JsonObject, *, statuses: Collection[str]) -> Move:
    """`statuses`: those that an order of the world can have. Errors: DocumentInvalid with every problem and its path."""
    problems = Problems()
    fields = Fields(body, "", known=_KEYS, problems=problems)
    billing: BillingChanges = {}
    if fields.mentions("billing_name"):
        billing["billing_name"] = fields.text("billing_name")
    if fields.mentions("billing_address"):
        billing["billing_address"] = read_address(fields, "billing_address")
    refund = Refund(fields.integer("refunded_amount"), fields.integer("refunded_tax_amount"))
    move = Move(fields.choice("status", OrderStatus), refund, billing)
    if move.status is not None and move.status not in statuses:
        fields.complain(
            "status", f"is {shown(move.status)}; in the world's revision it has to be one of: {', '.join(statuses)}"
        )
    problems.raise_if_any()
    return move
