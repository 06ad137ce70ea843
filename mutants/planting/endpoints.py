"""Webhook endpoints that get events they should not get or miss some, wait for each other, or are disabled wrongly."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from threading import Condition
from urllib.parse import urlsplit

from mutants.planting.messages import JSON_TYPE, as_caller, asked, compact, parsed
from mutants.planting.objects import Json
from mutants.planting.selecting import When
from mutants.planting.worlds import Memory
from mutants.proxy import Answer, Forward, Layer, Request, send
from mutants.webhook_proxy import Hook, between, signed

_ENDPOINTS, _DELIVERIES = "/v1/webhooks/endpoints/", "/v1/webhooks/deliveries"
_ENDPOINT = re.compile(_ENDPOINTS + "[^/?]+")
_REDELIVERY = re.compile(r"/v1/webhooks/events/([^/]+)/redeliver")
_NOT_FOUND = Answer(404, JSON_TYPE, b'{"error":"ResourceNotFound","detail":"Not found"}')
_ALL_BEGIN_WITHIN_SECONDS = 0.3


def deleted_goes_on(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A deleted endpoint is not shown any more and still gets events."""

    def api(request: Request, forward: Forward, hooks: Sequence[Hook]) -> Answer:
        hook = _hook_of(request, hooks)
        if hook is not None and request.method == "DELETE":
            hook.is_off = True
            return Answer(204, {}, b"")
        return _NOT_FOUND if hook is not None and hook.is_off else forward(request)

    return between(api=api)()


