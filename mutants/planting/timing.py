"""Answers that are late, old, another caller's, or wrong only sometimes, under load, or after some time. State is kept per run."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Mapping

from mutants.planting.answers import ANSWER_CHANGES
from mutants.planting.messages import compact, error_answer, parsed
from mutants.planting.objects import OBJECT_CHANGES, Json, object_change
from mutants.planting.selecting import When
from mutants.proxy import Answer, Forward, HangUp, Layer, Request


def every(nth: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Every nth answer that fits is changed as the row says, late, cut off, or never sent."""
    numbers = itertools.count(1)
    after = data.get("after", 0)

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if not request.path.startswith("/v1/") or not when(request, answer):
            return answer
        number = next(numbers)
        return _fault(answer, data) if number > after and number % nth == 0 else answer

    return layer


def _fault(answer: Answer, data: Mapping[str, Json]) -> Answer:
    if data.get("hang_up"):
        raise HangUp
    time.sleep(data.get("late_seconds", 0))
    for name, make in ANSWER_CHANGES.items():
        answer = make(data[name])(answer) if name in data else answer
    body = parsed(answer.body)
    if any(name in OBJECT_CHANGES for name in data) and isinstance(body, dict):
        answer = answer.but(body=compact(object_change(data)(body)))
    return answer.but(cut_bytes=len(answer.body) // 2) if data.get("cut") else answer


def counted(name: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A part is replaced by a text with a number that never repeats."""
    numbers = itertools.count(10)

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if not when(request, answer):
            return answer
        text = data["text"].replace("{number}", f"{next(numbers):06d}")
        return answer.but(
            body=compact(object_change({"of": data.get("of", "orders"), "set": {name: text}})(parsed(answer.body)))
        )

    return layer


def cached(reads: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A read is answered from a cache so many times before it reaches the mock again. `key` says what makes reads the same."""
    kept: dict[object, tuple[Answer, int]] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        if request.method != "GET" or not request.path.startswith("/v1/"):
            return forward(request)
        parts = {"path": request.path, "place": request.path.partition("?")[0], "caller": request.token}
        key = tuple(parts[name] for name in data["key"])
        answer, left = kept.get(key, (None, 0))
        if answer is not None and left > 0:
            kept[key] = (answer, left - 1)
            return answer
        fresh = forward(request)
        if fresh.status == data.get("status_kept", 200):
            kept[key] = (fresh, reads)
        return fresh

    return layer


def old_after_change(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """The first read after a change shows the state before it."""
    kept: dict[str, Answer] = {}
    changed: set[str] = set()

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if not when(request, answer):
            return answer
        if request.method == "PATCH":
            changed.add(request.path)
            return answer
        is_old = request.path in changed and request.path in kept
        changed.discard(request.path)
        before, kept[request.path] = kept.get(request.path, answer), answer
        return before if is_old else answer

    return layer


def previous_answer(nth: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Every nth answer that fits is the one before it."""
    last: list[Answer] = []
    numbers = itertools.count(1)

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if not when(request, answer):
            return answer
        before, last[:] = (last or [answer])[0], [answer]
        return before if next(numbers) % nth == 0 else answer

    return layer


def first_answer(key: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Every answer that fits is the first one that fitted; `bodies`: only its body."""
    first: dict[str, Answer] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if not when(request, answer):
            return answer
        return first.setdefault(request.path if key == "path" else "", answer)

    return layer


def good_answer(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A refusal that fits is replaced by the latest successful answer of the same operation to anybody."""
    good: dict[str, Answer] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        line = _line(request)
        if answer.status < 300:
            good[line] = answer
        return good.get(line, answer) if when(request, answer) else answer

    return layer


def crowded(most: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """More than so many requests at once make it fail."""
    slots = threading.Semaphore(most)

    def layer(request: Request, forward: Forward) -> Answer:
        if not slots.acquire(blocking=False):
            return Answer(503, {"content-type": "text/plain"}, b"Service Unavailable")
        try:
            return forward(request)
        finally:
            slots.release()

    return layer


def one_at_a_time(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Of two requests for the same invoice at once the second is refused."""
    under_way: set[str] = set()

    def layer(request: Request, forward: Forward) -> Answer:
        if not request.is_on("POST", "/invoice"):
            return forward(request)
        if request.path in under_way:
            return error_answer(409, "Busy", "Busy")
        under_way.add(request.path)
        try:
            return forward(request)
        finally:
            under_way.discard(request.path)

    return layer


def _line(request: Request) -> str:
    parts = request.path.partition("?")[0].split("/")
    return f"{request.method} {'/'.join('{id}' if len(part) > 30 else part for part in parts)}"
