"""The core table: every equivalence class of every operation, from lists for all operations and the rows of the other modules."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from contract_tests.suites.cases.account import account_rows
from contract_tests.suites.cases.drafts import draft_rows
from contract_tests.suites.cases.endpoint_versions import endpoint_version_rows
from contract_tests.suites.cases.invoices import invoice_rows
from contract_tests.suites.cases.later_orders import later_order_rows
from contract_tests.suites.cases.orders import order_rows
from contract_tests.suites.cases.patches import patch_rows
from contract_tests.suites.cases.receipts import receipt_rows
from contract_tests.suites.cases.rows import (
    FIRST_VERSION_ID,
    ID_OF_ZEROS,
    INVALID,
    NOBODY,
    NOT_AN_ID,
    SEVENTH_VERSION_ID,
    UNKNOWN_ID,
    Row,
)
from contract_tests.suites.cases.sessions import session_rows
from contract_tests.suites.cases.webhooks import webhook_rows
from polar_contract.behaviour import Behaviour
from polar_contract.json_types import JsonObject
from polar_contract.operations import OPEN_TO_EVERY_ROLE, Operation, Operations

TOO_LARGE_BYTES = 10 * 1024 * 1024 + 1

# credential, text, status, error. Source: observed on the service, April 2026.
_PORTAL_CALLERS = (
    (NOBODY, "no token", 401, "Unauthorized"),
    ("unknown_customer", "an unknown customer token", 401, "invalid_token"),
    ("unknown_member", "an unknown member token", 401, "invalid_token"),
    ("expired_customer", "an expired customer token", 401, "invalid_token"),
    ("expired_member", "an expired member token", 401, "invalid_token"),
    ("organization", "an organization token", 401, "Unauthorized"),
    ("member_plain", "a member without a billing role", 403, "NotPermitted"),
)
_ORGANIZATION_CALLERS = (
    (NOBODY, "no token", 401, "Unauthorized"),
    ("unknown_organization", "an unknown organization token", 401, "invalid_token"),
    ("expired_organization", "an expired organization token", 401, "invalid_token"),
    ("customer", "a customer token", 401, "Unauthorized"),
    ("member_owner", "a member token", 401, "Unauthorized"),
)
_BODIES: tuple[tuple[str, int, str | None, bytes | None, str | None], ...] = (
    ("bytes that are not UTF-8", 400, None, b'{"billing_name": "\xff"}', "application/json"),
    ("broken JSON", 422, INVALID, b'{"billing_name": ', "application/json"),
    ("a comma too many", 422, INVALID, b'{"billing_name": "A",}', "application/json"),
    ("a comma too many in a list", 422, INVALID, b'{"events": ["order.paid", ]}', "application/json"),
    ("a list", 422, INVALID, b"[]", "application/json"),
    ("a JSON string", 422, INVALID, b'"text"', "application/json"),
    ("no body", 422, INVALID, None, None),
    ("JSON with the content type text/plain", 422, INVALID, b"{}", "text/plain"),
    ("JSON without a content type", 422, INVALID, b"{}", None),
)
# An object of each kind for rows about the caller or the body, which are refused before they could change it.
_USUAL_OBJECTS = {"orders": "order:paid", "webhooks/endpoints": "endpoint:kept", "webhooks/events": UNKNOWN_ID}
# A valid body for operations that do not accept an empty object.
_USUAL_BODIES: dict[str, JsonObject] = {
    "customer_portal:orders:confirm_retry_payment": {"confirmation_token_id": "ctoken_succeeded"}
}


def core_rows(operations: Operations, behaviour: Behaviour) -> list[Row]:
    """Every row whose operation and whose rules the revision has, grouped by operation."""
    special = [
        *(*order_rows(), *later_order_rows(), *patch_rows(), *invoice_rows(), *receipt_rows(), *draft_rows()),
        *(*session_rows(), *webhook_rows(), *endpoint_version_rows(), *account_rows()),
    ]
    return [
        row for operation in operations for row in (*_common(operation), *special) if row.applies(operation, behaviour)
    ]


def _common(operation: Operation) -> Iterator[Row]:
    on = _usual_object(operation)
    callers = _PORTAL_CALLERS if operation.is_portal else _ORGANIZATION_CALLERS
    # With an empty object as body, only the caller is wrong in most operations.
    empty: JsonObject | None = {} if operation.has_body else None
    for who, says, status, name in callers:
        if who == "member_plain" and operation.id in OPEN_TO_EVERY_ROLE:
            continue
        yield Row(operation.id, says, status, name, who=who, on=on, body=empty)
    if not operation.is_portal:
        narrow = "webhooks_reader" if "orders" in operation.path else "orders_reader"
        yield Row(operation.id, "a token without the scope", 403, "insufficient_scope", who=narrow, on=on, body=empty)
        if operation.has_body:
            says = "a token without the scope, and no object"
            yield Row(operation.id, says, 403, "insufficient_scope", who=narrow, on=on, body=b"[]")
    rate_limited = "limited_customer" if operation.is_portal else "limited_organization"
    yield Row(operation.id, "too many requests", 429, who=rate_limited, on=on and UNKNOWN_ID)
    if operation.has_id:
        yield from _common_ids(operation)
    if operation.has_body:
        for says, status, error, body, content_type in _BODIES:
            if body is None and not operation.needs_body:
                continue
            yield Row(operation.id, says, status, error, on=on, body=body, content_type=content_type)
    if 413 in operation.statuses:
        yield Row(operation.id, "a body over 10 MB", 413, on=on, body=_too_large())
    if 411 in operation.statuses:
        says = "a body whose length is not announced, before everything else"
        yield Row(operation.id, says, 411, "LengthRequired", who=NOBODY, on=on, body=b"{}", has_length=False)


@cache
def _too_large() -> bytes:
    """One body for all rows: a separate one for each operation would take hundreds of megabytes."""
    return b" " * TOO_LARGE_BYTES


def _common_ids(operation: Operation) -> Iterator[Row]:
    body = _USUAL_BODIES.get(operation.id, {}) if operation.has_body else None
    yield Row(operation.id, "an id that is not a UUID", 422, INVALID, on=NOT_AN_ID, body=body)
    yield Row(operation.id, "an id of version 1", 422, INVALID, on=FIRST_VERSION_ID, body=body)
    yield Row(operation.id, "an id of version 7", 422, INVALID, on=SEVENTH_VERSION_ID, body=body)
    yield Row(operation.id, "an id of zeros", 422, INVALID, on=ID_OF_ZEROS, body=body)
    yield Row(operation.id, "an id that no object has", 404, "ResourceNotFound", on=UNKNOWN_ID, body=body)
    # Without a token the id is not validated. Source: observed on the service: authentication comes before validation.
    yield Row(operation.id, "a malformed id without a token", 401, "Unauthorized", who=NOBODY, on=NOT_AN_ID)


def _usual_object(operation: Operation) -> str:
    if not operation.has_id:
        return ""
    return next(name for part, name in _USUAL_OBJECTS.items() if f"/{part}/{{id}}" in operation.path)
