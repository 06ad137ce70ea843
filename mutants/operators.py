"""The building blocks of planted defects: which answers a defect applies to, and how it changes them. Contains no defects."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mutants.proxy import Answer, Forward, Layer, Request

JSON_TYPE = {"content-type": "application/json"}
PORTAL, ORGANIZATION = "/v1/customer-portal/orders/", "/v1/orders/"
ORDER = r"/v1/(customer-portal/)?orders/[^/?]+"
PORTAL_ORDER = r"/v1/customer-portal/orders/[^/?]+"
LISTS = r"/v1/(customer-portal/)?orders/"
INVOICE = ORDER + "/invoice"
NOT_FOUND = b'{"error":"ResourceNotFound","detail":"Not found"}'
ACCEPTED = Answer(202, JSON_TYPE, b"null")
When = Callable[[Request, Answer], bool]
Change = Callable[[Answer], Answer]
# Untyped JSON: the catalogue knows the documents that it changes.
Json = Any


@dataclass(frozen=True, slots=True)
class Mutant:
    """A defect's name, its family, and the factory of its layer: each run gets a new layer, because layers may have state."""

    name: str
    family: str
    plant: Callable[[], Layer]


def mutant(family: str, name: str, layer: Layer) -> Mutant:
    """A defect without state."""
    return Mutant(name, family, lambda: layer)


def on(method: str, path: str, status: int | None = None, error: str | None = None) -> When:
    """Selects answers to this method on paths that match the expression, with this status and this error name."""
    expression = re.compile(path)

    def fits(request: Request, answer: Answer) -> bool:
        return (
            request.method == method
            and expression.fullmatch(request.path.partition("?")[0]) is not None
            and status in (None, answer.status)
            and (error is None or error_name(answer) == error)
        )

    return fits


def changing(when: When, change: Change) -> Layer:
    """A layer that forwards requests to the mock and changes its answers."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        return change(answer) if when(request, answer) else answer

    return layer


def status(value: int) -> Change:
    """Another status; the rest stays unchanged."""
    return lambda answer: answer.but(status=value)


def error_of(value: int, error: str, detail: str = "No") -> Change:
    """Another error."""
    return lambda _: Answer(value, JSON_TYPE, json.dumps({"error": error, "detail": detail}).encode())


def replaced(old: str, new: str) -> Change:
    """Another text in the body."""
    return lambda answer: answer.but(body=answer.body.replace(old.encode(), new.encode()))


def body_changed(change: Callable[[Json], Json]) -> Change:
    """Another JSON body."""

    def changed(answer: Answer) -> Answer:
        return answer.but(body=compact(change(json.loads(answer.body))))

    return changed


def orders_changed(change: Callable[[Json], Json]) -> Layer:
    """Changes every order in successful bodies, in lists and single."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        path = request.path.partition("?")[0]
        body = parsed(answer.body)
        if answer.status != 200 or not re.fullmatch(f"{ORDER}|{LISTS}", path) or not isinstance(body, dict):
            return answer
        if "pagination" in body:
            return answer.but(body=compact({**body, "items": [change(order) for order in body["items"]]}))
        return answer.but(body=compact(change(body)))

    return layer


def with_parts(**parts: Json) -> Callable[[Json], Json]:
    """Sets some parts of an object."""
    return lambda body: {**body, **parts}


def without(*names: str) -> Callable[[Json], Json]:
    """Removes some parts of an object."""
    return lambda body: {name: value for name, value in body.items() if name not in names}


def asked(request: Request, method: str, path: str, body: Json = None) -> Request:
    """Another request of the same caller."""
    headers = {name: value for name, value in request.headers.items() if name not in ("content-type", "content-length")}
    data = b"" if body is None else compact(body)
    more = {**JSON_TYPE} if data else {}
    return Request(method, path, {**headers, **more, "content-length": str(len(data))}, data)


def as_caller(request: Request, token: str) -> Request:
    """The same request with another token."""
    headers = {**request.headers, "authorization": f"Bearer {token}"}
    return Request(request.method, request.path, headers, request.body)


def parsed(body: bytes) -> Json:
    """The body parsed as JSON; None where it is not JSON."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def error_name(answer: Answer) -> str | None:
    """The `error` of a JSON body."""
    body = parsed(answer.body)
    return body.get("error") if isinstance(body, dict) else None


def compact(value: Json) -> bytes:
    """JSON as the service writes it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode(errors="replace")
