"""Deliveries that are lost, doubled, changed or signed wrongly on their way to the receiver."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from mutants.layers import Json, Mutant, asked, compact, parsed
from mutants.proxy import Answer, Forward, Layer, Request, send

_HOOK = re.compile(r"/_hook/(\d+)")
Passing = Callable[["Hook", Request], list[Request]]
"""What reaches the receiver instead of a delivery."""


@dataclass(slots=True)
class Hook:
    """One endpoint whose deliveries pass through the layer. `held` is for a defect that keeps something back."""

    url: str
    secret: str = ""
    held: list[Request] = field(default_factory=list)
    sent: int = 0


def _between(passing: Passing) -> Callable[[], Layer]:
    """The layer gives the mock its own address for each loopback receiver, and passes deliveries on as it likes."""

    def plant() -> Layer:
        hooks: list[Hook] = []

        def layer(request: Request, forward: Forward) -> Answer:
            found = _HOOK.fullmatch(request.path)
            if found:
                return _passed_on(hooks[int(found[1])], request, passing)
            if request.is_on("POST", "/_mock/worlds"):
                return _founded(request, forward, hooks)
            return forward(request)

        return layer

    return plant


def _founded(request: Request, forward: Forward, hooks: list[Hook]) -> Answer:
    document = parsed(request.body) or {}
    named: dict[str, Hook] = {}
    for name, endpoint in document.get("webhook_endpoints", {}).items():
        if urlsplit(endpoint["url"]).hostname == "127.0.0.1":
            named[name] = Hook(endpoint["url"])
            hooks.append(named[name])
            endpoint["url"] = f"http://{request.headers['host']}/_hook/{len(hooks) - 1}"
    answer = forward(asked(request, "POST", request.path, document))
    for name, secret in (parsed(answer.body) or {}).get("webhook_secrets", {}).items():
        if name in named:
            named[name].secret = secret
    return answer


def _passed_on(hook: Hook, request: Request, passing: Passing) -> Answer:
    hook.sent += 1
    answer = Answer(200, {}, b"ok")
    for one in passing(hook, request):
        parts = urlsplit(hook.url)
        answer = send(f"{parts.scheme}://{parts.netloc}", Request("POST", parts.path, one.headers, one.body))
    return answer


def _signed(
    hook: Hook, request: Request, body: bytes, *, event_id: str | None = None, secret: str | None = None
) -> Request:
    """The delivery with another body, signed well."""
    headers = {**request.headers, "content-length": str(len(body))}
    headers["webhook-id"] = event_id or headers["webhook-id"]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.new((secret or hook.secret).encode(), signed, hashlib.sha256).digest()
    headers["webhook-signature"] = "v1," + base64.b64encode(digest).decode()
    return Request("POST", request.path, headers, body)


def _changed(change: Callable[[Json], Json]) -> Passing:
    def passing(hook: Hook, request: Request) -> list[Request]:
        event = parsed(request.body)
        is_raw = isinstance(event, dict) and "data" in event
        return [_signed(hook, request, compact(change(event)))] if is_raw else [request]

    return passing


def _headers(**changes: str | None) -> Passing:
    def passing(hook: Hook, request: Request) -> list[Request]:
        named = {name.replace("_", "-"): value for name, value in changes.items()}
        kept = {name: value for name, value in request.headers.items() if name not in named}
        return [
            Request("POST", request.path, {**kept, **{n: v for n, v in named.items() if v is not None}}, request.body)
        ]

    return passing


def _out_of_order(hook: Hook, request: Request) -> list[Request]:
    """Each first of two waits for the second."""
    if not hook.held:
        hook.held.append(request)
        return []
    return [request, hook.held.pop()]


def _tampered(hook: Hook, request: Request) -> list[Request]:
    body = request.body.replace(b'"paid"', b'"open"')
    headers = {**request.headers, "content-length": str(len(body))}
    return [Request("POST", request.path, headers, body)]


def _late(hook: Hook, request: Request) -> list[Request]:
    old = {**request.headers, "webhook-timestamp": str(int(time.time()) - 3600)}
    return [_signed(hook, Request("POST", request.path, old, request.body), request.body)]


def _never_again(hook: Hook, request: Request) -> list[Request]:
    """Each id once: what failed is not sent again, what is redelivered neither."""
    known = {one.headers["webhook-id"] for one in hook.held}
    hook.held.append(request)
    return [] if request.headers["webhook-id"] in known else [request]


WEBHOOKS: list[Mutant] = [
    Mutant("unsigned", "webhook", _between(_headers(webhook_signature=None))),
    Mutant(
        "signed with another secret",
        "webhook",
        _between(lambda hook, one: [_signed(hook, one, one.body, secret="polar_whs_other")]),
    ),
    Mutant(
        "signed with the secret's end",
        "webhook",
        _between(lambda hook, one: [_signed(hook, one, one.body, secret=hook.secret[10:])]),
    ),
    Mutant("signed for another body", "webhook", _between(_tampered)),
    Mutant("no webhook-id", "webhook", _between(_headers(webhook_id=None))),
    Mutant("an old timestamp", "webhook", _between(_late)),
    Mutant("another content type", "webhook", _between(_headers(content_type="text/plain"))),
    Mutant("every third event is lost", "webhook", _between(lambda hook, one: [] if hook.sent % 3 == 0 else [one])),
    Mutant("no event arrives", "webhook", _between(lambda hook, one: [])),
    Mutant("events come twice", "webhook", _between(lambda hook, one: [one, one])),
    Mutant(
        "events come twice under two ids",
        "webhook",
        _between(lambda hook, one: [one, _signed(hook, one, one.body, event_id=str(uuid.uuid4()))]),
    ),
    Mutant("events come out of order", "webhook", _between(_out_of_order)),
    Mutant(
        "each attempt has an id of its own",
        "webhook",
        _between(lambda hook, one: [_signed(hook, one, one.body, event_id=str(uuid.uuid4()))]),
    ),
    Mutant("nothing is sent again", "webhook", _between(_never_again)),
    Mutant("another type", "webhook", _between(_changed(lambda event: {**event, "type": "order.changed"}))),
    Mutant("the order is missing", "webhook", _between(_changed(lambda event: {**event, "data": {}}))),
    Mutant(
        "the order without billing name",
        "webhook",
        _between(_changed(lambda event: {**event, "data": {**event["data"], "billing_name": None}})),
    ),
    Mutant(
        "another order",
        "webhook",
        _between(_changed(lambda event: {**event, "data": {**event["data"], "id": str(uuid.UUID(int=4))}})),
    ),
    Mutant(
        "an unsigned time",
        "webhook",
        _between(_changed(lambda event: {**event, "timestamp": event["timestamp"].removesuffix("Z")})),
    ),
]
