"""Every success of every operation, in a world of each dated revision, fits the schema of the revision's document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mock_server.assembly import MockServer
from polar_contract import load_contract
from polar_contract.operations import Operation, Operations
from polar_contract.schemas import ResponseSchemas
from tests.mock_server.web.conftest import Api, world_of

REVISIONS = ("2026-04", "2026-10")
RICH: dict[str, Any] = {
    "organization": {
        **{"slug": "rich", "name": "Rich Inc.", "email": "rich@example.com"},
        **{"member_model": True, "off_session_charges": True},
    },
    "products": {
        "pro": {"name": "Pro", "benefits": ["Support"], "metadata": {"tier": "top"}, "description": "All of it"},
        "club": {"name": "Club", "price_amount": 2000, "recurring_interval": "month"},
        "sample": {"name": "Sample", "price_amount": None},
        "credits": {"name": "Credits", "price_amount": 25, "unit_label": "credit"},
    },
    "customers": {
        "main": {
            "email": "jane@example.com",
            "name": "Jane Doe",
            "external_id": "ext-main",
            "billing_address": {"country": "DE", "city": "Berlin"},
            "tax_id": "DE123456788",
            "members": {"owner": {"role": "owner", "email": "olive@example.com"}},
        },
    },
    "tokens": {
        "customer": {"kind": "customer_session", "customer": "main"},
        "member": {"kind": "member_session", "customer": "main", "member": "owner"},
        "oat": {"kind": "organization_access_token"},
    },
    "subscriptions": {"monthly": {"customer": "main", "product": "club", "units": 2}},
    "orders": {
        "paid": {"product": "pro", "tax_amount": 89, "receipt_number": "RCPT-1", "receipt": {}, "invoice": {}},
        "free": {"product": "sample"},
        "units": {"product": "credits", "units": 4},
        "dunning": {
            "product": "club",
            "subscription": "monthly",
            "status": "pending",
            "billing_reason": "subscription_cycle",
            "next_payment_attempt_at": "2026-05-03T00:00:00Z",
        },
        "draft": {"product": "pro", "status": "draft"},
        "void": {"product": "pro", "status": "void", "billing_name": None, "billing_address": None},
        "refunded": {"product": "pro", "status": "refunded"},
        "part": {"product": "pro", "status": "partially_refunded", "refunded_amount": 100},
        "half": {"product": "pro", "discount": {"type": "percentage", "basis_points": 5000}},
        "less": {
            "product": "pro",
            "discount": {"type": "fixed", "amount": 100, "duration": "repeating", "duration_in_months": 3},
        },
        "no_product": {"subtotal_amount": 700},
    },
    "webhook_endpoints": {
        "app": {"url": "https://example.com/hook", "events": ["order.created", "order.updated", "order.paid"]},
        "chat": {"url": "https://example.com/chat", "format": "slack", "events": ["order.updated"]},
    },
}
ORDERS = tuple(RICH["orders"])
HOOK = {"url": "https://example.com/new", "format": "raw", "events": ["order.paid"]}


def exchanges(api: Api) -> Iterator[tuple[str, Any]]:
    """The id of an operation, and the response to a request that succeeds; all operations occur."""
    ids = api.world["ids"]

    def ask(operation_id: str, method: str, path: str, body: Any = None, token: str = "customer") -> tuple[str, Any]:
        path = path.format_map({name.replace(":", "_"): id_ for name, id_ in ids.items()})
        empty = {} if method == "GET" or body is not None else {"environ_overrides": {"CONTENT_LENGTH": "0"}}
        return operation_id, api.send(method, path, token=token, body=body, **empty)

    portal, orders, hooks = "/v1/customer-portal", "/v1/orders/", "/v1/webhooks/endpoints"
    for key in ORDERS:
        yield ask("customer_portal:orders:get", "GET", f"{portal}/orders/{ids['order:' + key]}")
        yield ask("orders:get", "GET", f"{orders}{ids['order:' + key]}", token="oat")
    yield ask("customer_portal:orders:list", "GET", f"{portal}/orders/?limit=100", token="member")
    yield ask("orders:list", "GET", f"{orders}?limit=100&status=draft&status=paid", token="oat")
    yield ask("customer_portal:orders:update", "PATCH", f"{portal}/orders/{{order_paid}}", {"billing_name": "New"})
    yield ask("orders:update", "PATCH", f"{orders}{{order_draft}}", {"billing_name": "New"}, "oat")
    yield ask("customer_portal:orders:generate_invoice", "POST", f"{portal}/orders/{{order_dunning}}/invoice")
    yield ask("orders:generate_invoice", "POST", f"{orders}{{order_free}}/invoice", None, "oat")
    yield ask("customer_portal:orders:invoice", "GET", f"{portal}/orders/{{order_paid}}/invoice")
    yield ask("orders:invoice", "GET", f"{orders}{{order_paid}}/invoice", None, "oat")
    yield ask("customer_portal:orders:receipt", "GET", f"{portal}/orders/{{order_paid}}/receipt")
    yield ask("orders:receipt", "GET", f"{orders}{{order_paid}}/receipt", None, "oat")
    yield ask("customer_portal:orders:get_payment_status", "GET", f"{portal}/orders/{{order_dunning}}/payment-status")
    paying = {"confirmation_token_id": "ctoken_declined", "payment_processor": "stripe"}
    path = f"{portal}/orders/{{order_dunning}}/confirm-payment"
    yield ask("customer_portal:orders:confirm_retry_payment", "POST", path, paying)
    wanted = {"customer_id": ids["customer:main"], "product_id": ids["product:credits"], "units": 7}
    yield ask(
        "orders:create", "POST", orders, {**wanted, "metadata": {"a": 1.5}, "custom_field_data": {"b": None}}, "oat"
    )
    yield ask("orders:finalize", "POST", f"{orders}{{order_draft}}/finalize", None, "oat")
    yield ask("customer_portal:customers:get", "GET", f"{portal}/customers/me")
    yield ask("customer_portal:customers:update", "PATCH", f"{portal}/customers/me", {"billing_name": "J"})
    yield ask("customer_portal:customer-session:introspect", "GET", f"{portal}/customer-session/introspect")
    yield ask("customer_portal:customer-session:get_authenticated_user", "GET", f"{portal}/customer-session/user")
    yield ask(
        "customer-sessions:create", "POST", "/v1/customer-sessions/", {"customer_id": ids["customer:main"]}, "oat"
    )
    yield ask("webhooks:create_webhook_endpoint", "POST", hooks, HOOK, "oat")
    yield ask("webhooks:list_webhook_endpoints", "GET", hooks, None, "oat")
    yield ask("webhooks:get_webhook_endpoint", "GET", f"{hooks}/{{endpoint_app}}", None, "oat")
    yield ask("webhooks:update_webhook_endpoint", "PATCH", f"{hooks}/{{endpoint_app}}", {"name": "New"}, "oat")
    yield ask("webhooks:reset_webhook_endpoint_secret", "PATCH", f"{hooks}/{{endpoint_app}}/secret", None, "oat")
    api.in_world("POST", "/settle")
    found = ask("webhooks:list_webhook_deliveries", "GET", "/v1/webhooks/deliveries?limit=100", None, "oat")
    yield found
    event = found[1].json["items"][0]["webhook_event"]["id"]
    yield ask("webhooks:redeliver_webhook_event", "POST", f"/v1/webhooks/events/{event}/redeliver", None, "oat")
    yield ask("webhooks:delete_webhook_endpoint", "DELETE", f"{hooks}/{{endpoint_chat}}", None, "oat")


@pytest.mark.parametrize("revision", REVISIONS)
def test_then_every_response_fits_the_document(server: MockServer, revision: str) -> None:
    contract = load_contract(revision)
    schemas, operations = ResponseSchemas(contract.effective), Operations(contract.published, contract.effective).by_id
    violations, seen = [], set()

    for operation_id, answer in exchanges(world_of(server, {**RICH, "revision": revision})):
        seen.add(operation_id)
        found = violations_of(schemas, operations[operation_id], answer)
        violations += [f"{operation_id}: {problem}" for problem in found]

    assert violations == []
    assert seen == set(operations)


def violations_of(schemas: ResponseSchemas, operation: Operation, answer: Any) -> list[str]:
    status, place = answer.status_code, (operation.path, operation.method)
    if not 200 <= status < 300 or status not in operation.statuses:
        return [f"{status} {answer.text[:200]}"]
    if not schemas.media_types(*place, status):
        return [f"{status} has a body: {answer.text[:200]}"] if answer.data else []
    return schemas.violations(*place, status, "application/json", answer.json)
