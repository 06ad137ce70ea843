"""Request an order's invoice and get the link to it; the portal and the organization's API share the rules."""

from __future__ import annotations

from mock_server.domain.jobs import INVOICE_QUEUE
from mock_server.services.downloads import link_to_invoice
from mock_server.services.invoices import find_invoice, request_invoice
from mock_server.services.jobs import run_due
from mock_server.views.basics import compact_without_floats
from mock_server.web.api.calls import ApiOperation, Call
from mock_server.web.exchange import ACCEPTED, Answer


def generate_invoice(call: Call) -> Answer:
    job = request_invoice(call.services, call.world, caller=call.caller, order_id=call.id)
    if job is not None and job.due_at == job.created_at:
        run_due(call.services, call.world, queue=INVOICE_QUEUE)
    return ACCEPTED


def get_invoice(call: Call) -> Answer:
    order, invoice = find_invoice(call.caller, call.id)
    link = link_to_invoice(call.services, call.world, order=order, invoice=invoice)
    return Answer(200, compact_without_floats({"url": call.base_url() + link}))


OPERATIONS = {
    "customer_portal:orders:generate_invoice": ApiOperation(generate_invoice, needs_billing_role=True),
    "customer_portal:orders:invoice": ApiOperation(get_invoice, needs_billing_role=True),
    "orders:generate_invoice": ApiOperation(generate_invoice),
    "orders:invoice": ApiOperation(get_invoice),
}
