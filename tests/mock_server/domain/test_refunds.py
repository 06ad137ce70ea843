"""Refunds of orders: the status follows from the amount, and refunds only grow."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mock_server.domain.errors import RefundRefused, StatusChangeRefused
from mock_server.domain.orders import Amounts, Order, OrderStatus
from mock_server.domain.refunds import Refund, refund_order
from tests.mock_server.factories import NOW, an_order

LATER = NOW + timedelta(minutes=1)
PAID, PART, WHOLE = OrderStatus.PAID, OrderStatus.PARTIALLY_REFUNDED, OrderStatus.REFUNDED


def an_order_with(status: OrderStatus, refunded: int = 0, tax: int = 0) -> Order:
    return an_order(status=status, amounts=Amounts(1000, tax_cents=89, refunded_cents=refunded, refunded_tax_cents=tax))


@pytest.mark.parametrize(
    ("before", "status", "refund", "after"),
    [
        (an_order_with(PAID), PART, Refund(400), (PART, 400, 36)),
        (an_order_with(PAID), None, Refund(400), (PART, 400, 36)),
        (an_order_with(PAID), None, Refund(400, 0), (PART, 400, 0)),
        (an_order_with(PAID), None, Refund(1000), (WHOLE, 1000, 89)),
        (an_order_with(PAID), WHOLE, Refund(1000), (WHOLE, 1000, 89)),
        (an_order_with(PAID), WHOLE, Refund(None, 80), (WHOLE, 1000, 80)),
        (an_order_with(PART, 400, 36), PART, Refund(700), (PART, 700, 62)),
        (an_order_with(PART, 400, 36), None, Refund(1000), (WHOLE, 1000, 89)),
    ],
    ids=["part", "part by amount", "part with tax", "whole by amount", "whole", "whole with tax", "more", "the rest"],
)
def test_an_order_shows_what_was_refunded_of_it(
    before: Order, status: OrderStatus | None, refund: Refund, after: tuple[OrderStatus, int, int]
) -> None:
    order = refund_order(before, status, refund, now=LATER)

    assert (order.status, order.amounts.refunded_cents, order.amounts.refunded_tax_cents) == after
    assert order.modified_at == LATER


def test_a_refund_that_was_made_already_changes_nothing() -> None:
    order = an_order_with(PART, 400, 36)

    assert refund_order(order, None, Refund(400), now=LATER) is order


@pytest.mark.parametrize(
    ("before", "status", "refund", "field"),
    [
        (an_order_with(PAID), PART, Refund(), "refunded_amount"),
        (an_order_with(PAID), PART, Refund(None, 5), "refunded_amount"),
        (an_order_with(PAID), PART, Refund(0), "refunded_amount"),
        (an_order_with(PAID), PART, Refund(1000), "refunded_amount"),
        (an_order_with(PAID), None, Refund(1001), "refunded_amount"),
        (an_order_with(PAID), WHOLE, Refund(999), "refunded_amount"),
        (an_order_with(PAID), PAID, Refund(5), "refunded_amount"),
        (an_order_with(PAID), PART, Refund(5, 90), "refunded_tax_amount"),
        (an_order_with(PAID), WHOLE, Refund(None, -1), "refunded_tax_amount"),
        (an_order_with(PART, 400), None, Refund(399), "refunded_amount"),
    ],
    ids=["none", "tax alone", "nought", "all", "more", "less", "paid", "too much tax", "negative tax", "shrinking"],
)
def test_an_amount_that_does_not_fit_is_refused(
    before: Order, status: OrderStatus | None, refund: Refund, field: str
) -> None:
    with pytest.raises(RefundRefused) as refused:
        refund_order(before, status, refund, now=LATER)

    assert refused.value.field == field


@pytest.mark.parametrize("status", [OrderStatus.PENDING, OrderStatus.VOID, WHOLE])
def test_an_order_that_holds_no_money_is_not_refunded_in_part(status: OrderStatus) -> None:
    with pytest.raises(StatusChangeRefused):
        refund_order(an_order_with(status), PART, Refund(5), now=LATER)
