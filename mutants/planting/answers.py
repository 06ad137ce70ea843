"""Changes of one answer, which need no other request: they are also applied to recorded answers."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Mapping

from mutants.planting.messages import JSON_TYPE, compact, parsed
from mutants.planting.objects import OBJECT_CHANGES, Json, object_change
from mutants.planting.selecting import When
from mutants.proxy import Answer, Forward, Layer, Request

Change = Callable[[Answer], Answer]
_AMOUNTS = re.compile(rb'("[a-z_]+_amount":)(-?\d+)')
_FORMS: Mapping[str, Callable[[bytes], bytes]] = {
    "zipped": gzip.compress,
    "UTF-16": lambda body: body.decode().encode("utf-16"),
    "UTF-32": lambda body: body.decode().encode("utf-32"),
    "byte order mark": lambda body: b"\xef\xbb\xbf" + body,
    "latin-1": lambda body: body.decode().encode("latin-1", "replace"),
    "twice": lambda body: body * 2,
    "a text": lambda body: compact(body.decode()),
    "a list": lambda body: b"[" + body + b"]",
    "single quotes": lambda body: body.replace(b'"', b"'"),
    "a comma": lambda body: body[:-1] + b",}",
    "a key twice": lambda body: b'{"status":"void",' + body[1:],
    "not a number": lambda body: _AMOUNTS.sub(rb"\1NaN", body, count=1),
    "decimals": lambda body: _AMOUNTS.sub(rb"\1\2.0", body),
    "exponents": lambda body: _AMOUNTS.sub(rb"\1\2e0", body),
    "camel case": lambda body: re.sub(rb'"([a-z_]+)":', lambda found: b'"%s":' % _camel(found[1]), body),
    "truncated": lambda body: body[:-1],
    "half": lambda body: body[: len(body) // 2],
}


def status(value: Json) -> Change:
    """Another status; the rest stays unchanged."""
    return lambda answer: answer.but(status=int(value))


def error(value: Json) -> Change:
    """Another error: status, name and detail."""
    code, name, detail = [*value, "No"][:3]
    return lambda _: Answer(code, JSON_TYPE, compact({"error": name, "detail": detail}))


def body(text: Json) -> Change:
    """Another body, as text."""
    return lambda answer: answer.but(body=str(text).encode())


def rewrite(texts: Json) -> Change:
    """Replaces what an expression finds in the body."""
    expression, replacement = re.compile(texts[0].encode()), texts[1].encode()
    return lambda answer: answer.but(body=expression.sub(replacement, answer.body))


def header(values: Json) -> Change:
    """Sets headers; null removes one."""

    def changed(answer: Answer) -> Answer:
        named = {**answer.headers, **{name.lower(): value for name, value in values.items()}}
        return answer.but(headers={name: value for name, value in named.items() if value is not None})

    return changed


def header_sub(changes: Json) -> Change:
    """Replaces what an expression finds in headers."""

    def changed(answer: Answer) -> Answer:
        named = {name: re.sub(by[0], by[1], answer.headers[name]) for name, by in changes.items()}
        return answer.but(headers={**answer.headers, **named})

    return changed


def form(name: Json) -> Change:
    """The body in another form."""
    return lambda answer: answer.but(body=_FORMS[name](answer.body))


ANSWER_CHANGES: Mapping[str, Callable[[Json], Change]] = {
    "error": error,
    "body": body,
    "status": status,
    "rewrite": rewrite,
    "header": header,
    "header_sub": header_sub,
    "form": form,
}


def answer_layer(data: Mapping[str, Json], when: When) -> Layer:
    """A layer that changes the answers that fit, as the row says."""
    changes = [make(data[name]) for name, make in ANSWER_CHANGES.items() if name in data]
    if any(name in OBJECT_CHANGES for name in data):
        changes.insert(0, body_changed(object_change(data)))

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if not when(request, answer):
            return answer
        for change in changes:
            answer = change(answer)
        return answer

    return layer


def body_changed(change: Callable[[Json], Json]) -> Change:
    """Another JSON body. A body that is no JSON object stays."""

    def changed(answer: Answer) -> Answer:
        sent = parsed(answer.body)
        return answer.but(body=compact(change(sent))) if isinstance(sent, dict) else answer

    return changed


def _camel(name: bytes) -> bytes:
    first, *rest = name.decode().split("_")
    return (first + "".join(map(str.title, rest))).encode()
