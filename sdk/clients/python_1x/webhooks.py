"""Checks of endpoints and deliveries over the API, and the SDK's own verification of sent webhooks."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from standardwebhooks import Webhook

from sdk.clients.checking import UNKNOWN_ID, expect, expect_events, raised
from sdk.clients.python_1x.fixtures import Fixtures

HOOK: dict[str, Any] = {"url": "https://example.com/hook", "format": "raw", "events": ["order.updated", "order.paid"]}


def keeps_an_endpoint(fixtures: Fixtures) -> None:
    hooks = fixtures.organization.webhooks
    made = hooks.create_webhook_endpoint(**HOOK)
    expect((made.url, list(made.events), made.enabled), (HOOK["url"], HOOK["events"], True))
    expect(made.id in [hook.id for hook in hooks.list_webhook_endpoints(limit=100).items], True)
    renamed = hooks.update_webhook_endpoint(made.id, events=["order.created"])
    expect(list(renamed.events), ["order.created"])
    expect(hooks.get_webhook_endpoint(made.id).secret, made.secret)
    hooks.delete_webhook_endpoint(made.id)
    raised("ResourceNotFound", lambda: hooks.get_webhook_endpoint(made.id))


def lists_deliveries(fixtures: Fixtures) -> None:
    hooks = fixtures.organization.webhooks
    deliveries = hooks.list_webhook_deliveries(limit=100).items
    expect({delivery.http_code for delivery in deliveries}, {200})
    hooks.redeliver_webhook_event(deliveries[0].webhook_event.id)


def verifies(name: str) -> Callable[[Fixtures], None]:
    """The SDK's own verification of what the endpoint got."""

    def check(fixtures: Fixtures) -> None:
        secret, given = fixtures.given.shop.webhook_secrets[name], fixtures.given
        events = [fixtures.webhooks.validate_event(sent.body, sent.headers, secret) for sent in given.deliveries[name]]
        expect_events([(event.type, event.data.id) for event in events], given)

    return check


def refuses_forgeries(name: str) -> Callable[[Fixtures], None]:
    def check(fixtures: Fixtures) -> None:
        secret, sent = fixtures.given.shop.webhook_secrets[name], fixtures.given.deliveries[name][0]
        forgeries: tuple[Callable[[], Any], ...] = (
            lambda: fixtures.webhooks.validate_event(sent.body + " ", sent.headers, secret),
            lambda: fixtures.webhooks.validate_event(sent.body, sent.headers, f"{secret[:-6]}WRONG="),
            lambda: fixtures.webhooks.validate_event(sent.body, {**sent.headers, "webhook-id": UNKNOWN_ID}, secret),
        )
        for forgery in forgeries:
            raised("WebhookVerificationError | PolarWebhookVerificationError", forgery)

    return check


def verifies_as_standard_webhooks(name: str, key: Callable[[str], str]) -> Callable[[Fixtures], None]:
    """The stock library. `key`: what it has to be given for the endpoint's secret."""

    def check(fixtures: Fixtures) -> None:
        verifier = Webhook(key(fixtures.given.shop.webhook_secrets[name]))
        events = [verifier.verify(sent.body, sent.headers) for sent in fixtures.given.deliveries[name]]
        expect_events([(event["type"], event["data"]["id"]) for event in events], fixtures.given)

    return check


CHECKS: Mapping[str, Callable[[Fixtures], object]] = {
    "webhooks: an endpoint's life": keeps_an_endpoint,
    "webhooks: deliveries listed": lists_deliveries,
    "webhooks: deliveries verified": verifies("app"),
    "webhooks: forgeries refused": refuses_forgeries("app"),
    "webhooks: standardwebhooks": verifies_as_standard_webhooks(
        "app", lambda secret: base64.b64encode(secret.encode()).decode()
    ),
    "webhooks: deliveries verified, newer secret": verifies("standard"),
    "webhooks: forgeries refused, newer secret": refuses_forgeries("standard"),
    "webhooks: standardwebhooks, newer secret": verifies_as_standard_webhooks("standard", lambda secret: secret),
}
