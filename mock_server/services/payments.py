"""An order's payment: its status, a retry, and the processor's later report."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import NamedTuple

from mock_server.domain.errors import OrderUnknown, PaymentMethodForeign, StatusChangeRefused
from mock_server.domain.jobs import PAYMENT_QUEUE, Job, JobKind
from mock_server.domain.orders import Order, OrderStatus
from mock_server.domain.payments import Confirmation, pay_again, require_retriable
from mock_server.domain.policies import Generation
from mock_server.services.callers import Caller
from mock_server.services.context import Services
from mock_server.services.orders import change_order, find_order
from mock_server.store.state import World

# How long the mock's processor takes to report a successful payment.
_REPORT_DELAY = timedelta(seconds=1)


class PaymentOutcome(NamedTuple):
    status: str
    error: str | None


def payment_status(order: Order) -> PaymentOutcome:
    """The newest payment: `no_payment` if there was none, otherwise its status and the reason if it was declined."""
    if order.payment is None:
        return PaymentOutcome("no_payment", None)
    return PaymentOutcome(order.payment.status, order.payment.decline_message)


def confirm_payment(
    services: Services,
    world: World,
    *,
    caller: Caller,
    order_id: str,
    token: str | None,
    payment_method_id: str | None,
) -> Confirmation:
    """Retry the payment of a pending order of a subscription.

    Effects: a payment on the order; after a success the order is paid when the processor reports it, a second later.
    Errors:  OrderUnknown, OrderNotRetriable, PaymentUnderWay, RetriesUsedUp, PaymentMethodForeign.
    """
    with world.changing() as transaction:
        order = find_order(world.tables, caller, order_id)
        require_retriable(order, most_retries=world.behaviour.payment.most_manual_retries)
        if payment_method_id is not None:
            # The mock's customers have no saved payment methods.
            raise PaymentMethodForeign(payment_method_id)
        secret = services.ids.new_token("pi_mock_secret_")
        tried, confirmation = pay_again(order, token or "", client_secret=secret, now=world.clock.now())
        transaction.put(tried)
        if tried.is_payment_locked:
            transaction.put(_report_job(services, world, order))
    return confirmation


def report_payment(services: Services, world: World, job: Job) -> None:
    """Run a job: the processor reports that the order is paid, unless its status was changed in the meantime."""
    with world.changing() as transaction:
        if transaction.finish(job):
            with suppress(OrderUnknown, StatusChangeRefused):
                change_order(services, world, order_id=job.subject_id, status=OrderStatus.PAID, changes={})


def _report_job(services: Services, world: World, order: Order) -> Job:
    now = world.clock.now()
    is_stepped = world.invoice_policy.generation is Generation.STEPPED
    return Job(
        id=services.ids.new_id(),
        kind=JobKind.REPORT_PAYMENT,
        queue=PAYMENT_QUEUE,
        subject_id=order.id,
        created_at=now,
        due_at=None if is_stepped else now + _REPORT_DELAY,
    )
