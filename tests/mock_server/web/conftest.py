"""A whole server in this process with a controllable clock, and a small client for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.test import Client

from mock_server.assembly import MockServer, Settings, assemble
from mock_server.delivery.addresses import WebhookAddress
from mock_server.delivery.sending import Receipt
from mock_server.domain.cancellation import Cancellation
from tests.mock_server.factories import NOW

UNKNOWN_ID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
# An empty body with its length: the test client sends none.
EMPTY = {"CONTENT_LENGTH": "0"}


@dataclass
class Api:
    """Sends requests to one server; `world` is the response that created the world of the test."""

    server: MockServer
    world: dict[str, Any] = field(default_factory=dict)

    def send(self, method: str, path: str, *, token: str | None = None, body: Any = None, **more: Any) -> Any:
        headers = dict(more.pop("headers", {}))
        if token is not None:
            headers["Authorization"] = f"Bearer {self.world['tokens'].get(token, token)}"
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            more.setdefault("content_type", "application/json")
        return Client(self.server.app).open(path, method=method, headers=headers, data=body, **more)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.send(method, f"/_mock{path}", body=body)
        assert answer.status_code < 300, answer.text
        return answer.json if answer.data else None

    def in_world(self, method: str, path: str, body: Any = None) -> Any:
        return self.control(method, f"/worlds/{self.world['id']}{path}", body)

    def order(self, key: str) -> str:
        return f"/v1/customer-portal/orders/{self.world['ids']['order:' + key]}"

    def org_order(self, key: str) -> str:
        return f"/v1/orders/{self.world['ids']['order:' + key]}"

    def events(self, event_type: str = "order.updated") -> list[dict[str, Any]]:
        items = self.in_world("GET", "/deliveries")["items"]
        return [item for item in items if item["type"] == event_type]

    def invoices_made(self, ran: list[dict[str, Any]]) -> list[str]:
        """The orders whose invoices were made, from a clock or settle response."""
        return [job["order_id"] for job in ran if job["kind"] == "generate_invoice"]

    def download(self, key: str, token: str = "customer") -> Any:
        url = self.send("GET", f"{self.order(key)}/invoice", token=token).json["url"]
        return self.send("GET", url.removeprefix("http://localhost"))


def world_of(server: MockServer, document: Mapping[str, Any]) -> Api:
    """A new world of this document on the server."""
    api = Api(server)
    api.world = api.control("POST", "/worlds", document)
    return api


def problems_of(api: Api, method: str, path: str, body: Any) -> dict[str, str]:
    answer = api.send(method, f"/_mock/worlds/{api.world['id']}{path}", body=body)
    assert answer.status_code == 422, answer.text
    return {problem["path"]: problem["message"] for problem in answer.json["problems"]}


def nobody_listens(
    address: WebhookAddress, headers: Mapping[str, str], body: bytes, cancellation: Cancellation
) -> Receipt:
    """The result of a sender whose receiver is down."""
    return Receipt(None, "The receiver could not be reached.")


@contextmanager
def without_its_worlds(server: MockServer) -> Iterator[MockServer]:
    """A server that several tests share, because wiring it takes longer than a test; afterwards it has no world, as at first."""
    yield server
    for world in server.services.worlds.all():
        server.services.worlds.remove(world.id)


@pytest.fixture(scope="session")
def shared_server() -> MockServer:
    return assemble(Settings(), wall=lambda: NOW, send=nobody_listens)


@pytest.fixture
def server(shared_server: MockServer) -> Iterator[MockServer]:
    with without_its_worlds(shared_server) as server:
        yield server


ACME: dict[str, Any] = {
    "organization": {"slug": "acme", "name": "Acme Inc.", "invoice_prefix": "ACME"},
    "products": {
        "pro": {"name": "Pro Plan", "price_amount": 1000},
        "club": {"name": "Monthly Club", "price_amount": 2000, "recurring_interval": "month"},
    },
    "customers": {
        "main": {
            "email": "jane@example.com",
            "name": "Jane Doe",
            "external_id": "ext-main",
            "billing_address": {"country": "US", "state": "US-NY", "city": "New York"},
        },
        "other": {"email": "bob@example.com", "name": "Bob Roe"},
    },
    "tokens": {
        "customer": {"kind": "customer_session", "customer": "main"},
        "other": {"kind": "customer_session", "customer": "other"},
        "expired": {"kind": "customer_session", "customer": "main", "expires_in_seconds": -1},
        "read_only": {"kind": "customer_session", "customer": "main", "scopes": ["customer_portal:read"]},
        "oat": {"kind": "organization_access_token"},
        "oat_read": {"kind": "organization_access_token", "scopes": ["orders:read"]},
        "oat_write": {"kind": "organization_access_token", "scopes": ["orders:write"]},
    },
    "orders": {
        "paid": {"customer": "main", "product": "pro", "status": "paid"},
        "unpaid": {"customer": "main", "product": "pro", "status": "pending", "billing_name": None},
        "no_name": {"customer": "main", "product": "pro", "status": "paid", "billing_name": None},
        "foreign": {"customer": "other", "product": "pro", "status": "paid"},
    },
    "webhook_endpoints": {
        "app": {"url": "http://127.0.0.1:3000/hook", "events": ["order.created", "order.updated", "order.paid"]}
    },
    "invoices": {"generation": "delayed", "delay_seconds": 3},
}

TEAM: dict[str, Any] = {
    "organization": {"slug": "beta", "name": "Beta Corp", "member_model": True},
    "products": {"kit": {"name": "Kit", "price_amount": 1500}},
    "customers": {
        "team": {
            "email": "team@example.com",
            "name": "Team",
            "external_id": "ext-team",
            "members": {
                "owner": {"role": "owner", "email": "olive@example.com", "name": "Olive"},
                "billing": {"role": "billing_manager", "email": "bill@example.com", "name": "Bill"},
                "plain": {"role": "member", "email": "max@example.com", "name": "Max", "external_id": "ext-max"},
            },
        },
        "group": {"email": "group@example.com", "name": "Group", "type": "team"},
        "single": {"email": "sam@example.com", "name": "Sam"},
    },
    "tokens": {
        "owner": {"kind": "member_session", "customer": "team", "member": "owner"},
        "billing": {"kind": "member_session", "customer": "team", "member": "billing"},
        "plain": {"kind": "member_session", "customer": "team", "member": "plain"},
        "oat": {"kind": "organization_access_token"},
    },
    "orders": {"paid": {"customer": "team", "product": "kit", "status": "paid"}},
}


@pytest.fixture
def api(server: MockServer) -> Api:
    """The world of one customer's orders in every relevant state."""
    return world_of(server, ACME)


@pytest.fixture
def team(server: MockServer) -> Api:
    """The world of an organization whose customers have members."""
    return world_of(server, TEAM)


# After the day from which new secrets sign as Standard Webhooks does.
LATER = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def shared_later_server() -> MockServer:
    return assemble(Settings(), wall=lambda: LATER, send=nobody_listens)


@pytest.fixture
def later_server(shared_later_server: MockServer) -> Iterator[MockServer]:
    """A server whose clock is in November 2026."""
    with without_its_worlds(shared_later_server) as server:
        yield server


def world_in(server: MockServer, revision: str, **more: Any) -> Api:
    """A world of this revision with a paid order, and no webhook endpoint."""
    orders = {"paid": {"customer": "main", "product": "pro"}}
    return world_of(server, {**ACME, "orders": orders, "webhook_endpoints": {}, "revision": revision, **more})


@pytest.fixture
def today(later_server: MockServer) -> Api:
    return world_in(later_server, "2026-10")
