"""A target that is slow or fails sometimes."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable

from mutants.operators import Mutant
from mutants.proxy import Answer, Forward, HangUp, Layer, Request

_SLOW_SECONDS = 2.5


def _every(nth: int, fault: Callable[[Answer], Answer]) -> Callable[[], Layer]:
    """A fault at every nth request to the API."""

    def plant() -> Layer:
        numbers = itertools.count(1)

        def layer(request: Request, forward: Forward) -> Answer:
            answer = forward(request)
            return fault(answer) if request.path.startswith("/v1/") and next(numbers) % nth == 0 else answer

        return layer

    return plant


def _slow(answer: Answer) -> Answer:
    time.sleep(_SLOW_SECONDS)
    return answer


def _hang_up(answer: Answer) -> Answer:
    raise HangUp


def _failing(_: Answer) -> Answer:
    return Answer(500, {"content-type": "text/plain; charset=utf-8"}, b"Internal Server Error")


def _gateway(_: Answer) -> Answer:
    return Answer(502, {"content-type": "text/html"}, b"<html><h1>502 Bad Gateway</h1></html>")


def _cut(answer: Answer) -> Answer:
    return answer.but(cut_bytes=len(answer.body) // 2)


UNRELIABLE: list[Mutant] = [
    Mutant("every answer is slow", "unreliable", _every(1, _slow)),
    Mutant("some answers are slow", "unreliable", _every(25, _slow)),
    Mutant("a 500 now and then", "unreliable", _every(97, _failing)),
    Mutant("a 502 of a proxy now and then", "unreliable", _every(150, _gateway)),
    Mutant("bodies are cut off now and then", "unreliable", _every(41, _cut)),
    Mutant("connections are dropped now and then", "unreliable", _every(83, _hang_up)),
]
