"""The measured targets: the mock, the trivial application and the floor, each a server with its requests."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

from bench.load import Request, fetch_body
from bench.processes import Server, serving, started
from bench.trivial import TOKEN
from mock_server.documents.scenarios import load_scenario, scenario_document, without_identity
from polar_contract.json_types import JsonObject, JsonValue

MOCK: Sequence[str] = ("mock_server", "serve", "--exit-with-stdin")
_TRIVIAL: Sequence[str] = ("bench.trivial",)
_FLOOR: Sequence[str] = ("bench.floor",)
ORDERS = "/v1/customer-portal/orders"
ORDER_OF_A_START = "00000000-0000-4000-8000-000000000000"
# Making a world of 100,000 orders takes some seconds, and on a busy machine many.
_CONTROL_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Target:
    server: Server
    requests: dict[str, Request]
    """By the operation's short name, such as `POST invoice`."""


@dataclass(frozen=True, slots=True)
class MockWorld:
    """A world of the mock, as the control API describes it."""

    id: str
    ids: dict[str, str]
    tokens: dict[str, str]


@contextmanager
def both_targets() -> Iterator[tuple[Target, Target]]:
    """The mock, and the trivial application with the mock's own answer as its order: both write the same JSON."""
    with mock_target() as mock, trivial_target(order_of(mock)) as trivial:
        yield mock, trivial


@contextmanager
def all_targets() -> Iterator[tuple[Target, Target, Target]]:
    """The mock with more of its operations, the trivial application, and the floor."""
    with both_targets() as (mock, trivial), serving("floor", _FLOOR) as server:
        more = Target(mock.server, {**mock.requests, **more_requests(mock.requests["POST invoice"])})
        yield more, trivial, Target(server, {"POST invoice": requests_for("any", TOKEN)["POST invoice"]})


@contextmanager
def mock_target() -> Iterator[Target]:
    """The demo's orders, one with an issued invoice. Without endpoints, because deliveries are measured in bench.webhooks."""
    with serving("mock", MOCK) as server:
        document = without_identity(scenario_document("demo"))
        world = create_world(server.port, {**document, "webhook_endpoints": {}})
        requests = requests_for(world.ids["order:paid"], world.tokens["customer"])
        fetch_body(server.port, requests["POST invoice"])
        call_control(server.port, "POST", f"/_mock/worlds/{world.id}/settle", {})
        yield Target(server, requests)


@contextmanager
def trivial_target(order: bytes) -> Iterator[Target]:
    with serving("trivial", _TRIVIAL, stdin=order) as server:
        yield Target(server, requests_for(str(json.loads(order)["id"]), TOKEN))


def order_of(target: Target) -> bytes:
    """The target's answer to `GET order`."""
    return fetch_body(target.server.port, target.requests["GET order"])


def requests_for(order_id: str, token: str) -> dict[str, Request]:
    return {
        "POST invoice": Request("POST", f"{ORDERS}/{order_id}/invoice", token, 202),
        "GET order": Request("GET", f"{ORDERS}/{order_id}", token, 200),
        "list of 10": Request("GET", f"{ORDERS}/?limit=10", token, 200),
    }


def more_requests(post: Request) -> dict[str, Request]:
    """Operations that the trivial application does not have, for the order whose invoice `post` requests."""
    invoice, token = post.path, post.token
    order = invoice.removesuffix("/invoice")
    return {
        "422, an id that is none": Request("GET", f"{ORDERS}/none", token, 422),
        "401, an unknown token": Request("GET", order, f"{token[:-1]}-", 401),
        "PATCH": Request("PATCH", order, token, 200, b'{"billing_name": "Jane Doe"}'),
        "GET invoice": Request("GET", invoice, token, 200),
    }


@contextmanager
def starting_mock() -> Iterator[tuple[Server, Request]]:
    """The mock, just spawned, and `POST invoice` for its initial world, whose ids are always the same."""
    demo = load_scenario("demo")
    request = requests_for(str(demo.orders["paid"].id), str(demo.tokens["customer"].token))["POST invoice"]
    with started("mock", MOCK) as server:
        yield server, request


@contextmanager
def starting_trivial() -> Iterator[tuple[Server, Request]]:
    """The trivial application, just spawned, with an order that has only an id."""
    order = json.dumps({"id": ORDER_OF_A_START}).encode()
    with started("trivial", _TRIVIAL, stdin=order) as server:
        yield server, requests_for(ORDER_OF_A_START, TOKEN)["POST invoice"]


def create_world(port: int, document: JsonObject | bytes | None = None) -> MockWorld:
    """A world made from its document, or the demo without one."""
    made = cast("dict[str, JsonValue]", json.loads(call_control(port, "POST", "/_mock/worlds", document or {})))
    return MockWorld(str(made["id"]), cast("dict[str, str]", made["ids"]), cast("dict[str, str]", made["tokens"]))


def delete_world(port: int, world_id: str) -> None:
    call_control(port, "DELETE", f"/_mock/worlds/{world_id}", None)


def call_control(
    port: int, method: str, path: str, body: JsonObject | bytes | None, *, timeout: float = _CONTROL_SECONDS
) -> bytes:
    """Call the control API with a body, as an object or as its JSON. Errors: http.client.HTTPException if the answer is not a success."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        sent = json.dumps(body).encode() if isinstance(body, dict) else body
        connection.request(method, path, sent, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise http.client.HTTPException(f"{method} {path} gave {answer.status}: {content[:200]!r}")
        return content
    finally:
        connection.close()
