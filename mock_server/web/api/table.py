"""All operations by `operationId`, and the check that contract and functions name the same operations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mock_server.contract.operations import Operation
from mock_server.web.api import customers, invoices, orders, payments, sessions, webhooks
from mock_server.web.api.calls import ApiOperation

OPERATIONS: Mapping[str, ApiOperation] = {
    **orders.OPERATIONS,
    **invoices.OPERATIONS,
    **payments.OPERATIONS,
    **customers.OPERATIONS,
    **sessions.OPERATIONS,
    **webhooks.OPERATIONS,
}


class OperationsDiffer(Exception):
    """Contract and functions name different operations, so the server does not start."""

    def __init__(self, *, without_function: list[str], without_operation: list[str]) -> None:
        super().__init__(
            f"operations without a function: {', '.join(without_function) or 'none'}; "
            f"functions without an operation: {', '.join(without_operation) or 'none'}; "
            "add or remove the function in mock_server/web/api"
        )


def require_same_operations(contract: Iterable[Operation], table: Mapping[str, ApiOperation]) -> None:
    published = {operation.operation_id for operation in contract}
    if published != table.keys():
        raise OperationsDiffer(
            without_function=sorted(published - table.keys()), without_operation=sorted(table.keys() - published)
        )
