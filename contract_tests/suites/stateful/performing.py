"""Performs one step on one target: replaces names by ids and tokens, and names the objects it creates. Checks no answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from contract_tests.config.credentials import NOBODY, NONSENSE_TOKENS, placeholder
from contract_tests.model.steps import (
    PORTAL_INVOICE,
    Ask,
    DecideCharges,
    Download,
    MakeOrder,
    MoveOrder,
    PassTime,
    Settle,
    Step,
    order_document,
)
from contract_tests.targets.control_api import World
from contract_tests.transport.client import Client
from contract_tests.transport.exchanges import Exchange
from polar_contract.json_types import JsonValue, as_object

NAME = re.compile(r"\{([a-z_]+:[A-Za-z0-9_]+)\}")
_SPELLINGS: Mapping[str, Callable[[str], str]] = {
    "": str,
    "upper": str.upper,
    "nodash": lambda one: one.replace("-", ""),
}


@dataclass(frozen=True, slots=True)
class Bindings:
    """The ids and tokens for the names of a story on one target. Every step that creates an object adds to them.

    `world` is None on a live account, which never gets steps of the control API.
    """

    ids: dict[str, str]
    tokens: dict[str, str]
    world: World | None
    learn_secret: Callable[[str, str], None]

    def filled(self, value: JsonValue) -> JsonValue:
        """The value with names in braces replaced by ids; unknown names stay."""
        if isinstance(value, str):
            return NAME.sub(lambda found: self.ids.get(found.group(1), found.group()), value)
        if isinstance(value, list):
            return [self.filled(one) for one in value]
        if isinstance(value, dict):
            return {key: self.filled(one) for key, one in value.items()}
        return value

    def named(self, text: str) -> str:
        """The text with ids replaced by names in braces."""
        for name, one in self.ids.items():
            text = text.replace(one, f"{{{name}}}")
        return text

    def token(self, who: str) -> str | None:
        """The token of a caller; None for a request without a token. Errors: KeyError for an unknown caller."""
        return None if who == NOBODY else NONSENSE_TOKENS.get(who) or self.tokens[who]

    def object_id(self, on: str) -> str:
        """The id that a request puts into its path. Errors: KeyError for an unknown name."""
        if on.startswith("raw:"):
            return on.removeprefix("raw:")
        name, _, spelling = on.partition("|")
        return _SPELLINGS[spelling](self.ids[name])


def bindings_of(world: World) -> Bindings:
    """The bindings of a new world."""
    return Bindings(dict(world.ids), dict(world.tokens), world, world.control.learn_secret)


def perform(step: Step, client: Client, bindings: Bindings) -> Exchange | None:
    """Perform the step. Returns the exchange to check, or None for a step of the control API.

    Errors: NoAnswer; CannotRun when the control API refuses; RefusedToSend on a live account.
    """
    match step:
        case Ask():
            return _asked(step, client, bindings)
        case Download():
            return _downloaded(step, client, bindings)
        case _:
            _controlled(step, bindings)
            return None


def control_call(step: Step, bindings: Bindings) -> tuple[str, str, JsonValue]:
    """Method, path below the world and body of a step of the control API."""
    match step:
        case MakeOrder():
            return "POST", "/orders", order_document(step)
        case MoveOrder():
            return "PATCH", f"/orders/{bindings.ids[step.on]}", {"status": step.status}
        case PassTime():
            return "PATCH", "/clock", {"advance_seconds": step.seconds}
        case Settle():
            return "POST", "/settle", None
        case DecideCharges():
            return "PATCH", "", {"payments": {"off_session": step.outcome}}
        case _:
            raise TypeError(f"{step} is an API request, not a step of the control API")


def _asked(ask: Ask, client: Client, bindings: Bindings) -> Exchange:
    exchange = client.send(
        ask.operation,
        token=bindings.token(ask.who),
        object_id=bindings.object_id(ask.on) if ask.on else "",
        query={name: _texts(bindings, value) for name, value in ask.query.items()} or None,
        body=bindings.filled(ask.body),
    )
    if ask.names and exchange.status == 201:
        _learn(ask.names, exchange, bindings)
    return exchange


def _learn(name: str, exchange: Exchange, bindings: Bindings) -> None:
    try:
        made = as_object(exchange.json())
    except ValueError:
        return
    bindings.ids[name] = str(made.get("id"))
    for key in ("token", "secret"):
        if isinstance(made.get(key), str):
            bindings.learn_secret(str(made[key]), placeholder(name.replace(":", " ")))
    if isinstance(made.get("token"), str):
        bindings.tokens[name] = str(made["token"])


def _downloaded(step: Download, client: Client, bindings: Bindings) -> Exchange:
    issued = client.send(PORTAL_INVOICE, token=bindings.token(step.who), object_id=bindings.object_id(step.on))
    try:
        url = urlsplit(str(as_object(issued.json()).get("url")))
    except ValueError:
        return issued
    if f"{url.scheme}://{url.netloc}" != client.guarded.base_url:
        return issued
    return client.send_to("GET", f"{url.path}?{url.query}")


def _controlled(step: Step, bindings: Bindings) -> None:
    assert bindings.world is not None, "only a mock server has a control API"
    method, path, body = control_call(step, bindings)
    made = bindings.world.control.call(method, f"/_mock/worlds/{bindings.world.id}{path}", body)
    if isinstance(step, MakeOrder):
        bindings.ids[step.name] = str(as_object(made)["id"])


def _texts(bindings: Bindings, value: str | tuple[str, ...]) -> str | list[str]:
    return str(bindings.filled(value)) if isinstance(value, str) else [str(bindings.filled(one)) for one in value]
