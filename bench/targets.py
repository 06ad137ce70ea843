"""The measured targets: the mock and the trivial application, each a server with the same two requests."""

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
from mock_server.documents.scenarios import load_scenario
from polar_contract.json_types import JsonObject, JsonValue

MOCK: Sequence[str] = ("mock_server", "serve", "--exit-with-stdin")
_TRIVIAL: Sequence[str] = ("bench.trivial",)
_ORDERS = "/v1/customer-portal/orders"


@dataclass(frozen=True, slots=True)
class Target:
    server: Server
    requests: dict[str, Request]
    """By the operation's short name: `POST invoice`, `GET order`."""


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
def mock_target() -> Iterator[Target]:
    with serving("mock", MOCK) as server:
        world = create_world(server.port)
        yield Target(server, requests_for(world.ids["order:paid"], world.tokens["customer"]))


@contextmanager
def trivial_target(order: bytes) -> Iterator[Target]:
    with serving("trivial", _TRIVIAL, stdin=order) as server:
        yield Target(server, requests_for(str(json.loads(order)["id"]), TOKEN))


def order_of(target: Target) -> bytes:
    """The target's answer to `GET order`."""
    return fetch_body(target.server.port, target.requests["GET order"])


def requests_for(order_id: str, token: str) -> dict[str, Request]:
    return {
        "POST invoice": Request("POST", f"{_ORDERS}/{order_id}/invoice", token, 202),
        "GET order": Request("GET", f"{_ORDERS}/{order_id}", token, 200),
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
    order_id = "00000000-0000-4000-8000-000000000000"
    with started("trivial", _TRIVIAL, stdin=json.dumps({"id": order_id}).encode()) as server:
        yield server, requests_for(order_id, TOKEN)["POST invoice"]


def create_world(port: int, document: JsonObject | None = None) -> MockWorld:
    """A world made from its document, or the demo without one."""
    made = cast("dict[str, JsonValue]", json.loads(call_control(port, "POST", "/_mock/worlds", document or {})))
    return MockWorld(str(made["id"]), cast("dict[str, str]", made["ids"]), cast("dict[str, str]", made["tokens"]))


def delete_world(port: int, world_id: str) -> None:
    call_control(port, "DELETE", f"/_mock/worlds/{world_id}", None)


def call_control(port: int, method: str, path: str, body: JsonObject | None) -> bytes:
    """Call the control API. Errors: http.client.HTTPException if the answer is not a success."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        sent = None if body is None else json.dumps(body)
        connection.request(method, path, sent, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise http.client.HTTPException(f"{method} {path} gave {answer.status}: {content[:200]!r}")
        return content
    finally:
        connection.close()
