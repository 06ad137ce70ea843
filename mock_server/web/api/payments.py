"""The state of an order's payment, as the portal shows it."""

from __future__ import annotations

from mock_server.services.orders import find_order
from mock_server.services.payments import payment_status
from mock_server.views.basics import compact
from mock_server.web.api.calls import ApiOperation, Call
from mock_server.web.exchange import Answer


def get_payment_status(call: Call) -> Answer:
    outcome = payment_status(find_order(call.world, call.caller, call.id))
    return Answer(200, compact({"status": outcome.status, "error": outcome.error}))


OPERATIONS = {
    "customer_portal:orders:get_payment_status": ApiOperation(get_payment_status, needs_billing_role=True),
}
