"""Valid requests to start from: one of every operation of the contract, and the control API's calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import cast
from urllib.parse import quote

from bench.hostile.drafts import Draft
from bench.hostile.values import sample
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object
from polar_contract.operations import operation_nodes


@dataclass(frozen=True, slots=True)
class World:
    """The ids and tokens of a world that requests need to be valid."""

    id: str
    orders: Sequence[str]
    customers: Sequence[str]
    endpoints: Sequence[str]
    tokens: Mapping[str, str]
    """By their names in the world's document."""

    @classmethod
    def of(cls, world_id: str, ids: dict[str, str], tokens: dict[str, str]) -> World:
        def kind(prefix: str) -> list[str]:
            return [id_ for name, id_ in ids.items() if name.startswith(f"{prefix}:")]

        return cls(world_id, kind("order"), kind("customer"), kind("endpoint"), tokens)


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    template: str
    parameters: Sequence[JsonObject]
    body: JsonValue
    """The schema of its body, or None."""


def read_operations(document: JsonObject) -> list[Operation]:
    """`document`: the contract with its references resolved."""
    return [_operation(method.upper(), template, node) for template, method, node in operation_nodes(document)]


def _operation(method: str, template: str, node: JsonObject) -> Operation:
    content = as_object(as_object(node.get("requestBody")).get("content"))
    parameters = [as_object(parameter) for parameter in as_list(node.get("parameters"))]
    return Operation(method, template, parameters, as_object(content.get("application/json")).get("schema"))


def api_request(operation: Operation, world: World, rng: Random) -> Draft:
    """The operation as a caller of the world would call it; occasionally with a token of another kind."""
    ids = world.endpoints if "endpoints" in operation.template else world.orders
    path = operation.template.replace("{id}", rng.choice(ids or world.orders))
    query = _query(operation, rng)
    draft = Draft(operation.method.encode(), (path + query).encode(), _headers(_token(operation, world, rng)))
    return draft if operation.body is None else draft.with_document(_document(operation.body, world, rng))


def _query(operation: Operation, rng: Random) -> str:
    pairs = [
        f"{parameter['name']}={quote(str(sample(parameter.get('schema'), rng)))}"
        for parameter in operation.parameters
        if parameter["in"] == "query" and rng.random() < 0.3
    ]
    return "?" + "&".join(pairs) if pairs else ""


def _token(operation: Operation, world: World, rng: Random) -> str:
    fitting = "customer" if "customer-portal" in operation.template else "organization"
    return world.tokens[fitting if rng.random() < 0.85 else rng.choice(list(world.tokens))]


def _headers(token: str) -> tuple[tuple[bytes, bytes], ...]:
    return ((b"Host", b"127.0.0.1"), (b"Connection", b"close"), (b"Authorization", b"Bearer " + token.encode()))


def _document(schema: JsonValue, world: World, rng: Random) -> JsonValue:
    document = sample(schema, rng)
    if isinstance(document, dict) and "customer_id" in document and rng.random() < 0.8:
        return {**document, "customer_id": rng.choice(world.customers)}
    return document


