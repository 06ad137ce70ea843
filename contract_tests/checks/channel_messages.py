"""Checks the messages for Discord and Slack: their format, their text and the values in it. Pure.

Source: observed on the service, April 2026. For rare currencies only the digits of an amount are checked, not its symbol.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contract_tests.checks.findings import Problem
from contract_tests.checks.money import written
from contract_tests.checks.rules import Rule
from contract_tests.transport.deliveries import Delivery
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object

NEW, REFUNDED = "New Order", "Order Refunded"
_KEYS = {"discord": {"content", "embeds"}, "slack": {"text", "blocks"}}
_POWERED_BY = "Powered by Polar.sh"
_STYLE: Mapping[str, JsonObject] = {
    "discord": {"color": 25343, "footer": _POWERED_BY, "author": True, "thumbnail": True},
    "slack": {"closing": ["image", "mrkdwn"], "text": _POWERED_BY},
}
_SLACK_FACT = re.compile(r"\*(?P<name>[^*]+)\*\n(?P<value>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Message:
    """A parsed message. `facts` are values by name, as in `Product`; `style` are the parts that every message has."""

    title: str
    sentence: str
    facts: Mapping[str, str]
    style: JsonObject


def message_problems(
    delivery: Delivery, form: str, *, title: str, order: JsonObject, organization: str
) -> Iterator[Problem]:
    """Everything that is wrong with a message about this order; `organization` is the organization's name."""
    event = delivery.event()
    if set(event) != _KEYS[form]:
        yield Rule.CHANNEL_FORMAT, f"the keys {sorted(_KEYS[form])}", f"{sorted(event)}"
        return
    message = _of_discord(event) if form == "discord" else _of_slack(event)
    if message.title != title:
        yield Rule.CHANNEL_TEXT, title, message.title
    if organization not in message.sentence:
        yield Rule.CHANNEL_TEXT, f"a sentence that contains {organization}", message.sentence
    if message.style != _STYLE[form]:
        yield Rule.CHANNEL_STYLE, f"{_STYLE[form]}", f"{message.style}"
    yield from _of_facts(message, title, order)


def _of_facts(message: _Message, title: str, order: JsonObject) -> Iterator[Problem]:
    for name, (wanted, form) in _facts(order, title).items():
        value = message.facts.get(name, "")
        if not re.search(form, value):
            yield Rule.CHANNEL_TEXT, f"{name}: {wanted}", f"{name}: {value or '(absent)'}"
    is_full = title == REFUNDED and order.get("status") == "refunded"
    if (message.facts.get("Fully Refunded") == "Yes") is not is_full:
        yield Rule.CHANNEL_TEXT, f"Fully Refunded: {'Yes' if is_full else '(absent)'}", f"{dict(message.facts)}"


def _facts(order: JsonObject, title: str) -> dict[str, tuple[str, str]]:
    """The values in a message with this title, by name: the text, and a pattern for it."""
    product = as_object(order.get("product")).get("name") or order.get("description")
    money = ("Amount", "net_amount") if title == NEW else ("Refunded", "refunded_amount")
    return {
        "Product": _contained(str(product)),
        "Customer": _contained(str(as_object(order.get("customer")).get("email"))),
        money[0]: _of_money(order.get(money[1]), order.get("currency")),
    }


def _contained(text: str) -> tuple[str, str]:
    return text, rf"(?<![\w.,]){re.escape(text)}(?!\w)"


def _of_money(amount: JsonValue, currency: JsonValue) -> tuple[str, str]:
    """The full text of the amount in common currencies; in others the digits, with two decimal places."""
    text = written(amount, currency)
    if text is None:
        return _contained(f"{amount / 100:,.2f}" if isinstance(amount, int) else str(amount))
    return text, rf"\A{re.escape(text)}\Z"


def _of_discord(event: JsonObject) -> _Message:
    embed = _first(event.get("embeds"))
    fields = map(as_object, as_list(embed.get("fields")))
    facts = {str(field.get("name")): str(field.get("value")) for field in fields}
    style: JsonObject = {
        "color": embed.get("color"),
        "footer": as_object(embed.get("footer")).get("text"),
        "author": _has(embed, "author", "name") and _has(embed, "author", "icon_url"),
        "thumbnail": _has(embed, "thumbnail", "url"),
    }
    return _Message(str(event.get("content")), str(embed.get("description")), facts, style)


def _of_slack(event: JsonObject) -> _Message:
    block = _first(event.get("blocks"))
    texts = [str(as_object(field).get("text")) for field in as_list(block.get("fields"))]
    facts = {found["name"]: found["value"] for found in map(_SLACK_FACT.fullmatch, texts) if found}
    return _Message(str(event.get("text")), str(as_object(block.get("text")).get("text")), facts, _of_closing(event))


def _of_closing(event: JsonObject) -> JsonObject:
    """The last block of a Slack message: the types of its elements, and its text."""
    closing = as_object((as_list(event.get("blocks")) or [None])[-1])
    elements = [as_object(element) for element in as_list(closing.get("elements"))]
    texts = [element.get("text") for element in elements if element.get("type") != "image"]
    return {"closing": [element.get("type") for element in elements], "text": texts[0] if texts else None}


def _has(part: JsonObject, name: str, inner: str) -> bool:
    return bool(as_object(part.get(name)).get(inner))


def _first(value: JsonValue) -> JsonObject:
    return next(map(as_object, as_list(value)), {})
