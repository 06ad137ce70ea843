"""What a channel is told: the words of a message for Discord or Slack, and what it names. Pure.

Source: observed on the service, April 2026. How amounts are written around their digits is left open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contract_tests.findings import Problem
from contract_tests.webhooks.receiving import Delivery
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object

FORMATS = "A channel gets the event in its own form"
NAMED = "A channel is told what happened to which order"
NEW, REFUNDED = "New Order", "Order Refunded"
_KEYS = {"discord": {"content", "embeds"}, "slack": {"text", "blocks"}}
_SLACK_FACT = re.compile(r"\*(?P<name>[^*]+)\*\n(?P<value>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Message:
    """`facts` are the values by their names, as in `Product`."""

    title: str
    sentence: str
    facts: Mapping[str, str]


def message_problems(
    delivery: Delivery, form: str, *, title: str, order: JsonObject, organization: str
) -> Iterator[Problem]:
    """Everything that is wrong with a message about this order of the organization of this name."""
    event = delivery.event()
    if set(event) != _KEYS[form]:
        yield FORMATS, f"the keys {sorted(_KEYS[form])}", f"{sorted(event)}"
        return
    message = _of_discord(event) if form == "discord" else _of_slack(event)
    if message.title != title:
        yield NAMED, title, message.title
    if organization not in message.sentence:
        yield NAMED, f"a sentence that names {organization}", message.sentence
    for name, wanted in _facts(order, title).items():
        value = message.facts.get(name, "")
        if not re.search(rf"(?<![\w.,]){re.escape(wanted)}(?!\w)", value):
            yield NAMED, f"{name}: {wanted}", f"{name}: {value or 'nothing'}"


def _facts(order: JsonObject, title: str) -> dict[str, str]:
    """What both titles name, and what only one of them does."""
    common = {
        "Product": str(as_object(order.get("product")).get("name")),
        "Customer": str(as_object(order.get("customer")).get("email")),
    }
    if title == NEW:
        return {**common, "Amount": _written(order.get("net_amount"))}
    is_over = {"Fully Refunded": "Yes"} if order.get("status") == "refunded" else {}
    return {**common, "Refunded": _written(order.get("refunded_amount")), **is_over}


def _written(amount: JsonValue) -> str:
    return f"{amount / 100:,.2f}" if isinstance(amount, int) else str(amount)


def _of_discord(event: JsonObject) -> _Message:
    embed = _first(event.get("embeds"))
    fields = map(as_object, as_list(embed.get("fields")))
    facts = {str(field.get("name")): str(field.get("value")) for field in fields}
    return _Message(str(event.get("content")), str(embed.get("description")), facts)


def _of_slack(event: JsonObject) -> _Message:
    block = _first(event.get("blocks"))
    texts = [str(as_object(field).get("text")) for field in as_list(block.get("fields"))]
    facts = {found["name"]: found["value"] for found in map(_SLACK_FACT.fullmatch, texts) if found}
    return _Message(str(event.get("text")), str(as_object(block.get("text")).get("text")), facts)


def _first(value: JsonValue) -> JsonObject:
    return next(map(as_object, as_list(value)), {})
