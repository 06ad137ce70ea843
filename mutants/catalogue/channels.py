"""Messages for Discord and Slack that are empty or wrong."""

from __future__ import annotations

from collections.abc import Callable

from mutants.operators import Json, Mutant, compact, parsed
from mutants.proxy import Request
from mutants.webhook_proxy import Hook, Passing, between, signed


def _message(change: Callable[[Json], Json]) -> Passing:
    """Changes messages and signs them validly; events in the raw format stay unchanged."""

    def passing(hook: Hook, request: Request) -> list[Request]:
        body = parsed(request.body)
        return [request] if "data" in body else [signed(hook, request, compact(change(body)))]

    return passing


def _with_embed(**parts: Json) -> Callable[[Json], Json]:
    def change(message: Json) -> Json:
        if "embeds" not in message:
            return message
        return {**message, "embeds": [{**message["embeds"][0], **parts}]}

    return change


def _with_block(**parts: Json) -> Callable[[Json], Json]:
    def change(message: Json) -> Json:
        if "blocks" not in message:
            return message
        return {**message, "blocks": [{**message["blocks"][0], **parts}, *message["blocks"][1:]]}

    return change


def _facts(change: Callable[[str, str], str | None]) -> Callable[[Json], Json]:
    """Defects that change or remove each fact, in both message formats."""

    def changed(message: Json) -> Json:
        if "embeds" in message:
            told = [(one["name"], one["value"]) for one in message["embeds"][0]["fields"]]
            fields = [{"name": name, "value": change(name, value)} for name, value in told if change(name, value)]
            return _with_embed(fields=fields)(message)
        told = [one["text"].removeprefix("*").split("*\n") for one in message["blocks"][0]["fields"]]
        texts = [f"*{name}*\n{change(name, value)}" for name, value in told if change(name, value)]
        return _with_block(fields=[{"type": "mrkdwn", "text": text} for text in texts])(message)

    return changed


def _fact(name: str, wrong: Callable[[str], str | None]) -> Callable[[Json], Json]:
    return _facts(lambda one, value: wrong(value) if one == name else value)


def _title(title: str) -> Callable[[Json], Json]:
    return lambda message: {name: title if name in ("content", "text") else part for name, part in message.items()}


def _elsewhere(text: str) -> Callable[[Json], Json]:
    """A message about another organization."""
    block = _with_block(text={"type": "mrkdwn", "text": text})
    return lambda message: block(_with_embed(description=text)(message))


def _without_part(name: str) -> Callable[[Json], Json]:
    def change(message: Json) -> Json:
        if "embeds" not in message:
            return message
        embed = {key: value for key, value in message["embeds"][0].items() if key != name}
        return {**message, "embeds": [embed]}

    return change


def _closing(change: Callable[[list[Json]], list[Json]]) -> Callable[[Json], Json]:
    """Changes the last block of a Slack message, or removes it when nothing is left in it."""

    def changed(message: Json) -> Json:
        if "blocks" not in message:
            return message
        *others, last = message["blocks"]
        elements = change(last["elements"])
        return {**message, "blocks": [*others, {**last, "elements": elements}] if elements else others}

    return changed


def _told(name: str, change: Callable[[Json], Json]) -> Mutant:
    return Mutant(name, "webhook", between(_message(change)))


CHANNELS: list[Mutant] = [
    _told("a message without words", _title("")),
    _told("a refund is told as a new order", _title("New Order")),
    _told("a message for Discord tells nothing", _with_embed(fields=[])),
    _told("a message for Slack tells nothing", _with_block(fields=[])),
    _told("a message for Discord has no embed", lambda one: {**one, "embeds": []} if "embeds" in one else one),
    _told("a message of another organization", _elsewhere("New order has been made to Another Inc..")),
    _told("a message of another product", _fact("Product", lambda _: "Road Atlas")),
    _told("a message of another customer", _fact("Customer", lambda _: "eve@example.com")),
    _told("a message of another amount", _fact("Amount", lambda value: f"1{value}")),
    _told("a message with the amount in cents", _fact("Amount", lambda value: value.replace(".", ""))),
    _told("a message with the amount in another form", _fact("Amount", lambda value: f"{value.lstrip('$')} USD")),
    _told("a refund of nothing is told", _fact("Refunded", lambda _: "$0.00")),
    _told("a refund in another form", _fact("Refunded", lambda value: f"USD {value.lstrip('$')}")),
    _told("a whole refund is told as a part", _fact("Fully Refunded", lambda _: "No")),
    _told("a message for Discord in another colour", _with_embed(color=21972)),
    _told("a message for Discord without an author", _without_part("author")),
    _told("a message for Discord without a thumbnail", _without_part("thumbnail")),
    _told("a message for Discord under another name", _with_embed(footer={"text": "Polar.sh"})),
    _told("a message for Slack without a closing image", _closing(lambda elements: elements[1:])),
    _told("a message for Slack without a closing text", _closing(lambda elements: elements[:1])),
    _told("a message for Slack ends at once", _closing(lambda _: [])),
]
