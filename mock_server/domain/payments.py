"""Retry an order's payment: the conditions, and the outcome by confirmation token, as with test cards."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from mock_server.domain.errors import OrderNotRetriable, PaymentUnderWay, RetriesUsedUp
from mock_server.domain.orders import Order, OrderStatus, Payment, PaymentStatus

REQUIRES_ACTION_TOKEN = "ctoken_requires_action"  # noqa: S105  chooses an outcome, is no credential
_FAILURES = {
    "ctoken_declined": "Your card was declined.",
    "ctoken_processing_error": "An error occurred while processing your card. Try again in a little bit.",
}


class Confirmation(NamedTuple):
    """The result of a payment; a declined card is a result too."""

    status: str
    client_secret: str | None
    error: str | None


def require_retriable(order: Order, *, most_retries: int) -> None:
    """Refuse an order whose payment can't be retried. Source: polar's order service, April 2026, in this order.

    Errors: OrderNotRetriable, PaymentUnderWay, RetriesUsedUp.
    """
    if order.status is not OrderStatus.PENDING or not order.next_payment_attempt_at or not order.subscription_id:
        raise OrderNotRetriable(order.id)
    if order.is_payment_locked:
        raise PaymentUnderWay(order.id)
    if order.manual_retries >= most_retries:
        raise RetriesUsedUp(order.id)


def pay_again(order: Order, token: str, *, client_secret: str, now: datetime) -> tuple[Order, Confirmation]:
    """The order after the attempt, and the result. A success holds the lock until the processor reports it."""
    tried = replace(order, manual_retries=order.manual_retries + 1, modified_at=now)
    failure = _FAILURES.get(token)
    if failure is not None:
        return replace(tried, payment=Payment(PaymentStatus.FAILED, failure)), Confirmation("failed", None, failure)
    pending = replace(tried, payment=Payment(PaymentStatus.PENDING))
    if token == REQUIRES_ACTION_TOKEN:
        return pending, Confirmation("requires_action", client_secret, None)
    return replace(pending, is_payment_locked=True), Confirmation("succeeded", None, None)
