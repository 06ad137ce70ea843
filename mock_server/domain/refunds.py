"""Refunds: the refunded part of an order, and the status that follows from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from mock_server.domain.errors import RefundRefused
from mock_server.domain.orders import Amounts, Order, OrderStatus, move_to

_REFUNDED = (OrderStatus.PARTIALLY_REFUNDED, OrderStatus.REFUNDED)


class Refund(NamedTuple):
    """The total refunded of an order, in minor units; `amount` before tax, None if it was not given."""

    amount: int | None = None
    tax_amount: int | None = None


NO_REFUND = Refund()


def tax_share(amounts: Amounts, refunded: int) -> int:
    """The default refunded tax: the same share of the tax, half cents rounded up."""
    net = amounts.net_cents
    return amounts.tax_cents if refunded >= net else (2 * amounts.tax_cents * refunded + net) // (2 * net)


def require_partial_refund(amounts: Amounts, refund: Refund) -> int:
    """The amount of a partial refund. Errors: RefundRefused if it was not given, or is no part of the net amount."""
    net = amounts.net_cents
    if net <= 1:
        raise RefundRefused("refunded_amount", f"the net amount is {net}, and there is no part of it to refund")
    wanted = f"a partially refunded order needs what was refunded before tax, from 1 to {net - 1}"
    if refund.amount is None:
        raise RefundRefused("refunded_amount", f"is missing; {wanted}")
    if not 0 < refund.amount < net:
        raise RefundRefused("refunded_amount", f"is {refund.amount}; {wanted} (all of it is the status refunded)")
    _require_tax(amounts, refund)
    return refund.amount


def refund_order(order: Order, status: OrderStatus | None, refund: Refund, *, now: datetime) -> Order:
    """The order after a refund; without a given status, the amount decides. Refunds only grow.

    Errors: RefundRefused; StatusChangeRefused for an order that was not paid.
    """
    wanted = status or _status_for(order.amounts, refund)
    if wanted not in _REFUNDED:
        raise RefundRefused(
            "refunded_amount", f"goes with the status partially_refunded or refunded, not with {wanted}"
        )
    moved = move_to(order, wanted, now=now)
    amount = _wanted_amount(order.amounts, wanted, refund)
    if amount < order.amounts.refunded_cents:
        already = order.amounts.refunded_cents
        raise RefundRefused(
            "refunded_amount", f"is {amount}, but {already} was refunded before; give the sum of all refunds"
        )
    tax = tax_share(order.amounts, amount) if refund.tax_amount is None else refund.tax_amount
    refunded = replace(order.amounts, refunded_cents=amount, refunded_tax_cents=tax)
    return order if moved is order and refunded == order.amounts else replace(moved, amounts=refunded, modified_at=now)


def _status_for(amounts: Amounts, refund: Refund) -> OrderStatus:
    is_whole = refund.amount is not None and refund.amount == amounts.net_cents
    return OrderStatus.REFUNDED if is_whole else OrderStatus.PARTIALLY_REFUNDED


def _wanted_amount(amounts: Amounts, status: OrderStatus, refund: Refund) -> int:
    if status is OrderStatus.PARTIALLY_REFUNDED:
        return require_partial_refund(amounts, refund)
    if refund.amount not in (None, amounts.net_cents):
        net = amounts.net_cents
        raise RefundRefused(
            "refunded_amount", f"is {refund.amount}; refunded is all of {net}, less is partially_refunded"
        )
    _require_tax(amounts, refund)
    return amounts.net_cents


def _require_tax(amounts: Amounts, refund: Refund) -> None:
    if refund.tax_amount is not None and not 0 <= refund.tax_amount <= amounts.tax_cents:
        raise RefundRefused(
            "refunded_tax_amount", f"is {refund.tax_amount}; the tax of this order is {amounts.tax_cents}"
        )
