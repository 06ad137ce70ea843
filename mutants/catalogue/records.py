"""Lists of webhook deliveries with wrong events, wrong results, or wrong filters."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode

from mutants.operators import Json, Mutant, body_changed, changing, mutant, on
from mutants.proxy import Answer, Forward, Layer, Request
from mutants.webhook_proxy import Hook, between, signature, with_headers, with_signature

_DELIVERIES = "/v1/webhooks/deliveries"
_KEPT_CHARACTERS = 2048
Pairs = list[tuple[str, str]]


def _items(change: Callable[[list[Json]], list[Json]]) -> Layer:
    def changed(body: Json) -> Json:
        items, pages = change(body["items"]), body["pagination"]
        count = pages["total_count"] - len(body["items"]) + len(items)
        return {"items": items, "pagination": {**pages, "total_count": count}}

    return changing(on("GET", _DELIVERIES, 200), body_changed(changed))


def _records(change: Callable[[Json], Json]) -> Layer:
    return _items(lambda items: [{**one, **change(one)} for one in items])


def _events(change: Callable[[Json], Json]) -> Layer:
    return _records(lambda one: {"webhook_event": {**one["webhook_event"], **change(one["webhook_event"])}})


def _outcome(before: bool | None, after: bool | None) -> Layer:
    """An event with one result is shown with another result."""
    return _events(lambda event: {"succeeded": after} if event["succeeded"] is before else {})


def _first_code_stays(items: list[Json]) -> list[Json]:
    first = {one["webhook_event"]["id"]: one["http_code"] for one in items}
    return [
        {**one, "webhook_event": {**one["webhook_event"], "last_http_code": first[one["webhook_event"]["id"]]}}
        for one in items
    ]


def _taken_once(items: list[Json]) -> list[Json]:
    """Of several deliveries of a successful event only the first is listed."""
    first = {one["webhook_event"]["id"]: one["id"] for one in items if one["succeeded"]}
    return [one for one in items if not one["succeeded"] or first[one["webhook_event"]["id"]] == one["id"]]


def _asked(change: Callable[[Pairs], Pairs]) -> Layer:
    """Changes a valid query."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        place, _, query = request.path.partition("?")
        if request.method != "GET" or place != _DELIVERIES or answer.status != 200:
            return answer
        changed = change(parse_qsl(query, keep_blank_values=True))
        return forward(Request("GET", f"{place}?{urlencode(changed)}", request.headers, request.body))

    return layer


def _one_of(name: str) -> Layer:
    """Of several values of a parameter only the last is used."""

    def change(pairs: Pairs) -> Pairs:
        last = next((pair for pair in reversed(pairs) if pair[0] == name), None)
        return [pair for pair in pairs if pair[0] != name or pair is last]

    return _asked(change)


def _value(name: str, change: Callable[[str], str]) -> Layer:
    return _asked(lambda pairs: [(key, change(value) if key == name else value) for key, value in pairs])


def _without(name: str, *, beside: str) -> Layer:
    """One parameter is ignored when another is present."""
    return _asked(lambda pairs: [pair for pair in pairs if pair[0] != name or beside not in dict(pairs)])


def _none_for(name: str) -> Layer:
    """Filtering by this parameter finds nothing."""
    nothing: Json = {"items": [], "pagination": {"total_count": 0, "max_page": 0}}

    def when(request: Request, answer: Answer) -> bool:
        return on("GET", _DELIVERIES, 200)(request, answer) and name in dict(parse_qsl(request.path.partition("?")[2]))

    return changing(when, body_changed(lambda _: nothing))


def _day_of(moment: str) -> str:
    return moment[:10] + "T00:00:00Z"


def _as_if_utc(moment: str) -> str:
    return re.sub(r"[+-]\d\d:\d\d$", "Z", moment)


def _zoneless_taken(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    if on("GET", _DELIVERIES, 422)(request, answer) and b'"timezone_aware"' in answer.body:
        return forward(Request("GET", f"{request.path}Z", request.headers, request.body))
    return answer


def _timed_as_first(is_meant: Callable[[int], bool]) -> Callable[[], Layer]:
    """Redeliveries have the timestamp of the first attempt, with a matching signature."""

    def plant() -> Layer:
        times: dict[tuple[str, str], str] = {}

        def passing(hook: Hook, request: Request) -> list[Request]:
            key = (hook.address, request.headers["webhook-id"])
            if key not in times or not is_meant(hook.answered):
                times.setdefault(key, request.headers["webhook-timestamp"])
                return [request]
            one = with_headers(request, webhook_timestamp=times[key])
            return [with_signature(one, signature(hook.secret.encode(), one))]

        return between(passing)()

    return plant


def _cut(record: Json, length: int) -> Json:
    return {"response": (record["response"] or "")[:length]}


def _longer(record: Json) -> Json:
    text = record["response"] or ""
    return {"response": text + text[:1]} if len(text) == _KEPT_CHARACTERS else {}


RECORDS: list[Mutant] = [
    mutant("webhook", "an event that waits is told as failed", _outcome(None, False)),
    mutant("webhook", "an event that failed is told to wait", _outcome(False, None)),
    mutant("webhook", "an event that was taken is told to wait", _outcome(True, None)),
    mutant("webhook", "an event forgets its last code", _events(lambda _: {"last_http_code": None})),
    mutant("webhook", "an event keeps its first code", _items(_first_code_stays)),
    mutant("webhook", "no event is told as skipped", _events(lambda _: {"skipped": False})),
    mutant("webhook", "redeliveries are not told", _items(_taken_once)),
    mutant("webhook", "an answer is told up to a hundred characters", _records(lambda one: _cut(one, 100))),
    mutant("webhook", "an answer is told beyond its limit", _records(_longer)),
    mutant("webhook", "an answer is told in bytes", _records(lambda one: _cut(one, _KEPT_CHARACTERS // 2))),
    mutant(
        "webhook",
        "what a refusal said is not told",
        _records(lambda one: {} if one["succeeded"] else {"response": None}),
    ),
    mutant(
        "webhook",
        "an address that leads nowhere answers 503",
        _records(lambda one: {"http_code": one["http_code"] or 503}),
    ),
    mutant("list", "only one of two endpoints' deliveries counts", _one_of("endpoint_id")),
    mutant("list", "only one of two types' deliveries counts", _one_of("event_type")),
    mutant("list", "deliveries after a time are those of its day", _value("start_timestamp", _day_of)),
    mutant("list", "deliveries before a time are those before its day", _value("end_timestamp", _day_of)),
    mutant("list", "deliveries after a time elsewhere are those after it here", _value("start_timestamp", _as_if_utc)),
    mutant("list", "deliveries before a time elsewhere are those before it here", _value("end_timestamp", _as_if_utc)),
    mutant("list", "deliveries after a time of no zone are listed", _zoneless_taken),
    mutant("list", "deliveries after any time are none", _none_for("start_timestamp")),
    mutant("list", "deliveries before any time are none", _none_for("end_timestamp")),
    mutant("list", "a search of deliveries finds none", _none_for("query")),
    mutant("list", "deliveries answered 2xx are none", _value("http_code_class", lambda one: one.replace("2", "3"))),
    mutant("list", "failed deliveries of a type are all of it", _without("succeeded", beside="event_type")),
    Mutant("a retry is signed for the first attempt's time", "webhook", _timed_as_first(lambda last: last >= 300)),
    Mutant("a redelivery is signed for the first attempt's time", "webhook", _timed_as_first(lambda last: last < 300)),
]
