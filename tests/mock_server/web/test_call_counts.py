"""What a request costs, counted in calls of our own functions: a guard that does not depend on the machine's speed.

The limits are a tenth above the counts of November 2026. Raise one if a change is worth its price.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

import mock_server
from mock_server.assembly import MockServer
from tests.mock_server.web.conftest import ACME, Api, world_of

_PACKAGE = str(Path(mock_server.__file__).parent)
_ORDER = "/v1/customer-portal/orders/{order:paid}"
_LISTS = {
    "a customer's list": ("GET", "/v1/customer-portal/orders/", "customer"),
    "the organization's list": ("GET", "/v1/orders/", "oat"),
    "a later page": ("GET", "/v1/orders/?page=2", "oat"),
}
_REQUESTS = {
    "POST invoice": ("POST", f"{_ORDER}/invoice", "customer"),
    "GET order": ("GET", _ORDER, "customer"),
    "an id that is none": ("GET", "/v1/customer-portal/orders/none", "customer"),
    "no token": ("GET", _ORDER, ""),
    "an unknown token": ("GET", _ORDER, "unknown"),
    "GET invoice": ("GET", f"{_ORDER}/invoice", "customer"),
    "PATCH that changes nothing": ("PATCH", _ORDER, "customer"),
    "PATCH": ("PATCH", _ORDER, "customer"),
    **_LISTS,
}
_MOST_CALLS = {
    "POST invoice": 71,
    "GET order": 66,
    "an id that is none": 59,
    "no token": 31,
    "an unknown token": 29,
    "GET invoice": 72,
    "PATCH that changes nothing": 115,
    "PATCH": 179,
    "a customer's list": 167,
    "the organization's list": 190,
    "a later page": 92,
}


@pytest.fixture
def world_with(server: MockServer) -> Callable[[int], Api]:
    """A world with this many more orders of the same customer, whose invoice is issued."""

    def make(more: int) -> Api:
        orders = {f"more{number}": {"customer": "main", "product": "pro"} for number in range(more)}
        api = world_of(server, {**ACME, "orders": {**ACME["orders"], **orders}, "webhook_endpoints": {}})
        api.send("POST", f"{api.order('paid')}/invoice", token="customer")
        api.in_world("POST", "/settle")
        return api

    return make


def calls_of(api: Api, name: str) -> int:
    """The calls of the mock's functions for a request, after two of the same kind."""
    method, path, token = _REQUESTS[name]
    for word, id_ in api.world["ids"].items():
        path = path.replace(f"{{{word}}}", id_)
    counted = 0

    def count(frame: FrameType, event: str, _: Any) -> None:
        nonlocal counted
        counted += event == "call" and frame.f_code.co_filename.startswith(_PACKAGE)

    for turn in range(3):
        headers = {"Authorization": f"Bearer {api.world['tokens'].get(token, token)}"} if token else {}
        billing_name = f"Jane {turn}" if name == "PATCH" else "Jane"
        body = json.dumps({"billing_name": billing_name}) if method == "PATCH" else ""
        environ = EnvironBuilder(
            path, method=method, headers=[*headers.items()], data=body, content_type="application/json"
        )
        counted, wsgi = 0, environ.get_environ()
        sys.setprofile(count)
        try:
            run_wsgi_app(api.server.app, wsgi)
        finally:
            sys.setprofile(None)
    return counted


@pytest.mark.parametrize("name", _REQUESTS)
def test_when_a_request_is_answered_then_it_takes_no_more_calls_than_are_allowed(
    world_with: Callable[[int], Api], name: str
) -> None:
    counted = calls_of(world_with(6), name)

    assert 0 < counted <= _MOST_CALLS[name], counted


@pytest.mark.parametrize("name", _REQUESTS)
def test_when_there_are_a_hundred_times_as_many_orders_then_it_takes_the_same_calls(
    world_with: Callable[[int], Api], name: str
) -> None:
    assert calls_of(world_with(20), name) == calls_of(world_with(2000), name)


@pytest.fixture
def world_with_waiting(server: MockServer) -> Callable[[int], Api]:
    """A world in which this many invoices, and as many webhooks, wait; each POST schedules one more."""

    def make(waiting: int) -> Api:
        orders = {f"more{number}": {"customer": "main", "product": "pro"} for number in range(waiting)}
        hook = {"url": "http://127.0.0.1:1/", "events": ["order.updated"]}
        document = {
            **ACME,
            "orders": {**orders, **ACME["orders"]},
            "webhook_endpoints": {"app": hook},
            "invoices": {"automatic": True, "delay_seconds": 3600, "reissue": "as-served"},
        }
        api = world_of(server, document)
        for _ in range(waiting):
            assert api.send("PATCH", api.order("paid"), token="customer", body={"billing_name": "J"}).status_code == 200
        return api

    return make


@pytest.mark.parametrize("name", ["POST invoice", "PATCH"])
def test_when_a_hundred_times_as_many_jobs_wait_then_it_takes_the_same_calls(
    world_with_waiting: Callable[[int], Api], name: str
) -> None:
    assert calls_of(world_with_waiting(10), name) == calls_of(world_with_waiting(1000), name)
