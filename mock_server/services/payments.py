"""What is known of an order's payment."""

from __future__ import annotations

from typing import NamedTuple

from mock_server.domain.orders import Order


class PaymentOutcome(NamedTuple):
    status: str
    error: str | None


def payment_status(order: Order) -> PaymentOutcome:
    """The newest payment: `no_payment` when there was none, else its status and why it was declined."""
    if order.payment is None:
        return PaymentOutcome("no_payment", None)
    return PaymentOutcome(order.payment.status, order.payment.decline_message)
