"""Webhook endpoints with another secret, address, format or organization than configured."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from urllib.parse import urlsplit

from mutants.operators import Json, Mutant, as_caller, asked, compact, mutant, parsed
from mutants.proxy import Answer, Forward, Layer, Request, send
from mutants.webhook_proxy import Api, Hook, between, signed
from mutants.world_tracker import Memory

_ENDPOINTS, _DELIVERIES = "/v1/webhooks/endpoints", "/v1/webhooks/deliveries"
_REDELIVERY = re.compile(r"/v1/webhooks/events/([^/]+)/redeliver")


def _secret_ignored(method: str) -> Layer:
    """A secret that the caller sets is ignored; another one is generated or kept."""

    def layer(request: Request, forward: Forward) -> Answer:
        sent = parsed(request.body)
        is_about_it = request.method == method and request.path.startswith(_ENDPOINTS)
        if not is_about_it or not isinstance(sent, dict) or not isinstance(sent.get("secret"), str):
            return forward(request)
        # An invalid secret is still refused.
        answer = forward(request)
        if answer.status not in (200, 201):
            return answer
        if method == "POST":
            rest = {name: value for name, value in sent.items() if name != "secret"}
            return forward(asked(request, method, request.path, rest))
        return forward(asked(request, "PATCH", f"{request.path}/secret"))

    return layer


def _hook_of(request: Request, hooks: Sequence[Hook]) -> Hook | None:
    return next((hook for hook in hooks if hook.endpoint_id and hook.endpoint_id in request.path), None)


def _only_shown(name: str, instead: Callable[[Json, Json], Json] | None = None) -> Api:
    """A changed field of an endpoint is shown as sent, but the old value stays in effect, or `instead(old, new)`."""
    shown: dict[str, Json] = {}

    def api(request: Request, forward: Forward, hooks: Sequence[Hook]) -> Answer:
        hook, sent = _hook_of(request, hooks), parsed(request.body)
        if hook is None:
            return forward(request)
        if request.method == "PATCH" and isinstance(sent, dict) and sent.get(name) is not None:
            shown[hook.endpoint_id] = sent[name]
            kept = {key: value for key, value in sent.items() if key != name}
            if instead is not None:
                kept[name] = instead(hook.wanted[name], sent[name])
            request = asked(request, "PATCH", request.path, kept)
        answer = forward(request)
        if answer.status != 200 or hook.endpoint_id not in shown:
            return answer
        return answer.but(body=compact({**parsed(answer.body), name: shown[hook.endpoint_id]}))

    return api


def _heard_elsewhere() -> Layer:
    """Events also go to endpoints of other organizations with the same subscriptions, signed with their secrets."""
    known: list[Hook] = []

    def api(request: Request, forward: Forward, hooks: Sequence[Hook]) -> Answer:
        known[:] = hooks[-12:]
        return forward(request)

    def passing(hook: Hook, request: Request) -> list[Request]:
        here = urlsplit(hook.url)
        for other in known:
            there = urlsplit(other.url)
            if there.netloc != here.netloc and there.path == here.path:
                _send_quietly(other, signed(other, request, request.body))
        return [request]

    return between(passing, api=api)()


def _send_quietly(hook: Hook, request: Request) -> None:
    """Receivers of deleted worlds don't answer."""
    parts = urlsplit(hook.url)
    with suppress(OSError):
        send(f"http://{parts.netloc}", Request("POST", parts.path, request.headers, request.body))


def _listed_elsewhere() -> Layer:
    """A list of all deliveries also contains those of earlier organizations."""
    memory = Memory()

    def layer(request: Request, forward: Forward) -> Answer:
        answer = memory.forwarded(request, forward)
        place, _, query = request.path.partition("?")
        if request.method != "GET" or place != _DELIVERIES or answer.status != 200 or query != "limit=100":
            return answer
        told = parsed(answer.body)
        for token in _others(memory, request):
            told["items"] += parsed(forward(as_caller(request, token)).body).get("items", [])
        count = len(told["items"])
        return answer.but(body=compact({**told, "pagination": {"total_count": count, "max_page": min(1, count)}}))

    return layer


def _others(memory: Memory, request: Request) -> list[str]:
    """The tokens of the newest organizations, except the caller's."""
    tokens = [world.tokens.get("organization") for world in memory.worlds[-3:]]
    return [token for token in tokens if token and token != request.token]


def _redelivered_elsewhere() -> Layer:
    """Any caller who knows an event's id can have it redelivered."""
    memory = Memory()

    def layer(request: Request, forward: Forward) -> Answer:
        answer = memory.forwarded(request, forward)
        if not _REDELIVERY.fullmatch(request.path) or answer.status != 404:
            return answer
        others = [forward(as_caller(request, token)) for token in _others(memory, request)]
        return next((other for other in others if other.status == 202), answer)

    return layer


def _last_words(is_meant: Callable[[Request, Hook], bool]) -> Callable[[], Layer]:
    """The last delivery reaches an endpoint once more when it is disabled, or when a redelivery is requested while it is disabled."""

    def api(request: Request, forward: Forward, hooks: Sequence[Hook]) -> Answer:
        answer, sent = forward(request), parsed(request.body)
        hook = _hook_of(request, hooks)
        if hook is not None and request.method == "PATCH" and isinstance(sent, dict) and "enabled" in sent:
            hook.is_off = sent["enabled"] is False
        for one in hooks:
            if one.is_off and one.held and answer.status < 300 and is_meant(request, one):
                _send_quietly(one, one.held[-1])
        return answer

    def passing(hook: Hook, request: Request) -> list[Request]:
        hook.held[:] = [request]
        return [request]

    return between(passing, api=api)


def _retried_when_off(request: Request, hook: Hook) -> bool:
    return request.method == "PATCH" and hook.endpoint_id in request.path and hook.answered >= 300


def _redelivered_when_off(request: Request, hook: Hook) -> bool:
    found = _REDELIVERY.fullmatch(request.path)
    return found is not None and found[1] == hook.held[-1].headers["webhook-id"]


ENDPOINTS: list[Mutant] = [
    mutant("webhook", "a new endpoint's own secret is ignored", _secret_ignored("POST")),
    mutant("webhook", "a secret that was chosen later is ignored", _secret_ignored("PATCH")),
    Mutant("a changed URL changes nothing", "webhook", between(api=_only_shown("url"))),
    Mutant("a changed form changes nothing", "webhook", between(api=_only_shown("format"))),
    Mutant(
        "types that are not wanted any more go on",
        "webhook",
        between(api=_only_shown("events", lambda old, new: [*old, *new])),
    ),
    Mutant("events are heard by another organization", "webhook", _heard_elsewhere),
    Mutant("deliveries of another organization are listed", "webhook", _listed_elsewhere),
    Mutant("another organization's events are redelivered", "webhook", _redelivered_elsewhere),
    Mutant("a retry reaches an endpoint that is off", "webhook", _last_words(_retried_when_off)),
    Mutant("a redelivery reaches an endpoint that is off", "webhook", _last_words(_redelivered_when_off)),
]
