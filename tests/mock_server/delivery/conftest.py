"""A world with one webhook endpoint, and helpers for its events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from mock_server.assembly import MockServer, Settings, assemble
from mock_server.delivery.sending import Receipt, Sender
from tests.mock_server.delivery.receivers import ScriptedReceiver
from tests.mock_server.factories import NOW
from tests.mock_server.web.conftest import ACME, Api, nobody_listens, without_its_worlds

SECRET = "polar_whs_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"

ServedWith = Callable[[Sender], Api]


def a_world(api: Api, url: str = "http://127.0.0.1:3000/hook", **endpoint: Any) -> Api:
    hook = {"url": url, "events": ["order.updated", "order.paid"], "secret": SECRET, **endpoint}
    api.world = api.control("POST", "/worlds", {**ACME, "webhook_endpoints": {"app": hook}})
    return api


@pytest.fixture
def receiver() -> ScriptedReceiver:
    return ScriptedReceiver()


@dataclass
class Line:
    """The sender of a server that several tests share: hands every request to the receiver of the test that runs."""

    receiver: Sender = nobody_listens

    def __call__(self, *sent: Any, **more: Any) -> Receipt:
        return self.receiver(*sent, **more)


@pytest.fixture(scope="session")
def shared_line() -> Line:
    return Line()


@pytest.fixture(scope="session")
def server_on_line(shared_line: Line) -> MockServer:
    return assemble(Settings(), wall=lambda: NOW, send=shared_line)


@pytest.fixture
def served_with(server_on_line: MockServer, shared_line: Line) -> Iterator[ServedWith]:
    """A server without worlds that sends its webhooks with this sender."""

    def make(send: Sender) -> Api:
        shared_line.receiver = send
        return Api(server_on_line)

    with without_its_worlds(server_on_line):
        yield make


@pytest.fixture
def api(receiver: ScriptedReceiver, served_with: ServedWith) -> Api:
    return a_world(served_with(receiver))


def patch(api: Api, name: str = "New Name") -> None:
    assert api.send("PATCH", api.order("paid"), token="customer", body={"billing_name": name}).status_code == 200


def event_of(api: Api) -> Any:
    (event,) = api.in_world("GET", "/deliveries")["items"]
    return event


def endpoint_of(api: Api) -> Any:
    return api.send("GET", f"/v1/webhooks/endpoints/{api.world['ids']['endpoint:app']}", token="oat").json
