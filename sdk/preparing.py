"""Prepare the mock for a client program: two worlds, and the webhooks of an order's whole life, really sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
import yaml

from sdk.receiving import receiving

_DOCUMENTS = Path(__file__).parent / "documents"
_EVENTS = ["order.created", "order.updated", "order.paid", "order.refunded"]
_TIMEOUT_SECONDS = 30.0


class CannotPrepare(Exception):
    """The worlds could not be made: the server is no mock, or does not answer."""


@contextmanager
def prepared(base_url: str) -> Iterator[dict[str, Any]]:
    """The data for a client program: two worlds, and the webhooks of an order's life in one of them. The receiver of
    that world's webhooks listens while the block runs. Errors: CannotPrepare."""
    with receiving() as receiver:
        try:
            shop = _make_world(base_url, "shop", webhook_endpoints={"app": {"url": receiver.url, "events": _EVENTS}})
            team = _make_world(base_url, "team")
            shop["ids"]["order:sold"] = _live_an_orders_life(base_url, shop["id"])
        except requests.RequestException as problem:
            raise CannotPrepare(f"no world could be made at {base_url}: {problem}") from problem
        yield {
            "base_url": base_url,
            "deliveries": list(receiver.got),
            "shop": _for_program(shop),
            "team": _for_program(team),
        }


def _make_world(base_url: str, name: str, **more: Any) -> dict[str, Any]:
    document = yaml.safe_load((_DOCUMENTS / f"{name}.yaml").read_text())
    return _control(base_url, "POST", "/worlds", {**document, **more})


def _live_an_orders_life(base_url: str, world_id: str) -> str:
    """Make, pay, invoice and refund an order; every event has been sent when its id is returned."""
    world = f"/worlds/{world_id}"
    order = {"key": "sold", "customer": "other", "product": "pro", "status": "pending"}
    order_id = str(_control(base_url, "POST", f"{world}/orders", order)["id"])
    for status in ("paid", "refunded"):
        _control(base_url, "PATCH", f"{world}/orders/{order_id}", {"status": status})
    _control(base_url, "POST", f"{world}/settle")
    return order_id


def _for_program(world: dict[str, Any]) -> dict[str, Any]:
    return {name: world[name] for name in ("ids", "tokens", "webhook_secrets")}


def _control(base_url: str, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = requests.request(method, f"{base_url}/_mock{path}", json=body, timeout=_TIMEOUT_SECONDS)
    answer.raise_for_status()
    result: dict[str, Any] = answer.json()
    return result
