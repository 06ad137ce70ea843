"""Deliveries that are lost, duplicated, changed or signed wrongly on their way to the receiver."""

from __future__ import annotations

import time
import uuid

from mutants.operators import Json, Mutant
from mutants.proxy import Request
from mutants.webhook_proxy import Hook, between, event_changed, headers_changed, signed


def _out_of_order(hook: Hook, request: Request) -> list[Request]:
    """The first of two deliveries waits until the second was sent."""
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
    return [signed(hook, Request("POST", request.path, old, request.body), request.body)]


def _never_again(hook: Hook, request: Request) -> list[Request]:
    """Each event id is sent only once: failed deliveries are not repeated, and redeliveries are not sent."""
    known = {one.headers["webhook-id"] for one in hook.held}
    hook.held.append(request)
    return [] if request.headers["webhook-id"] in known else [request]


def _without_refund(event: Json) -> Json:
    if event["type"] != "order.refunded" or event["data"]["status"] == "refunded":
        return event
    return {**event, "data": {**event["data"], "refunded_amount": 0}}


WEBHOOKS: list[Mutant] = [
    Mutant("unsigned", "webhook", between(headers_changed(webhook_signature=None))),
    Mutant(
        "signed with another secret",
        "webhook",
        between(lambda hook, one: [signed(hook, one, one.body, secret="polar_whs_other")]),
    ),
    Mutant(
        "signed with the secret's end",
        "webhook",
        between(lambda hook, one: [signed(hook, one, one.body, secret=hook.secret[10:])]),
    ),
    Mutant("signed for another body", "webhook", between(_tampered)),
    Mutant("no webhook-id", "webhook", between(headers_changed(webhook_id=None))),
    Mutant("an old timestamp", "webhook", between(_late)),
    Mutant("another content type", "webhook", between(headers_changed(content_type="text/plain"))),
    Mutant("every third event is lost", "webhook", between(lambda hook, one: [] if hook.sent % 3 == 0 else [one])),
    Mutant("no event arrives", "webhook", between(lambda hook, one: [])),
    Mutant("events come twice", "webhook", between(lambda hook, one: [one, one])),
    Mutant(
        "events come twice under two ids",
        "webhook",
        between(lambda hook, one: [one, signed(hook, one, one.body, event_id=str(uuid.uuid4()))]),
    ),
    Mutant("events come out of order", "webhook", between(_out_of_order)),
    Mutant(
        "each attempt has an id of its own",
        "webhook",
        between(lambda hook, one: [signed(hook, one, one.body, event_id=str(uuid.uuid4()))]),
    ),
    Mutant("nothing is sent again", "webhook", between(_never_again)),
    Mutant("another type", "webhook", between(event_changed(lambda event: {**event, "type": "order.changed"}))),
    Mutant("the order is missing", "webhook", between(event_changed(lambda event: {**event, "data": {}}))),
    Mutant(
        "the order without billing name",
        "webhook",
        between(event_changed(lambda event: {**event, "data": {**event["data"], "billing_name": None}})),
    ),
    Mutant(
        "another order",
        "webhook",
        between(event_changed(lambda event: {**event, "data": {**event["data"], "id": str(uuid.UUID(int=4))}})),
    ),
    Mutant("a refund in part without its amount", "webhook", between(event_changed(_without_refund))),
    Mutant(
        "an unsigned time",
        "webhook",
        between(event_changed(lambda event: {**event, "timestamp": event["timestamp"].removesuffix("Z")})),
    ),
]
