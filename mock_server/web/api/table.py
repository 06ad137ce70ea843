"""The functions of all operations, by `operationId`; each revision serves those that its document has."""

from __future__ import annotations

from collections.abc import Mapping

from mock_server.web.api import customers, drafts, invoices, orders, payments, receipts, sessions, webhooks
from mock_server.web.api.calls import ApiOperation

OPERATIONS: Mapping[str, ApiOperation] = {
    **orders.OPERATIONS,
    **drafts.OPERATIONS,
    **invoices.OPERATIONS,
    **receipts.OPERATIONS,
    **payments.OPERATIONS,
    **customers.OPERATIONS,
    **sessions.OPERATIONS,
    **webhooks.OPERATIONS,
}