def only_shown(name: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A changed part of an endpoint is shown as sent, and the old value stays in effect; with `both`, old and new."""
    shown: dict[str, Json] = {}

    def api(request: Request, forward: Forward, hooks: Sequence[Hook]) -> Answer:
        hook, sent = _hook_of(request, hooks), parsed(request.body)
        if hook is None:
            return forward(request)
        if request.method == "PATCH" and isinstance(sent, dict) and sent.get(name) is not None:
            shown[hook.endpoint_id] = sent[name]
            kept = {key: value for key, value in sent.items() if key != name}
            if data.get("both"):
                kept[name] = [*hook.wanted[name], *sent[name]]
            request = asked(request, "PATCH", request.path, kept)
        answer = forward(request)
        if answer.status != 200 or hook.endpoint_id not in shown:
            return answer
        return answer.but(body=compact({**parsed(answer.body), name: shown[hook.endpoint_id]}))

    return between(api=api)()


def seeded_with(values: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Endpoints are created with other values, and shown with those that the world's document has."""

    def api(request: Request, forward: Forward, hooks: Sequence[Hook]) -> Answer:
        answer, hook = forward(request), _hook_of(request, hooks)
        if hook is None or answer.status != 200:
            return answer
        shown = {name: hook.wanted[name] for name in ("events", "format") if name in hook.wanted}
        return answer.but(body=compact({**parsed(answer.body), **shown}))

    return between(api=api, world_seed=lambda one: {**one, **values})()


def announced(line: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Portal requests about one order that change nothing cause an event: method and status of the answer."""
    method, status = line

    def api(request: Request, forward: Forward, hooks: Sequence[Hook]) -> Answer:
        answer = forward(request)
        order, _, rest = request.path.removeprefix("/v1/customer-portal/orders/").partition("/")
        is_hit = request.method == method and answer.status == status and "/customer-portal/orders/" in request.path
        if is_hit and order and "?" not in order and rest in ("", "invoice"):
            forward(asked(request, "PATCH", f"/v1/customer-portal/orders/{order}", {}))
        return answer

    return between(api=api)()


def stays_off(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """An endpoint that was disabled once gets no events any more."""

    def api(request: Request, forward: Forward, hooks: Sequence[Hook]) -> Answer:
        hook, sent = _hook_of(request, hooks), parsed(request.body)
        if hook is not None and isinstance(sent, dict) and sent.get("enabled") is False:
            hook.is_off = True
        return forward(request)

    return between(lambda hook, request: [] if hook.is_off else [request], api=api)()


def never_off(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A disabled endpoint is enabled again when it is read."""

    def api(request: Request, forward: Forward, _: Sequence[Hook]) -> Answer:
        answer = forward(request)
        is_shown = request.method == "GET" and _ENDPOINT.fullmatch(request.path) and answer.status == 200
        if is_shown and parsed(answer.body)["enabled"] is False:
            return forward(asked(request, "PATCH", request.path, {"enabled": True}))
        return answer

    return between(api=api)()


def off_after(failed_events: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """An endpoint is disabled after so many events that were refused ten times, even if others succeeded in between."""
    tries: Counter[tuple[str, str]] = Counter()

    def passing(hook: Hook, request: Request) -> list[Request]:
        tries[hook.address, request.headers["webhook-id"]] += 1
        return [request]

    def api(request: Request, forward: Forward, hooks: Sequence[Hook]) -> Answer:
        shown = {one.address for one in hooks if one.endpoint_id and request.path.endswith(one.endpoint_id)}
        failed = sum(count >= 10 for (address, _), count in tries.items() if address in shown)
        if request.method == "GET" and failed >= failed_events:
            forward(asked(request, "PATCH", request.path, {"enabled": False}))
        return forward(request)

    return between(passing, api=api)()


def in_turn(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Deliveries to different endpoints wait for each other: that to the endpoint that was made first comes first."""
    passed, changed = between()(), Condition()
    waiting: set[int] = set()

    def layer(request: Request, forward: Forward) -> Answer:
        if not request.path.startswith("/_hook/"):
            return passed(request, forward)
        number = int(request.path.rpartition("/")[2])
        with changed:
            waiting.add(number)
        time.sleep(_ALL_BEGIN_WITHIN_SECONDS)
        with changed:
            changed.wait_for(lambda: min(waiting) == number)
        try:
            return passed(request, forward)
        finally:
            with changed:
                waiting.discard(number)
                changed.notify_all()

    return layer


def change_waits(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A change is answered after the deliveries that it triggered have ended; these do not wait for each other."""
    under_way, changed = Counter[str](), Condition()

    def api(request: Request, forward: Forward, hooks: Sequence[Hook]) -> Answer:
        answer = forward(request)
        if hooks and request.method == "PATCH" and answer.status == 200:
            time.sleep(_ALL_BEGIN_WITHIN_SECONDS)
            with changed:
                changed.wait_for(lambda: not under_way.total())
        return answer

    passed = between(api=api)()

    def layer(request: Request, forward: Forward) -> Answer:
        if not request.path.startswith("/_hook/"):
            return passed(request, forward)
        with changed:
            under_way[request.path] += 1
        try:
            return passed(request, forward)
        finally:
            with changed:
                under_way[request.path] -= 1
                changed.notify_all()

    return layer


def heard_elsewhere(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
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


def last_delivery_again(reason: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """The last delivery reaches an endpoint once more when it is disabled, or when a redelivery is requested while it is."""
    is_meant: Callable[[Request, Hook], bool] = _is_retried if reason == "disabled" else _is_redelivered

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

    return between(passing, api=api)()


def listed_elsewhere(query: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A list of all deliveries also contains those of earlier organizations."""
    memory = Memory()

    def layer(request: Request, forward: Forward) -> Answer:
        answer = memory.forwarded(request, forward)
        if request.method != "GET" or request.path != f"{_DELIVERIES}?{query}" or answer.status != 200:
            return answer
        sent = parsed(answer.body)
        for token in _others(memory, request):
            sent["items"] += parsed(forward(as_caller(request, token)).body).get("items", [])
        count = len(sent["items"])
        return answer.but(body=compact({**sent, "pagination": {"total_count": count, "max_page": min(1, count)}}))

    return layer


def redelivered_elsewhere(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Any caller who knows an event's id can have it redelivered."""
    memory = Memory()

    def layer(request: Request, forward: Forward) -> Answer:
        answer = memory.forwarded(request, forward)
        if not _REDELIVERY.fullmatch(request.path) or answer.status != 404:
            return answer
        others = [forward(as_caller(request, token)) for token in _others(memory, request)]
        return next((other for other in others if other.status == 202), answer)

    return layer


def secret_ignored(method: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A valid secret that the caller sets is ignored; another one is generated."""

    def layer(request: Request, forward: Forward) -> Answer:
        sent = parsed(request.body)
        is_about_it = request.method == method and request.path.startswith(_ENDPOINTS.removesuffix("/"))
        answer = forward(request)
        has_secret = is_about_it and isinstance(sent, dict) and isinstance(sent.get("secret"), str)
        if not has_secret or answer.status not in (200, 201):
            return answer
        if method == "POST":
            rest = {name: value for name, value in sent.items() if name != "secret"}
            return forward(asked(request, method, request.path, rest))
        return forward(asked(request, "PATCH", f"{request.path}/secret"))

    return layer


def _hook_of(request: Request, hooks: Sequence[Hook]) -> Hook | None:
    """The endpoint that a request to the API names."""
    return next((hook for hook in hooks if hook.endpoint_id and hook.endpoint_id in request.path), None)


def _send_quietly(hook: Hook, request: Request) -> None:
    """Receivers of deleted worlds don't answer."""
    parts = urlsplit(hook.url)
    with suppress(OSError):
        send(f"http://{parts.netloc}", Request("POST", parts.path, request.headers, request.body))


def _others(memory: Memory, request: Request) -> list[str]:
    """The tokens of the newest organizations, except the caller's."""
    tokens = [world.tokens.get("organization") for world in memory.worlds[-3:]]
    return [token for token in tokens if token and token != request.token]


def _is_retried(request: Request, hook: Hook) -> bool:
    return request.method == "PATCH" and hook.endpoint_id in request.path and hook.answered >= 300


def _is_redelivered(request: Request, hook: Hook) -> bool:
    found = _REDELIVERY.fullmatch(request.path)
    return found is not None and found[1] == hook.held[-1].headers["webhook-id"]
