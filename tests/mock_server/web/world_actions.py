"""What can happen to a world, by name, and all that a caller can read of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tests.mock_server.web.conftest import Api

ORDER = {"customer": "main", "product": "pro"}

PAID = {"status": "paid"}
REFUNDED = {"status": "partially_refunded", "refunded_amount": 400}
Action = Callable[[Api], Any]
# Each may be refused, as others came before it: whatever it does, it has to be undone.
ACTIONS: Mapping[str, Action] = {
    "add an order": lambda api: call(api, "POST", "/orders", {"key": "new", **ORDER}),
    "add another order": lambda api: call(api, "POST", "/orders", {"key": "newer", **ORDER, "status": "pending"}),
    "mark an order paid": lambda api: call(api, "PATCH", f"/orders/{api.world['ids']['order:unpaid']}", PAID),
    "refund an order": lambda api: call(api, "PATCH", f"/orders/{api.world['ids']['order:paid']}", REFUNDED),
    "request an invoice": lambda api: api.send("POST", f"{api.order('paid')}/invoice", token="customer"),
    "change a billing name": lambda api: api.send(
        "PATCH", api.order("paid"), token="customer", body={"billing_name": "Other"}
    ),
    "add a customer": lambda api: call(api, "POST", "/customers", {"key": "nia", "email": "nia@example.com"}),
    "add a product": lambda api: call(api, "POST", "/products", {"key": "big"}),
    "add a token": lambda api: call(api, "POST", "/tokens", {"key": "t", "kind": "organization_access_token"}),
    "revoke a token": lambda api: call(api, "DELETE", "/tokens/oat_write"),
    "open a session": lambda api: api.send(
        "POST", "/v1/customer-sessions/", token="oat", body={"customer_id": api.world["ids"]["customer:main"]}
    ),
    "advance the clock": lambda api: call(api, "PATCH", "/clock", {"advance_seconds": 5000}),
    "hold the clock": lambda api: call(api, "PATCH", "/clock", {"mode": "held"}),
    "release the clock": lambda api: call(api, "PATCH", "/clock", {"mode": "wall", "advance_seconds": 1}),
    "settle": lambda api: call(api, "POST", "/settle"),
    "limit requests": lambda api: call(api, "PATCH", "", {"rate_limits": {"requests": 2}}),
    "step invoices": lambda api: call(api, "PATCH", "", {"invoices": {"generation": "stepped"}}),
    "disable the endpoint": lambda api: call(api, "PATCH", "", {"webhook_endpoints": {"app": {"enabled": False}}}),
    "keep few events": lambda api: call(api, "PATCH", "", {"webhooks": {"kept_events": 1}}),
    "double webhooks": lambda api: call(api, "POST", "/faults", {"set": "webhooks-twice"}),
    "lose an invoice": lambda api: call(api, "POST", "/faults", {"invoices": "lost", "times": 1}),
    "send an event": lambda api: call(api, "POST", "/events", {"type": "order.updated", "order": "paid"}),
    "hold a webhook back": lambda api: call(api, "POST", "/faults", {"webhooks": "reordered"}),
    "reset": lambda api: call(api, "POST", "/reset"),
}


def call(api: Api, method: str, path: str, body: Any = None) -> Any:
    return api.send(method, f"/_mock/worlds/{api.world['id']}{path}", body=body)


def seen(api: Api) -> dict[str, Any]:
    """All that a caller can read of the world, and what a rate limit counts."""
    world = api.server.services.worlds.get(api.world["id"])
    waiting = [replace(job, id="") for job in world.state.jobs.waiting()]
    valid = [token for token in world.tables.credentials if api.server.services.worlds.by_token(token) is world]
    return {
        "windows": dict(world.windows),
        "runs jobs": not world.has_ended,
        "document": api.in_world("GET", ""),
        "faults": api.in_world("GET", "/faults"),
        "clock": api.in_world("GET", "/clock"),
        "deliveries": api.in_world("GET", "/deliveries"),
        "jobs": waiting,
        "tokens": valid,
        "names": dict(world.ids),
        # By the tables, as a rate limit would count the request.
        "orders": [world.tables.orders[id_] for id_ in world.tables.order_index.everyone],
        "counts": dict(world.tables.order_index.invoice_counts),
    }
