"""Request an invoice, make it when its job runs, and find the issued one."""

from __future__ import annotations

from dataclasses import replace

from mock_server.domain.errors import BillingDetailsMissing
from mock_server.domain.invoices import (
    Invoice,
    issue_invoice,
    missing_billing_details,
    require_invoice,
    require_invoice_allowed,
    shows_present_billing,
)
from mock_server.domain.jobs import INVOICE_QUEUE, Job, JobKind
from mock_server.domain.orders import Order
from mock_server.domain.policies import Reissue
from mock_server.domain.webhooks import OrderEvent
from mock_server.services.callers import Caller
from mock_server.services.context import Services
from mock_server.services.events import raise_order_events
from mock_server.services.faults import is_invoice_lost
from mock_server.services.orders import find_order
from mock_server.store.state import Transaction, World


def request_invoice(services: Services, world: World, *, caller: Caller, order_id: str) -> Job | None:
    """Schedule the invoice of one of the caller's orders.

    Returns the scheduled job, or None if an invoice is issued or under way and the world keeps it (one-shot).
    Errors:  OrderUnknown, OrderIneligible, BillingDetailsMissing; the checks come first on every call.
    """
    order = find_order(caller.tables, caller, order_id)
    refused_statuses = world.behaviour.invoice.refused_statuses
    require_invoice_allowed(order, refused_statuses=refused_statuses)
    if _is_answered(world, order):
        return None
    with world.changing() as transaction:
        order = find_order(world.tables, caller, order_id)
        require_invoice_allowed(order, refused_statuses=refused_statuses)
        if _is_answered(world, order):
            return None
        job = _job(services, world, order)
        transaction.put(job)
    return job


def find_invoice(caller: Caller, order_id: str) -> tuple[Order, Invoice]:
    """One of the caller's orders with its issued invoice. Errors: OrderUnknown, InvoiceNotIssued."""
    order = find_order(caller.tables, caller, order_id)
    return order, require_invoice(order)


def generate_invoice(services: Services, world: World, job: Job) -> None:
    """Run a job: freeze the order's present facts; makes nothing if the billing details were cleared, or a fault strikes."""
    with world.changing() as transaction:
        if not transaction.finish(job) or is_invoice_lost(transaction, job.subject_id):
            return
        order = world.tables.orders[job.subject_id]
        if order.invoice is not None and is_kept(world, order, order.invoice):
            return
        try:
            invoice = issue_invoice(order, now=world.clock.now())
        except BillingDetailsMissing:
            return
        issued = replace(order, invoice=invoice, modified_at=world.clock.now())
        transaction.put(issued)
        raise_order_events(services, world, transaction=transaction, order=issued, types=(OrderEvent.UPDATED,))


def schedule_automatic_invoice(services: Services, world: World, *, transaction: Transaction, order: Order) -> None:
    """Schedule invoices of new orders, as the live service did for its confirmation e-mail: for each with billing details.

    A draft is no order yet; it gets its invoice when it is finalized.
    """
    is_draft = order.invoice_number is None
    if world.invoice_policy.automatic and order.invoice is None and not is_draft and not missing_billing_details(order):
        transaction.put(_job(services, world, order))


def _reissue(world: World) -> str:
    rules = world.behaviour.invoice
    is_documented = world.invoice_policy.reissue is Reissue.AS_DOCUMENTED
    return rules.reissue if is_documented else rules.reissue_as_served


def is_kept(world: World, order: Order, invoice: Invoice) -> bool:
    """Whether another request leaves the issued invoice as it is."""
    reissue = _reissue(world)
    return reissue == "keep" or (reissue == "render_if_billing_changed" and shows_present_billing(invoice, order))


def _is_answered(world: World, order: Order) -> bool:
    """Whether a request makes nothing: an invoice is issued or under way, and stays as it is."""
    if order.invoice is not None:
        return is_kept(world, order, order.invoice)
    return _reissue(world) == "keep" and any(job.queue == INVOICE_QUEUE for job in world.state.jobs.about(order.id))


def _job(services: Services, world: World, order: Order) -> Job:
    now = world.clock.now()
    return Job(
        id=services.ids.new_id(),
        kind=JobKind.GENERATE_INVOICE,
        queue=INVOICE_QUEUE,
        subject_id=order.id,
        created_at=now,
        due_at=world.invoice_policy.due_at(now),
    )
