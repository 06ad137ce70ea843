"""What becomes of a draft when it is charged, and the numbers of invoices and receipts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mock_server.domain.drafts import charge_draft, require_draft
from mock_server.domain.errors import OrderNotDraft
from mock_server.domain.numbering import invoice_number, receipt_number
from mock_server.domain.orders import Amounts, Order, OrderStatus, PaymentStatus
from mock_server.domain.policies import OffSession
from tests.mock_server.factories import NOW, an_order

LATER = NOW + timedelta(minutes=1)
CUSTOMER_ID = "b8bcc203-7f64-41d0-aa8e-187cf10eb2e0"


def a_draft(cents: int = 1000) -> Order:
    return an_order(status=OrderStatus.DRAFT, invoice_number=None, amounts=Amounts(cents))


@pytest.mark.parametrize(
    ("outcome", "cents", "status", "payment"),
    [
        (OffSession.SUCCEEDS, 1000, OrderStatus.PAID, PaymentStatus.SUCCEEDED),
        (OffSession.FAILS, 1000, OrderStatus.DRAFT, PaymentStatus.FAILED),
        (OffSession.REQUIRES_ACTION, 50, OrderStatus.DRAFT, PaymentStatus.PENDING),
        (OffSession.FAILS, 49, OrderStatus.PAID, PaymentStatus.SUCCEEDED),
        (OffSession.REQUIRES_ACTION, 0, OrderStatus.PAID, PaymentStatus.SUCCEEDED),
    ],
)
def test_when_a_draft_is_charged_then_outcome_and_amount_decide(
    outcome: OffSession, cents: int, status: OrderStatus, payment: PaymentStatus
) -> None:
    charged = charge_draft(a_draft(cents), outcome, now=LATER)

    assert charged.payment is not None
    assert (charged.status, charged.payment.status, charged.modified_at) == (status, payment, LATER)


@pytest.mark.parametrize("status", [status for status in OrderStatus if status is not OrderStatus.DRAFT])
def test_when_an_order_is_no_draft_then_it_can_not_be_finalized(status: OrderStatus) -> None:
    with pytest.raises(OrderNotDraft) as refused:
        require_draft(an_order(status=status))

    assert f"is '{status}'" in str(refused.value)


def test_then_numbers_name_the_customer_and_count() -> None:
    number = invoice_number("ACME", CUSTOMER_ID, 7)
    prefix, letters, counted = number.split("-")

    assert (prefix, len(letters), letters.isalpha(), counted) == ("ACME", 10, True, "0007")
    assert receipt_number(CUSTOMER_ID, 12) == f"RCPT-{letters}-0012"
