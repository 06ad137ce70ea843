"""Messages to Discord and Slack channels: the service's wording, in each channel's format.

Source of wording and formats: observed on the service and polar's webhooks, April 2026.
"""

from __future__ import annotations

from dataclasses import dataclass

from mock_server.domain.money import write_money
from mock_server.domain.orders import Order, OrderStatus
from mock_server.domain.webhooks import OrderEvent
from mock_server.views.orders import OrderSources
from polar_contract.json_types import JsonObject, JsonValue

_BRAND = "Polar.sh"
_POWERED_BY = f"Powered by {_BRAND}"
_COLOUR = 25343
_ASSETS = "https://raw.githubusercontent.com/polarsource/polar"
_ICON_URL = f"{_ASSETS}/2648cf7472b5128704a097cd1eb3ae5f1dd847e5/docs/docs/assets/favicon.png"
_LOGO_URL = f"{_ASSETS}/4fd899222e200ca70982f437039f549b7a822ecc/clients/apps/web/public/email-logo-dark.png"


@dataclass(frozen=True, slots=True)
class ChannelMessage:
    """`facts` are names and values, in the order in which they are shown; a value may be missing."""

    text: str
    description: str
    facts: tuple[tuple[str, str | None], ...]


def order_message(event_type: OrderEvent, sources: OrderSources) -> ChannelMessage:
    """Created, updated and paid share one message; a refund has its own."""
    organization = sources.organization.name
    if event_type is OrderEvent.REFUNDED:
        return ChannelMessage("Order Refunded", f"Order refunded for {organization}.", _facts_of_refund(sources))
    return ChannelMessage("New Order", f"New order has been made to {organization}.", _facts_of_order(sources))


def plain_message(event_type: str, object_id: str, organization: str) -> ChannelMessage:
    """The message of an event without wording of its own."""
    return ChannelMessage(event_type, event_type, (("Object", object_id), ("Organization", organization)))


def discord_shape(message: ChannelMessage) -> JsonObject:
    facts: list[JsonValue] = [{"name": name, "value": value} for name, value in message.facts]
    embed: JsonObject = {
        "color": _COLOUR,
        "author": {"name": _BRAND, "icon_url": _ICON_URL},
        "thumbnail": {"url": _LOGO_URL},
        "footer": {"text": _POWERED_BY},
        "title": message.text,
        "description": message.description,
        "fields": facts,
    }
    return {"content": message.text, "embeds": [embed]}


def slack_shape(message: ChannelMessage) -> JsonObject:
    facts: list[JsonValue] = [{"type": "mrkdwn", "text": f"*{name}*\n{value}"} for name, value in message.facts]
    return {
        "text": message.text,
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": message.description}, "fields": facts},
            {
                "type": "context",
                "elements": [
                    {"type": "image", "image_url": _ICON_URL, "alt_text": _BRAND},
                    {"type": "mrkdwn", "text": _POWERED_BY},
                ],
            },
        ],
    }


def _facts_of_order(sources: OrderSources) -> tuple[tuple[str, str | None], ...]:
    order = sources.order
    return (
        ("Product", order.description),
        ("Amount", write_money(order.amounts.net_cents, order.currency)),
        ("Customer", sources.customer.email),
        *_fact_of_subscription(order),
    )


def _facts_of_refund(sources: OrderSources) -> tuple[tuple[str, str | None], ...]:
    order = sources.order
    is_over = order.status is OrderStatus.REFUNDED
    return (
        ("Product", order.description),
        ("Refunded", write_money(order.amounts.refunded_cents, order.currency)),
        ("Customer", sources.customer.email),
        *_fact_of_subscription(order),
        *((("Fully Refunded", "Yes"),) if is_over else ()),
    )


def _fact_of_subscription(order: Order) -> tuple[tuple[str, str], ...]:
    return (("Subscription", "Yes"),) if order.subscription_id else ()
