"""Prepare the mock for a client program: its worlds, and the webhooks of an order's whole life, really sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import requests
import yaml

from polar_contract import revisions
from polar_contract.loading import load_requests
from polar_contract.revisions import served_beside
from sdk.receiving import receiving
from sdk.releases import Target
from sdk.required_checks import REPORTED_BY_THE_RUNNER, checks_for

_DOCUMENTS = Path(__file__).parent / "documents"
_EVENTS = ["order.created", "order.updated", "order.paid", "order.refunded"]
_TIMEOUT_SECONDS = 30.0


class CannotPrepare(Exception):
    """The worlds could not be made: the server is no mock, or does not answer."""


@contextmanager
def prepared(base_url: str, target: Target) -> Iterator[dict[str, Any]]:
    """The data for a client program: its worlds, and the webhooks of an order's life in one of them. The receiver of
    that world's webhooks listens while the block runs. Errors: CannotPrepare."""
    with receiving() as receiver:
        try:
            shop = _make_world(base_url, target, *_shop(target), webhook_endpoints=_endpoints(target, receiver.url))
            team = _make_world(base_url, target, "team")
            retired = _make_retired_world(base_url, target)
            shop["ids"]["order:sold"] = _live_an_orders_life(base_url, shop["id"])
        except requests.RequestException as problem:
            raise CannotPrepare(f"no world could be made at {base_url}: {problem}") from problem
        yield {
            "base_url": base_url,
            "version": target.meeting.version,
            "checks": [name for name in checks_for(target) if name not in REPORTED_BY_THE_RUNNER],
            "deliveries": {name: receiver.got_at(f"/{name}") for name in shop["webhook_secrets"]},
            "shop": _for_program(shop),
            "team": _for_program(team),
            "retired": _for_program(retired) if retired is not None else None,
        }


def _shop(target: Target) -> tuple[str, ...]:
    """The files of the shop's document; what only later revisions have is in a file of its own."""
    has_drafts = "draft" in load_requests(target.meeting.revision).behaviour.order.statuses
    return ("shop", "shop_later") if has_drafts else ("shop",)


def _endpoints(target: Target, url: str) -> dict[str, Any]:
    """One endpoint for each form of secret that the service has, which is that of the day on which it was made; the SDK's
    module reads events of its own version."""
    asked_for = target.meeting.version
    version = {"api_version": asked_for} if asked_for in _versions(target) else {}
    since = load_requests(target.meeting.revision).behaviour.webhook.standard_signing_since
    if since is None:
        return {"app": {"url": f"{url}/app", "events": _EVENTS, **version}}
    made = {"app": since - timedelta(days=1), "standard": since}
    return {
        name: {"url": f"{url}/{name}", "events": _EVENTS, "created_at": created_at.isoformat(), **version}
        for name, created_at in made.items()
    }


def _versions(target: Target) -> tuple[str, ...]:
    return served_beside(target.meeting.revision, revisions())


def _make_world(base_url: str, target: Target, *files: str, **more: Any) -> dict[str, Any]:
    """A world of the target's revision. A section of a later file is added to that of the files before it."""
    document: dict[str, Any] = {"revision": target.meeting.revision, **more}
    for name in files:
        for section, entries in yaml.safe_load((_DOCUMENTS / f"{name}.yaml").read_text()).items():
            document[section] = {**document.get(section, {}), **entries}
    return _control(base_url, "POST", "/worlds", document)


def _make_retired_world(base_url: str, target: Target) -> dict[str, Any] | None:
    """A world of the time when the version that the SDK asks for is no longer served; None if it asks for none."""
    versions = _versions(target)
    if target.meeting.version is None or not versions:
        return None
    return _make_world(base_url, target, "shop", versions={"current": versions[-1], "served": [versions[-1]]})


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
    if answer.status_code == requests.codes.unprocessable:
        raise CannotPrepare(f"the mock at {base_url} refuses a world: {answer.text}")
    answer.raise_for_status()
    result: dict[str, Any] = answer.json()
    return result
