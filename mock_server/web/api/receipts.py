"""The link to an order's receipt; the portal and the organization's API share the rules."""

from __future__ import annotations

from mock_server.domain.jobs import RECEIPT_QUEUE
from mock_server.services.downloads import link_to_receipt
from mock_server.services.jobs import run_due
from mock_server.services.receipts import FoundReceipt, find_receipt
from mock_server.views.basics import compact
from mock_server.web.api.calls import ApiOperation, Call
from mock_server.web.exchange import Answer

# Without a body and a content type. Source: polar's published document of August 2026 gives neither.
_UNDER_WAY = Answer(202, b"", ())


def get_receipt(call: Call) -> Answer:
    found = find_receipt(call.services, call.world, caller=call.caller, order_id=call.id)
    if isinstance(found, FoundReceipt):
        link = link_to_receipt(call.services, call.world, order=found.order, receipt=found.receipt)
        return Answer(200, compact({"url": call.base_url() + link}))
    if found is not None and found.due_at == found.created_at:
        run_due(call.services, call.world, queue=RECEIPT_QUEUE)
    return _UNDER_WAY


OPERATIONS = {
    "customer_portal:orders:receipt": ApiOperation(get_receipt, needs_billing_role=True),
    "orders:receipt": ApiOperation(get_receipt),
}