def control_request(world: World, rng: Random) -> Draft:
    """A call of the control API, for this world where the call concerns a world."""
    here = f"/_mock/worlds/{world.id}"
    billing = cast(JsonObject, {"line1": "1 Rue", "city": "Paris", "postal_code": "75001", "country": "FR"})
    calls: list[tuple[str, str, JsonValue]] = [
        ("GET", "/_mock/health", None),
        ("GET", "/_mock/worlds", None),
        ("POST", "/_mock/worlds", {}),
        ("POST", "/_mock/worlds", {"scenario": rng.choice(["demo", "members", "../demo", "none"])}),
        ("POST", "/_mock/worlds", world_document()),
        ("POST", "/_mock/worlds", world_document()),
        ("POST", "/_mock/worlds", world_document()),
        ("GET", here, None),
        ("DELETE", f"/_mock/worlds/{rng.getrandbits(64):x}", None),
        ("POST", f"{here}/reset", None),
        ("POST", f"{here}/settle", None),
        ("GET", f"{here}/deliveries", None),
        ("GET", f"{here}/clock", None),
        ("PATCH", f"{here}/clock", {"mode": "held", "advance_seconds": 5, "set": "2026-05-01T10:00:00Z"}),
        ("PATCH", f"{here}/clock", {"mode": "wall"}),
        ("POST", f"{here}/orders", {**order_document(), "key": f"made-{rng.getrandbits(32):x}"}),
        ("PATCH", f"{here}/orders/{rng.choice(world.orders)}", {"status": rng.choice(["paid", "refunded", "void"])}),
        ("PATCH", f"{here}/orders/{rng.choice(world.orders)}", {"refunded_amount": rng.choice([1, 400, 1000])}),
        ("PATCH", here, {"invoices": {"delay_seconds": 1}, "rate_limits": None, "sessions": {"lifetime_seconds": 600}}),
        ("POST", f"{here}/customers", {"key": f"made-{rng.getrandbits(32):x}", "tax_id": ["1", "us_ein"]}),
        ("POST", f"{here}/products", {"key": f"made-{rng.getrandbits(32):x}", "metadata": {"tier": "gold"}}),
        ("POST", f"{here}/tokens", {"key": f"made-{rng.getrandbits(32):x}", "kind": "organization_access_token"}),
        ("DELETE", f"{here}/tokens/made-{rng.getrandbits(32):x}", None),
        ("POST", "/_mock/worlds", {"extends": "demo", "orders": {"more": order_document(), "void": None}}),
        ("PATCH", f"{here}/orders/{rng.choice(world.orders)}", {"billing_name": "Max", "billing_address": billing}),
    ]
    method, target, document = rng.choice(calls)
    draft = Draft(method.encode(), target.encode(), _headers("none")[:2])
    return draft if document is None else draft.with_document(document)


def order_document() -> JsonObject:
    return {
        "customer": "main", "product": "pro", "status": "paid", "subtotal_amount": 1000, "discount_amount": 10,
        "tax_amount": 89, "refunded_amount": 0, "refunded_tax_amount": 0, "billing_reason": "purchase",
        "created_at": "2026-04-01T10:00:00Z", "billing_name": "Jane Doe", "currency": "usd", "seats": None,
        "billing_address": {"country": "US", "state": "US-NY"}, "metadata": {"campaign": "spring"},
        "items": [{"label": "Pro Plan", "amount": 1100, "tax_amount": 89}, {"amount": -100, "proration": True}],
        "discount": {"name": "Launch", "basis_points": 100}, "custom_field_data": {"size": "M", "gift": None},
    }  # fmt: skip


def world_document() -> JsonObject:
    """A small world that uses every part of a document."""
    owner: JsonObject = {"role": "owner", "email": "jane@example.com", "name": "Jane"}
    return {
        "organization": {"slug": "acme", "name": "Acme Inc.", "invoice_prefix": "ACME", "member_model": True},
        "products": {"pro": {"name": "Pro Plan", "price_amount": 1000, "benefits": ["Support"]}},
        "customers": {
            "main": {"email": "jane@example.com", "billing_address": {"country": "FR"}, "members": {"owner": owner}},
        },
        "tokens": {
            "customer": {"kind": "customer_session", "customer": "main", "expires_in_seconds": 60},
            "member": {"kind": "member_session", "customer": "main", "member": "owner"},
            "organization": {"kind": "organization_access_token", "scopes": ["orders:read"]},
        },
        "orders": {"paid": order_document(), "unpaid": {"customer": "main", "product": "pro", "status": "pending"}},
        "subscriptions": {"monthly": {"customer": "main", "product": "pro", "status": "active"}},
        "webhook_endpoints": {"app": {"url": "https://receiver.invalid/hooks", "events": ["order.updated"]}},
        "invoices": {"generation": "delayed", "delay_seconds": 3, "reissue": "as-documented"},
    }
