"""Exchanges in memory for the tables of this folder: an order that breaks no rule, and answers with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from contract_tests.checks.findings import Problem
from contract_tests.checks.rules import Rule
from contract_tests.transport.exchanges import Exchange
from polar_contract.json_types import JsonObject, JsonValue

ID = "0b020ec5-4626-4c62-bc50-8ab49f8f2d34"
OTHER_ID = "39dcdbf0-fd0a-46eb-a5dd-c8410708f90f"
CUSTOMER, PRODUCT = "5c0dbc3b-6a0c-4a5d-9d0e-6a5f9a0b8d11", "7d2f7a0e-2b0f-4c52-8f0f-2c6a1f1f0a22"
TOKEN = "polar_cst_" + "aB3dE" * 8 + "xyz"
JSON = {"content-type": "application/json"}
ORDER: JsonObject = {
    "id": ID,
    "created_at": "2026-04-15T05:53:56.123456Z",
    "modified_at": "2026-04-15T05:53:57Z",
    "status": "paid",
    "paid": True,
    "currency": "usd",
    **{"subtotal_amount": 1200, "discount_amount": 200, "net_amount": 1000, "tax_amount": 89},
    **{"total_amount": 1089, "applied_balance_amount": -89, "due_amount": 1000},
    **{"refunded_amount": 0, "refunded_tax_amount": 0},
    "billing_name": "Ada Example",
    "billing_address": {
        **{"line1": "1 Main Street", "line2": None, "postal_code": "10001"},
        **{"city": "New York", "state": "US-NY", "country": "US"},
    },
    "is_invoice_generated": False,
    "invoice_number": "ACME-0001",
    "customer_id": CUSTOMER,
    "customer": {"id": CUSTOMER, "email": "ada@example.com"},
    "product_id": PRODUCT,
    "product": {"id": PRODUCT, "name": "Atlas"},
    "description": "Atlas",
    "items": [{"label": "Atlas", "amount": 700}, {"label": "Seats", "amount": 500}],
    "metadata": {"weight": 0.5, "made_at": "yesterday"},
}


def order(**changes: JsonValue) -> JsonObject:
    """The order with other values."""
    return {**ORDER, **changes}


def answered(
    operation_id: str | None,
    path: str,
    body: JsonValue | bytes,
    *,
    status: int = 200,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    sent: bytes = b"",
    sent_headers: Mapping[str, str] | None = None,
    token: str | None = TOKEN,
) -> Exchange:
    """An exchange; `path` may have a query, `headers` are added to those of a JSON response."""
    authorization = {"Authorization": f"Bearer {token}"} if token else {}
    return Exchange(
        method=method,
        url=f"https://x.test{path}",
        path=path.partition("?")[0],
        request_headers={
            **authorization,
            **({"Content-Type": "application/json"} if sent else {}),
            **(sent_headers or {}),
        },
        request_body=sent,
        status=status,
        headers={**JSON, **(headers or {})},
        body=body if isinstance(body, bytes) else json.dumps(body).encode(),
        elapsed_seconds=0.0,
        operation_id=operation_id,
    )


def rules_of(problems: Iterable[Problem]) -> set[Rule]:
    """The rules that are broken."""
    return {rule for rule, *_ in problems}
