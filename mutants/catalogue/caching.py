"""Answers that are outdated, belong to another caller, or are wrong only sometimes, under load, or after some time."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable

from mutants.operators import (
    INVOICE,
    JSON_TYPE,
    ORDER,
    Mutant,
    changing,
    compact,
    on,
    parsed,
)
from mutants.proxy import Answer, Forward, HangUp, Layer, Request

_IS_READ = on("GET", ORDER, 200)


def _cached(key: Callable[[Request], object], *, reads: int) -> Callable[[], Layer]:
    """A read is answered from a cache so many times before it reaches the mock again."""

    def plant() -> Layer:
        kept: dict[object, tuple[Answer, int]] = {}

        def layer(request: Request, forward: Forward) -> Answer:
            if request.method != "GET" or not request.path.startswith("/v1/"):
                return forward(request)
            answer, left = kept.get(key(request), (None, 0))
            if answer is not None and left > 0:
                kept[key(request)] = (answer, left - 1)
                return answer
            fresh = forward(request)
            if fresh.status == 200:
                kept[key(request)] = (fresh, reads)
            return fresh

        return layer

    return plant


def _before_the_change() -> Layer:
    """The first read after a change shows the state before it."""
    kept: dict[str, Answer] = {}
    changed: set[str] = set()

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if on("PATCH", ORDER, 200)(request, answer):
            changed.add(request.path)
        if _IS_READ(request, answer):
            is_old = request.path in changed and request.path in kept
            changed.discard(request.path)
            before, kept[request.path] = kept.get(request.path, answer), answer
            return before if is_old else answer
        return answer

    return layer


def _refusals_remembered() -> Layer:
    """An object that was not found once is never found again."""
    kept: dict[tuple[str, str | None], Answer] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        key = (request.path, request.token)
        if request.method == "GET" and key in kept:
            return kept[key]
        answer = forward(request)
        if request.method == "GET" and answer.status == 404 and request.path.startswith("/v1/"):
            kept[key] = answer
        return answer

    return layer


def _another_callers() -> Layer:
    """Every 61st read of an order returns the order that was read before."""
    last: list[Answer] = []
    numbers = itertools.count(1)

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if not _IS_READ(request, answer):
            return answer
        before, last[:] = (last or [answer])[0], [answer]
        return before if next(numbers) % 61 == 0 else answer

    return layer


def _after(count: int, fault: Callable[[Answer], Answer]) -> Callable[[], Layer]:
    """The first so many requests succeed, all later ones fail."""

    def plant() -> Layer:
        numbers = itertools.count(1)

        def layer(request: Request, forward: Forward) -> Answer:
            answer = forward(request)
            return fault(answer) if request.path.startswith("/v1/") and next(numbers) > count else answer

        return layer

    return plant


def _every(nth: int, fault: Callable[[Answer], Answer], *, method: str = "") -> Callable[[], Layer]:
    def plant() -> Layer:
        numbers = itertools.count(1)

        def layer(request: Request, forward: Forward) -> Answer:
            answer = forward(request)
            is_asked = request.path.startswith("/v1/") and method in ("", request.method)
            return fault(answer) if is_asked and next(numbers) % nth == 0 else answer

        return layer

    return plant


def _crowded(most: int) -> Callable[[], Layer]:
    """More than so many concurrent requests make it fail."""

    def plant() -> Layer:
        slots = threading.Semaphore(most)

        def layer(request: Request, forward: Forward) -> Answer:
            if not slots.acquire(blocking=False):
                return Answer(503, {"content-type": "text/plain"}, b"Service Unavailable")
            try:
                return forward(request)
            finally:
                slots.release()

        return layer

    return plant


def _not_at_once() -> Layer:
    """Of two concurrent requests for the same invoice the second is refused."""
    under_way: set[str] = set()

    def layer(request: Request, forward: Forward) -> Answer:
        if not request.is_on("POST", "/invoice"):
            return forward(request)
        if request.path in under_way:
            return Answer(409, JSON_TYPE, b'{"error":"Busy","detail":"Busy"}')
        under_way.add(request.path)
        try:
            return forward(request)
        finally:
            under_way.discard(request.path)

    return layer


def _late(seconds: float) -> Callable[[Answer], Answer]:
    def late(answer: Answer) -> Answer:
        time.sleep(seconds)
        return answer

    return late


def _hang_up(_: Answer) -> Answer:
    raise HangUp


def _of(status: int, body: bytes, content_type: str = "application/json") -> Callable[[Answer], Answer]:
    return lambda _: Answer(status, {"content-type": content_type}, body)


def _emptied(answer: Answer) -> Answer:
    return answer.but(body=b"") if answer.status == 200 else answer


def _without_last(answer: Answer) -> Answer:
    body = parsed(answer.body)
    return (
        answer.but(body=compact({**body, "items": body["items"][:-1]}))
        if isinstance(body, dict) and body.get("items") and "pagination" in body
        else answer
    )


CACHING: list[Mutant] = [
    Mutant("reads are one request old", "unreliable", _cached(lambda one: (one.path, one.token), reads=1)),
    Mutant("reads are remembered", "unreliable", _cached(lambda one: (one.path, one.token), reads=10_000)),
    Mutant("reads are remembered for everybody", "unreliable", _cached(lambda one: one.path, reads=10_000)),
    Mutant(
        "lists are remembered whatever is asked",
        "unreliable",
        _cached(lambda one: (one.path.partition("?")[0], one.token), reads=10_000),
    ),
    Mutant("the first read after a change is old", "unreliable", _before_the_change),
    Mutant("what was not there is never there", "unreliable", _refusals_remembered),
    Mutant("now and then another order", "unreliable", _another_callers),
    Mutant(
        "everything fails after 500 requests",
        "unreliable",
        _after(500, _of(500, b"Internal Server Error", "text/plain")),
    ),
    Mutant("everything is empty after 2000 requests", "unreliable", _after(2000, _emptied)),
    Mutant("a 500 in every 400", "unreliable", _every(400, _of(500, b"Internal Server Error", "text/plain"))),
    Mutant("a 500 in every 1500", "unreliable", _every(1500, _of(500, b"Internal Server Error", "text/plain"))),
    Mutant(
        "a 500 in JSON now and then",
        "unreliable",
        _every(120, _of(500, b'{"error":"InternalServerError","detail":"Oops"}')),
    ),
    Mutant("a 503 now and then", "unreliable", _every(130, _of(503, b""))),
    Mutant("a 504 now and then", "unreliable", _every(140, _of(504, b"<html></html>", "text/html"))),
    Mutant("a 429 now and then", "unreliable", _every(110, _of(429, b""))),
    Mutant(
        "a 404 now and then", "unreliable", _every(210, _of(404, b'{"error":"ResourceNotFound","detail":"Not found"}'))
    ),
    Mutant(
        "a 401 now and then", "unreliable", _every(210, _of(401, b'{"error":"Unauthorized","detail":"Unauthorized"}'))
    ),
    Mutant("a login page now and then", "unreliable", _every(160, _of(200, b"<html>Log in</html>", "text/html"))),
    Mutant("an empty 200 now and then", "unreliable", _every(90, _emptied)),
    Mutant("the last of a list is lost now and then", "unreliable", _every(70, _without_last, method="GET")),
    Mutant("a change is dropped now and then", "unreliable", _every(40, _hang_up, method="PATCH")),
    Mutant("a POST is dropped now and then", "unreliable", _every(25, _hang_up, method="POST")),
    Mutant("invoices are accepted slowly", "unreliable", lambda: changing(on("POST", INVOICE, 202), _late(3.0))),
    Mutant(
        "lists are slow",
        "unreliable",
        lambda: changing(lambda request, answer: b'"pagination"' in answer.body, _late(2.0)),
    ),
    Mutant("an answer never comes", "unreliable", _every(200, _late(45.0))),
    Mutant("only three requests at once", "unreliable", _crowded(3)),
    Mutant("one request for an invoice at a time", "unreliable", _not_at_once),
]
