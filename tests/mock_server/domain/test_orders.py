"""An order with a large balance, and the changes of status that no order makes."""

from __future__ import annotations

import pytest

from mock_server.domain.errors import StatusChangeRefused
from mock_server.domain.orders import Amounts, OrderStatus, move_to
from tests.mock_server.factories import NOW, an_order


def test_when_a_balance_covers_more_than_the_total_then_nothing_is_due() -> None:
    assert Amounts(1000, applied_balance_cents=-1500).due_cents == 0


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (OrderStatus.VOID, OrderStatus.PAID),
        (OrderStatus.PAID, OrderStatus.PENDING),
        (OrderStatus.REFUNDED, OrderStatus.PAID),
        (OrderStatus.PENDING, OrderStatus.REFUNDED),
    ],
)
def test_when_a_move_is_unknown_then_it_is_refused_naming_both_ends(start: OrderStatus, end: OrderStatus) -> None:
    with pytest.raises(StatusChangeRefused, match=f"is '{start}' and can't become '{end}'"):
        move_to(an_order(status=start), end, now=NOW)
