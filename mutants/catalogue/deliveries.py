"""Deliveries with one wrong detail, and endpoints that get events they should not get or miss events they should get."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Callable, Sequence

from mutants.operators import JSON_TYPE, NOT_FOUND, Json, Mutant, asked, compact, parsed
from mutants.proxy import Answer, Forward, Request
from mutants.webhook_proxy import (
    Hook,
    Passing,
    between,
    event_changed,
    headers_changed,
    one_each,
    signature,
    signed,
    with_headers,
    with_signature,
)

_ENDPOINTS = "/v1/webhooks/endpoints/"
_EVERY_EVENT = ["order.created", "order.updated", "order.paid", "order.refunded"]
_CONSTANT_ID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


def _hook_of(request: Request, hooks: Sequence[Hook]) -> Hook | None:
    """The endpoint that a request to the API names."""
    return next((hook for hook in hooks if request.path == f"{_ENDPOINTS}{hook.endpoint_id}"), None)


def _deleted_goes_on(request: Request, forward: Forward, hooks: Sequence[Hook]) -> Answer:
    hook = _hook_of(request, hooks)
    if hook is not None and request.method == "DELETE":
        hook.is_off = True
        return Answer(204, {}, b"")
    return Answer(404, JSON_TYPE, NOT_FOUND) if hook is not None and hook.is_off else forward(request)


def _disabled_goes_on(request: Request, forward: Forward, hooks: Sequence[Hook]) -> Answer:
    """`enabled` is shown as it was set, but has no effect."""
    hook, sent = _hook_of(request, hooks), parsed(request.body)
    if hook is None:
        return forward(request)
    if request.method == "PATCH" and isinstance(sent, dict) and "enabled" in sent:
        hook.is_off = not sent["enabled"]
        rest = {name: value for name, value in sent.items() if name != "enabled"}
        answer = forward(asked(request, "PATCH", request.path, rest))
    else:
        answer = forward(request)
    body = parsed(answer.body)
    return answer.but(body=compact({**body, "enabled": not hook.is_off})) if answer.status == 200 else answer


def _notes_switching_off(request: Request, forward: Forward, hooks: Sequence[Hook]) -> Answer:
    hook, sent = _hook_of(request, hooks), parsed(request.body)
    if hook is not None and isinstance(sent, dict) and sent.get("enabled") is False:
        hook.is_off = True
    return forward(request)


def _wanted_is_shown(request: Request, forward: Forward, hooks: Sequence[Hook]) -> Answer:
    """Endpoints are shown as they were created, although they get other events."""
    answer, hook = forward(request), _hook_of(request, hooks)
    if hook is None or answer.status != 200:
        return answer
    shown = {name: hook.wanted[name] for name in ("events", "format") if name in hook.wanted}
    return answer.but(body=compact({**parsed(answer.body), **shown}))


def _announcing(method: str, status: int) -> Callable[[Request, Forward, Sequence[Hook]], Answer]:
    """Requests that change nothing cause an event as if they had changed something."""

    def api(request: Request, forward: Forward, hooks: Sequence[Hook]) -> Answer:
        answer = forward(request)
        order, _, rest = request.path.removeprefix("/v1/customer-portal/orders/").partition("/")
        is_hit = request.method == method and answer.status == status and "/customer-portal/orders/" in request.path
        if is_hit and order and "?" not in order and rest in ("", "invoice"):
            forward(asked(request, "PATCH", f"/v1/customer-portal/orders/{order}", {}))
        return answer

    return api


def _raw(passing: Passing) -> Passing:
    """Applies only to deliveries in the raw format, whose bodies are events."""
    return lambda hook, one: passing(hook, one) if b'"data":' in one.body else [one]


def _resigned(key: Callable[[Hook], bytes], **more: Callable[[], object]) -> Passing:
    return lambda hook, one: [with_signature(one, signature(key(hook), one, **more))]


def _body(change: Callable[[Json], bytes]) -> Passing:
    return _raw(lambda hook, one: [signed(hook, one, change(parsed(one.body)))])


def _data(change: Callable[[Json], Json]) -> Passing:
    return event_changed(lambda event: {**event, "data": change(event["data"])})


def _dropped(fits: Callable[[Json], bool]) -> Passing:
    return _raw(lambda hook, one: [] if fits(parsed(one.body)) else [one])


def _first_lost(hook: Hook, request: Request) -> list[Request]:
    return [] if hook.sent == 1 else [request]


def _some_twice(hook: Hook, request: Request) -> list[Request]:
    return [request] * (2 if hook.sent % 3 == 0 else 1)


def _times_of_the_first(hook: Hook, request: Request) -> list[Request]:
    """Every attempt has the timestamp of the first attempt of any event, an hour ago."""
    old = str(int(request.headers["webhook-timestamp"]) - 3600)
    one = with_headers(request, webhook_timestamp=old)
    return [with_signature(one, signature(hook.secret.encode(), one))]


def _in_milliseconds(hook: Hook, request: Request) -> list[Request]:
    one = with_headers(request, webhook_timestamp=request.headers["webhook-timestamp"] + "000")
    return [with_signature(one, signature(hook.secret.encode(), one))]


def _changes_when_repeated(hook: Hook, request: Request) -> list[Request]:
    known = [one for one in hook.held if one.headers["webhook-id"] == request.headers["webhook-id"]]
    hook.held.append(request)
    event = parsed(request.body)
    return [signed(hook, request, compact({**event, "timestamp": "2031-01-01T00:00:00Z"}))] if known else [request]


def _not_redelivered(hook: Hook, request: Request) -> list[Request]:
    """An event that was accepted once is never sent again."""
    taken = {one.headers["webhook-id"] for one in hook.held}
    hook.held.append(request)
    return [] if request.headers["webhook-id"] in taken and hook.sent > 2 else [request]


def _by(method: str) -> Passing:
    return lambda _, one: [Request(method, one.path, one.headers, one.body)]


def _hexadecimal(hook: Hook, request: Request) -> list[Request]:
    return [with_headers(request, webhook_signature=f"v1,{signature(hook.secret.encode(), request).hex()}")]


def _of_body_alone(hook: Hook, request: Request) -> list[Request]:
    bare = Request(request.method, request.path, {**request.headers}, request.body)
    digest = base64.b64encode(hashlib.sha256(hook.secret.encode() + bare.body).digest()).decode()
    return [with_headers(request, webhook_signature=f"v1,{digest}")]


def _unversioned(_: Hook, request: Request) -> list[Request]:
    return [with_headers(request, webhook_signature=request.headers["webhook-signature"].removeprefix("v1,"))]


def _event(name: str, passing: Passing) -> Mutant:
    return Mutant(name, "webhook", between(passing))


def _only_while_on(hook: Hook, request: Request) -> list[Request]:
    return [] if hook.is_off else [request]


DELIVERIES: list[Mutant] = [
    _event("signed in hexadecimal", _hexadecimal),
    _event("signed with SHA-1", _resigned(lambda hook: hook.secret.encode(), scheme=hashlib.sha1)),
    _event(
        "signed with the secret's bytes of base64",
        _resigned(lambda hook: base64.b64decode(hook.secret.removeprefix("polar_whs_") + "=", validate=False)),
    ),
    _event("signed over the body alone", _of_body_alone),
    _event("a signature without its version", _unversioned),
    _event(
        "the old secret signs on",
        lambda hook, one: [signed(hook, one, one.body, secret=hook.former_secret or hook.secret)],
    ),
    _event("a timestamp in milliseconds", _in_milliseconds),
    _event("a timestamp of an hour ago, signed", _times_of_the_first),
    _event("no timestamp", headers_changed(webhook_timestamp=None)),
    _event("another user agent", headers_changed(user_agent="python-httpx/0.28")),
    _event(
        "the headers of another scheme",
        lambda _, one: [with_headers(one, webhook_id=None, svix_id=one.headers["webhook-id"])],
    ),
    _event("every event has the same id", lambda hook, one: [signed(hook, one, one.body, event_id=_CONSTANT_ID)]),
    _event(
        "ids are no UUIDs",
        lambda hook, one: [signed(hook, one, one.body, event_id=f"msg_{one.headers['webhook-id'][:8]}")],
    ),
    _event("sent by PUT", _by("PUT")),
    _event("sent by GET", _by("GET")),
    _event("the body indented", _body(lambda event: json.dumps(event, indent=2).encode())),
    _event("the body in ASCII", _body(lambda event: json.dumps(event, separators=(",", ":")).encode())),
    _event("the body in an envelope", event_changed(lambda event: {"event": event})),
    _event("the order without an envelope", _body(lambda event: compact(event["data"]))),
    _event(
        "no time of the event",
        event_changed(lambda event: {name: part for name, part in event.items() if name != "timestamp"}),
    ),
    _event("the time of another day", event_changed(lambda event: {**event, "timestamp": "2001-01-01T00:00:00Z"})),
    _event("types with an underscore", event_changed(lambda event: {**event, "type": event["type"].replace(".", "_")})),
    _event(
        "an event without its customer",
        _data(lambda data: {name: part for name, part in data.items() if name != "customer"}),
    ),
    _event("an event without its items", _data(lambda data: {**data, "items": []})),
    _event("an event with another total", _data(lambda data: {**data, "total_amount": data["total_amount"] + 1})),
    _event("an event of an order without its invoice", _data(lambda data: {**data, "is_invoice_generated": False})),
    _event("an event of an order as it was", _data(lambda data: {**data, "modified_at": None})),
    _event(
        "an event with the number of another",
        _data(lambda data: {**data, "invoice_number": f"{data['invoice_number']}0"}),
    ),
    _event("an event with the id alone", _data(lambda data: {"id": data["id"]})),
    _event("invoices are not announced", _dropped(lambda event: event["data"].get("is_invoice_generated") is True)),
    _event("changes of unpaid orders are not announced", _dropped(lambda event: event["data"]["status"] == "pending")),
    _event("payments are not announced", _dropped(lambda event: event["type"] == "order.paid")),
    _event(
        "changes are not announced",
        _dropped(lambda event: event["type"] == "order.updated" and event["data"]["status"] == "void"),
    ),
    _event("the first event is lost", _first_lost),
    _event("some events come twice", _some_twice),
    _event("repeated events differ", _raw(_changes_when_repeated)),
    _event("what was taken is not redelivered", _not_redelivered),
    _event(
        "each event under a new id when repeated",
        lambda hook, one: [signed(hook, one, one.body, event_id=str(uuid.uuid4())) if hook.sent > 1 else one],
    ),
    Mutant("every answer counts as taken", "webhook", between(reply=lambda answer: answer.but(status=200))),
    Mutant(
        "a 404 counts as taken",
        "webhook",
        between(reply=lambda answer: answer.but(status=200) if answer.status == 404 else answer),
    ),
    Mutant(
        "a redirect counts as taken",
        "webhook",
        between(reply=lambda answer: answer.but(status=200) if answer.status == 307 else answer),
    ),
    Mutant("what was taken is sent again", "webhook", between(reply=lambda answer: answer.but(status=500))),
    Mutant("deleted endpoints get events", "webhook", between(api=_deleted_goes_on)),
    Mutant("disabled endpoints get events", "webhook", between(api=_disabled_goes_on)),
    Mutant("an endpoint stays off", "webhook", between(_only_while_on, api=_notes_switching_off)),
    Mutant(
        "events that nobody asked for",
        "webhook",
        between(api=_wanted_is_shown, world_seed=lambda one: {**one, "events": _EVERY_EVENT}),
    ),
    Mutant(
        "channels get raw events",
        "webhook",
        between(api=_wanted_is_shown, world_seed=lambda one: {**one, "format": "raw"}),
    ),
    Mutant("refused changes are announced", "webhook", between(one_each, api=_announcing("PATCH", 422))),
    Mutant("refused invoices are announced", "webhook", between(api=_announcing("POST", 422))),
    Mutant("accepted requests are announced at once", "webhook", between(api=_announcing("POST", 202))),
]
