"""Add faults to a world, and make the calls that they strike."""

from __future__ import annotations

from typing import Any

from tests.mock_server.web.conftest import Api

GENERATE, GET = "customer_portal:orders:generate_invoice", "customer_portal:orders:get"
BROKEN = {"status": 500, "body": "Internal Server Error"}


def add(api: Api, **rule: Any) -> str:
    """The id of a new fault, or of the first of a set. `from_` stands for `from`."""
    made = api.in_world("POST", "/faults", {name.rstrip("_"): value for name, value in rule.items()})
    return str(made["items"][0]["id"] if "set" in rule else made["id"])


def statuses(api: Api, calls: int, path: str, method: str = "GET", token: str = "customer") -> list[int]:
    return [api.send(method, path, token=token).status_code for _ in range(calls)]
