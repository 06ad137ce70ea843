"""Find an order's receipt, or schedule it when it is asked for the first time; make it when its job runs."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from mock_server.domain.jobs import RECEIPT_QUEUE, Job, JobKind
from mock_server.domain.orders import Order
from mock_server.domain.receipts import Receipt, issue_receipt, require_receipt_number
from mock_server.services.callers import Caller
from mock_server.services.context import Services
from mock_server.services.orders import find_order
from mock_server.store.state import World


class FoundReceipt(NamedTuple):
    order: Order
    receipt: Receipt


def find_receipt(services: Services, world: World, *, caller: Caller, order_id: str) -> FoundReceipt | Job | None:
    """The receipt of one of the caller's orders, or else the job that was scheduled for it, or None if one is under way.

    Errors: OrderUnknown, ReceiptNotAllocated.
    """
    order = find_order(caller.tables, caller, order_id)
    require_receipt_number(order)
    if order.receipt is not None:
        return FoundReceipt(order, order.receipt)
    with world.changing() as transaction:
        order = find_order(world.tables, caller, order_id)
        if order.receipt is not None:
            return FoundReceipt(order, order.receipt)
        if any(job.queue == RECEIPT_QUEUE for job in world.state.jobs.about(order.id)):
            return None
        job = _job(services, world, order)
        transaction.put(job)
    return job


def render_receipt(_: Services, world: World, job: Job) -> None:
    """Run a job: freeze the order's present facts. No webhook event is known for it."""
    with world.changing() as transaction:
        if transaction.finish(job):
            order = world.tables.orders[job.subject_id]
            customer = world.tables.customers[order.customer_id]
            transaction.put(replace(order, receipt=issue_receipt(order, customer, now=world.clock.now())))


def _job(services: Services, world: World, order: Order) -> Job:
    """It is due when an invoice would be."""
    now = world.clock.now()
    return Job(
        id=services.ids.new_id(),
        kind=JobKind.RENDER_RECEIPT,
        queue=RECEIPT_QUEUE,
        subject_id=order.id,
        created_at=now,
        due_at=world.invoice_policy.due_at(now),
    )
