"""Deliveries that are lost, repeated, changed or signed wrongly on their way to the receiver, and answers of receivers."""

from __future__ import annotations

import base64
import hashlib
import json
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping

from mutants.planting.messages import compact, parsed
from mutants.planting.objects import Json, is_like, object_change
from mutants.planting.selecting import When
from mutants.proxy import Answer, Layer, Request
from mutants.webhook_proxy import (
    Hook,
    Passing,
    between,
    one_each,
    signature,
    signed,
    with_headers,
    with_signature,
)

CONSTANT_ID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


def event(change: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Events in the raw format are changed and signed validly; `of` is a place in the event, `type` the events meant."""
    changes = object_change(change)

    def changed(sent: Json) -> Json:
        is_meant = change.get("type", sent["type"]) == sent["type"]
        return changes(sent) if is_meant else sent

    return between(_raw(lambda hook, one: [signed(hook, one, compact(changed(parsed(one.body))))]))()


def event_form(name: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """The body of an event is written in another way, and signed validly."""
    forms: Mapping[str, Callable[[Json], bytes]] = {
        "indented": lambda sent: json.dumps(sent, indent=2).encode(),
        "ASCII": lambda sent: json.dumps(sent, separators=(",", ":")).encode(),
    }
    return between(_raw(lambda hook, one: [signed(hook, one, forms[name](parsed(one.body)))]))()


def message(change: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Messages for Discord and Slack are changed; `to` names the channel whose messages are meant."""
    has = {"Discord": "embeds", "Slack": "blocks"}.get(change.get("to", ""))
    changes = _fact_change(change) if "fact" in change else object_change(change)

    def passing(hook: Hook, request: Request) -> list[Request]:
        sent = parsed(request.body)
        is_meant = "data" not in sent and (has is None or has in sent)
        return [signed(hook, request, compact(changes(sent)))] if is_meant else [request]

    return between(passing)()


def _fact_change(change: Mapping[str, Json]) -> Callable[[Json], Json]:
    """Changes the value of one fact, in the fields of both formats."""

    def changed(sent: Json) -> Json:
        if "embeds" in sent:
            inner = object_change(
                {"of": "embeds[].fields[]", "where": {"name": change["fact"]}, "sub": {"value": change["by"]}}
            )
            return inner(sent)
        start = f"*{change['fact']}*\n"
        fields = [
            object_change({"sub": {"text": [f"(?s)(?<=\\*\n){change['by'][0].removeprefix('^')}", change["by"][1]]}})(
                one
            )
            if one["text"].startswith(start)
            else one
            for one in sent["blocks"][0]["fields"]
        ]
        return {**sent, "blocks": [{**sent["blocks"][0], "fields": fields}, *sent["blocks"][1:]]}

    return changed


def delivery(name: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """What reaches the receiver instead of each delivery."""
    return between(_PASSING[name])()


def delivery_header(changes: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Deliveries with other headers; null removes one."""
    named = {name.replace("-", "_"): value for name, value in changes.items()}
    return between(lambda _, request: [with_headers(request, **named)])()


def delivery_method(method: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Deliveries by another method."""
    return between(lambda _, one: [Request(method, one.path, one.headers, one.body)])()


def delivery_secret(name: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Deliveries signed with something else than the endpoint's secret."""
    keys: Mapping[str, Callable[[Hook], bytes]] = {
        "another": lambda hook: b"polar_whs_other",
        "whole text": lambda hook: hook.secret.encode(),
        "end": lambda hook: hook.secret[10:].encode(),
        "bytes of base64": lambda hook: base64.b64decode(hook.secret.removeprefix("polar_whs_") + "=", validate=False),
        "former": lambda hook: (hook.former_secret or hook.secret).encode(),
    }
    return between(lambda hook, one: [with_signature(one, signature(keys[name](hook), one))])()


def lost(where: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Events that are like this are never sent: `type`, `data`, or `nth` of each endpoint."""

    def passing(hook: Hook, request: Request) -> list[Request]:
        sent = parsed(request.body)
        is_type = where.get("type", sent.get("type")) == sent.get("type")
        is_data = is_like(sent.get("data", {}), where["data"]) if "data" in where else True
        is_nth = hook.sent % where["every"] == 0 if "every" in where else hook.sent == where.get("nth", hook.sent)
        return [] if "data" in sent and is_type and is_data and is_nth else [request]

    return between(passing)()


def repeated(times: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Deliveries reach the receiver so many times: every one, every nth, or those of a type."""

    def passing(hook: Hook, request: Request) -> list[Request]:
        sent = parsed(request.body)
        is_meant = hook.sent % data.get("every_nth", 1) == 0 and data.get("type", sent.get("type")) == sent.get("type")
        if is_meant and data.get("first_only"):
            hook.held.append(request)
            is_meant = len(hook.held) > 1
        return [request] * times if is_meant else [request]

    return between(passing)()


def attempts(numbers: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Attempts at an event after `most` reach nobody; the one with the number `twice` arrives twice."""
    counts: Counter[tuple[str, str]] = Counter()

    def passing(hook: Hook, request: Request) -> list[Request]:
        key = (hook.address, request.headers["webhook-id"])
        counts[key] += 1
        if counts[key] > numbers.get("most", counts[key]):
            return []
        return [request] * (2 if counts[key] == numbers.get("twice") else 1)

    return between(passing)()


def time_kept(after: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Attempts after a refused or an accepted one have the timestamp of the first attempt, and a matching signature."""
    times: dict[tuple[str, str], str] = {}

    def passing(hook: Hook, request: Request) -> list[Request]:
        key = (hook.address, request.headers["webhook-id"])
        is_meant = hook.answered >= 300 if after == "refused" else hook.answered < 300
        if key not in times or not is_meant:
            times.setdefault(key, request.headers["webhook-timestamp"])
            return [request]
        return [_timed(hook, request, times[key])]

    return between(passing)()


def reply(statuses: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """The mock gets other statuses than the receiver answered; `any` means every one."""

    def changed(answer: Answer) -> Answer:
        return answer.but(status=statuses.get(answer.status, statuses.get("any", answer.status)))

    return between(reply=changed)()


def endpoint_seed(values: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Endpoints are created with other values than the world's document has; added events go to all of them."""
    more = values.get("more_events", [])
    return between(world_seed=lambda one: {**one, "events": [*one["events"], *more]})()


def _raw(passing: Passing) -> Passing:
    """Applies only to deliveries in the raw format, whose bodies are events."""
    return lambda hook, one: passing(hook, one) if b'"data":' in one.body else [one]


def _timed(hook: Hook, request: Request, timestamp: str) -> Request:
    one = with_headers(request, webhook_timestamp=timestamp)
    return with_signature(one, signature(hook.secret.encode(), one))


def _out_of_order(hook: Hook, request: Request) -> list[Request]:
    """The first of two deliveries waits until the second was sent."""
    if not hook.held:
        hook.held.append(request)
        return []
    return [request, hook.held.pop()]


def _tampered(_: Hook, request: Request) -> list[Request]:
    body = request.body.replace(b'"paid"', b'"open"')
    return [Request("POST", request.path, {**request.headers, "content-length": str(len(body))}, body)]


def _never_again(hook: Hook, request: Request) -> list[Request]:
    known = {one.headers["webhook-id"] for one in hook.held}
    hook.held.append(request)
    return [] if request.headers["webhook-id"] in known else [request]


def _not_redelivered(hook: Hook, request: Request) -> list[Request]:
    return _never_again(hook, request) or ([] if hook.sent > 2 else [request])


def _changes_when_repeated(hook: Hook, request: Request) -> list[Request]:
    if b'"data":' not in request.body or _never_again(hook, request):
        return [request]
    return [signed(hook, request, compact({**parsed(request.body), "timestamp": "2031-01-01T00:00:00Z"}))]


def _other_version_when_repeated(hook: Hook, request: Request) -> list[Request]:
    """A repeated event has another version, in the header and in the payload."""
    if b'"data":' not in request.body or _never_again(hook, request):
        return [request]
    sent = parsed(request.body)
    other = "2026-10" if sent.get("api_version") == "2026-04" else "2026-04"
    one = with_headers(request, webhook_api_version=other)
    return [signed(hook, one, compact({**sent, "api_version": other}))]


def _of_body_alone(hook: Hook, request: Request) -> list[Request]:
    digest = base64.b64encode(hashlib.sha256(hook.secret.encode() + request.body).digest()).decode()
    return [with_headers(request, webhook_signature=f"v1,{digest}")]


def _new_id(hook: Hook, request: Request) -> Request:
    return signed(hook, request, request.body, event_id=str(uuid.uuid4()))


_PASSING: Mapping[str, Passing] = {
    "unchanged": one_each,
    "out of order": _out_of_order,
    "tampered": _tampered,
    "never again": _never_again,
    "not redelivered": _not_redelivered,
    "changed when repeated": _changes_when_repeated,
    "in another version when repeated": _other_version_when_repeated,
    "signed over the body alone": _of_body_alone,
    "an hour ago": lambda hook, one: [_timed(hook, one, str(int(time.time()) - 3600))],
    "in milliseconds": lambda hook, one: [_timed(hook, one, one.headers["webhook-timestamp"] + "000")],
    "in hexadecimal": lambda hook, one: [
        with_headers(one, webhook_signature=f"v1,{signature(hook.secret.encode(), one).hex()}")
    ],
    "SHA-1": lambda hook, one: [with_signature(one, signature(hook.secret.encode(), one, scheme=hashlib.sha1))],
    "without a version": lambda hook, one: [
        with_headers(one, webhook_signature=one.headers["webhook-signature"].removeprefix("v1,"))
    ],
    "another scheme": lambda hook, one: [with_headers(one, webhook_id=None, svix_id=one.headers["webhook-id"])],
    "a constant id": lambda hook, one: [signed(hook, one, one.body, event_id=CONSTANT_ID)],
    "a short id": lambda hook, one: [signed(hook, one, one.body, event_id=f"msg_{one.headers['webhook-id'][:8]}")],
    "a new id": lambda hook, one: [_new_id(hook, one)],
    "a new id when repeated": lambda hook, one: [_new_id(hook, one) if hook.sent > 1 else one],
    "twice under two ids": lambda hook, one: [one, _new_id(hook, one)],
}
