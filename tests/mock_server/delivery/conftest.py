"""A world with one webhook endpoint, and helpers for its events."""

from __future__ import annotations

from typing import Any

import pytest

from mock_server.assembly import Settings, assemble
from tests.mock_server.delivery.receivers import ScriptedReceiver
from tests.mock_server.factories import NOW
from tests.mock_server.web.conftest import ACME, Api

SECRET = "polar_whs_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"


def a_world(api: Api, url: str = "http://127.0.0.1:3000/hook", **endpoint: Any) -> Api:
    hook = {"url": url, "events": ["order.updated", "order.paid"], "secret": SECRET, **endpoint}
    api.world = api.control("POST", "/worlds", {**ACME, "webhook_endpoints": {"app": hook}})
    return api


@pytest.fixture
def receiver() -> ScriptedReceiver:
    return ScriptedReceiver()


@pytest.fixture
def api(receiver: ScriptedReceiver) -> Api:
    return a_world(Api(assemble(Settings(), wall=lambda: NOW, send=receiver)))


def patch(api: Api, name: str = "New Name") -> None:
    assert api.send("PATCH", api.order("paid"), token="customer", body={"billing_name": name}).status_code == 200


def event_of(api: Api) -> Any:
    (event,) = api.in_world("GET", "/deliveries")["items"]
    return event


def endpoint_of(api: Api) -> Any:
    return api.send("GET", f"/v1/webhooks/endpoints/{api.world['ids']['endpoint:app']}", token="oat").json
