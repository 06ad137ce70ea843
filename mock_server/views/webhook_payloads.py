"""What an event freezes and a delivery sends: the raw payload, or a message for Discord or Slack."""

from __future__ import annotations

from datetime import datetime

from mock_server.domain.orders import Order
from mock_server.domain.webhooks import OrderEvent, WebhookFormat
from mock_server.views.basics import compact, write_time
from mock_server.views.orders import OrderSources, organization_order_json
from polar_contract.json_types import JsonObject, JsonValue

_BRAND = "Polar.sh"
API_VERSION = "2026-04"


def payload_text(event_type: OrderEvent, sources: OrderSources, *, format_: WebhookFormat, raised_at: datetime) -> str:
    """The text that is signed and sent, byte for byte. Source of the forms: polar's webhooks, April 2026."""
    match format_:
        case WebhookFormat.RAW:
            shape = _raw(event_type, sources, raised_at)
        case WebhookFormat.DISCORD:
            shape = _discord(event_type, sources)
        case WebhookFormat.SLACK:
            shape = _slack(event_type, sources)
    return compact(shape).decode()


def _raw(event_type: OrderEvent, sources: OrderSources, raised_at: datetime) -> JsonObject:
    return {
        "type": event_type,
        "timestamp": write_time(raised_at),
        "data": organization_order_json(sources),
        **_ASKED_FOR_BY_SDKS,
    }


# By Python 1.0.
_ASKED_FOR_BY_SDKS: JsonObject = {"api_version": API_VERSION}


def _discord(event_type: OrderEvent, sources: OrderSources) -> JsonObject:
    title, sentence = _words(event_type, sources)
    fields: list[JsonValue] = [{"name": name, "value": value} for name, value in _facts(event_type, sources)]
    embed: JsonObject = {
        "title": title,
        "description": sentence,
        "color": 21972,
        "fields": fields,
        "footer": {"text": _BRAND},
    }
    return {"content": title, "embeds": [embed]}


def _slack(event_type: OrderEvent, sources: OrderSources) -> JsonObject:
    title, sentence = _words(event_type, sources)
    fields: list[JsonValue] = [
        {"type": "mrkdwn", "text": f"*{name}*\n{value}"} for name, value in _facts(event_type, sources)
    ]
    return {
        "text": title,
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": sentence}, "fields": fields},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": f"Powered by {_BRAND}"}]},
        ],
    }


def _words(event_type: OrderEvent, sources: OrderSources) -> tuple[str, str]:
    """Created, updated and paid share their words. Source: observed on the service."""
    name = sources.organization.name
    if event_type is OrderEvent.REFUNDED:
        return "Order Refunded", f"An order has been refunded on {name}."
    return "New Order", f"New order has been made to {name}."


def _facts(event_type: OrderEvent, sources: OrderSources) -> list[tuple[str, str]]:
    order = sources.order
    facts = [
        ("Product", order.description),
        ("Amount", _money(order, order.amounts.net_cents)),
        ("Customer", sources.customer.email or sources.customer.name or sources.customer.id),
    ]
    if sources.subscription is not None:
        facts.append(("Subscription", "Yes"))
    if event_type is OrderEvent.REFUNDED:
        facts.append(("Refunded", _money(order, order.amounts.refunded_cents)))
        facts.append(("Fully Refunded", "Yes" if order.status == "refunded" else "No"))
    return facts


def _money(order: Order, amount_cents: int) -> str:
    return f"{amount_cents / 100:.2f} {order.currency.upper()}"
