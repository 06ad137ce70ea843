"""An order's payment on the portal: its status, and a retry."""

from __future__ import annotations

from typing import cast

from mock_server.services.orders import find_order
from mock_server.services.payments import confirm_payment, payment_status
from mock_server.views.basics import compact
from mock_server.web.api.calls import ApiOperation, Call
from mock_server.web.exchange import Answer


def get_payment_status(call: Call) -> Answer:
    outcome = payment_status(find_order(call.tables, call.caller, call.id))
    return Answer(200, compact({"status": outcome.status, "error": outcome.error}))


def confirm_retry_payment(call: Call) -> Answer:
    body = call.checked.body
    confirmation = confirm_payment(
        call.services,
        call.world,
        caller=call.caller,
        order_id=call.id,
        token=cast("str | None", body.get("confirmation_token_id")),
        payment_method_id=cast("str | None", body.get("payment_method_id")),
    )
    return Answer(200, compact(confirmation._asdict()))


OPERATIONS = {
    "customer_portal:orders:confirm_retry_payment": ApiOperation(confirm_retry_payment, needs_billing_role=True),
    "customer_portal:orders:get_payment_status": ApiOperation(get_payment_status, needs_billing_role=True),
}
