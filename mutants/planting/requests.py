"""Requests that reach the mock with another query, body, method or path than the caller sent."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, urlencode

from mutants.planting.messages import asked, at_path, parsed
from mutants.planting.objects import OBJECT_CHANGES, Json, object_change
from mutants.planting.selecting import When
from mutants.proxy import Answer, Forward, Layer, Request

Pairs = list[tuple[str, str]]
_NAMES: Mapping[str, Callable[[str], Json]] = {
    "cut": lambda name: name[:40],
    "trimmed": str.strip,
    "null when blank": lambda name: name if name.strip() else None,
    "ASCII": lambda name: name.encode("ascii", "ignore").decode(),
    "latin-1": lambda name: name.encode().decode("latin-1"),
    "escaped": lambda name: name.replace("&", "&amp;").replace("'", "&#39;"),
    "composed": lambda name: unicodedata.normalize("NFC", name),
    "capitals": str.upper,
    "longer": lambda name: f"{name} Inc.",
}


def query(changes: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """The query is changed before it reaches the mock, where the mock's answer to the original one fits."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        place, _, text = request.path.partition("?")
        pairs = parse_qsl(text, keep_blank_values=True)
        changed = _changed(pairs, changes)
        if request.method != "GET" or changed == pairs or not when(request, answer):
            return answer
        return forward(at_path(request, f"{place}?{urlencode(changed)}" if changed else place))

    return layer


def _changed(pairs: Pairs, changes: Mapping[str, Json]) -> Pairs:
    for name, by in changes.items():
        pairs = _QUERY[name](pairs, by)
    return pairs


def _dropped(pairs: Pairs, names: Json) -> Pairs:
    """Ignores parameters by their names; `metadata` means all of its keys."""
    return [pair for pair in pairs if pair[0].partition("[")[0] not in names and pair[0] not in names]


def _dropped_values(pairs: Pairs, values: Json) -> Pairs:
    return [pair for pair in pairs if list(pair) not in values]


def _dropped_beside(pairs: Pairs, names: Json) -> Pairs:
    """Ignores the first parameters when the last is there."""
    return [pair for pair in pairs if pair[0] not in names[:-1] or names[-1] not in dict(pairs)]


def _first(pairs: Pairs, start: Json) -> Pairs:
    """Of several values of a parameter the first counts."""
    names = [name for name, _ in pairs]
    return [pair for at, pair in enumerate(pairs) if not pair[0].startswith(start) or pair[0] not in names[:at]]


def _last(pairs: Pairs, name: Json) -> Pairs:
    return _first(pairs[::-1], name)[::-1]


def _last_key(pairs: Pairs, start: Json) -> Pairs:
    """Of several keys of metadata the last counts."""
    keys = [name for name, _ in pairs if name.startswith(start)]
    return [pair for pair in pairs if not pair[0].startswith(start) or pair[0] == keys[-1]]


def _defaults(pairs: Pairs, more: Json) -> Pairs:
    return [*pairs, *((name, value) for name, value in more.items() if name not in dict(pairs))]


def _sub(pairs: Pairs, by: Json) -> Pairs:
    """Replaces texts in the values of a parameter: name, expression, replacement."""
    return [(name, re.sub(by[1], by[2], value) if name.startswith(by[0]) else value) for name, value in pairs]


def _add(pairs: Pairs, numbers: Json) -> Pairs:
    return [
        (name, str(max(1, int(value) + numbers[name])) if name in numbers and value.isdecimal() else value)
        for name, value in pairs
    ]


def _at_most(pairs: Pairs, numbers: Json) -> Pairs:
    return [
        (name, str(min(numbers[name], int(value))) if name in numbers and value.isdecimal() else value)
        for name, value in pairs
    ]


def _swapped_case(pairs: Pairs, by: Json) -> Pairs:
    return [(name, value.swapcase() if name.startswith(by[0]) and value in by[1:] else value) for name, value in pairs]


def _flipped(pairs: Pairs, names: Json) -> Pairs:
    """Downwards becomes upwards, and the other way round."""
    return [
        (name, (value[1:] if value.startswith("-") else f"-{value}") if name in names else value)
        for name, value in pairs
    ]


_QUERY: Mapping[str, Callable[[Pairs, Json], Pairs]] = {
    "drop": _dropped,
    "drop_values": _dropped_values,
    "drop_beside": _dropped_beside,
    "first": _first,
    "last": _last,
    "last_key": _last_key,
    "default": _defaults,
    "sub": _sub,
    "add": _add,
    "at_most": _at_most,
    "swap_case": _swapped_case,
    "flip": _flipped,
}


def sent(changes: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """The body of a request is changed before it reaches the mock, where it is a JSON object whose texts are valid."""
    by_function, change = changes.get("name"), _body_change(changes)

    def layer(request: Request, forward: Forward) -> Answer:
        body = parsed(request.body)
        is_meant = isinstance(body, dict) and b"\\ud" not in request.body and when(request, Answer(0, {}, b""))
        if not is_meant or "/_mock/" in request.path:
            return forward(request)
        changed = change(body)
        if by_function and isinstance(body.get("billing_name"), str) and body["billing_name"].isprintable():
            changed = {**changed, "billing_name": _NAMES[by_function](body["billing_name"])}
        return forward(request) if changed == body else forward(asked(request, request.method, request.path, changed))

    return layer


def _body_change(changes: Mapping[str, Json]) -> Callable[[Json], Json]:
    """Object changes, and those that depend on what else is in the body."""
    change = object_change(changes) if any(name in OBJECT_CHANGES for name in changes) else _same
    cleared: Mapping[str, Json] = changes.get("null_without", {})
    beside: Mapping[str, Json] = changes.get("null_beside", {})

    def changed(body: Json) -> Json:
        body = change(body)
        if changes.get("if_empty") is not None and not body:
            return changes["if_empty"]
        for name, other in cleared.items():
            body = {name: None, **body} if other is None or other in body else body
        for name, other in beside.items():
            body = {**body, name: None} if name in body and body.get(other) else body
        return body

    return changed


def _same(body: Json) -> Json:
    return body


def at(changes: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """The request goes to another path: an expression and its replacement, in method and path, where the answer fits."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if not when(request, answer):
            return answer
        line = re.sub(changes[0], changes[1], f"{request.method} {request.path}")
        method, _, path = line.partition(" ")
        other = forward(Request(method, path, request.headers, request.body))
        return other.but(body=b"") if data.get("without_body") else other

    return layer


def shown_instead(changes: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """The object itself, read by the same caller, is shown instead of the answer."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if not when(request, answer) or request.token is None:
            return answer
        shown = forward(asked(request, "GET", request.path))
        return shown if shown.status == 200 else answer

    return layer
