"""Deliveries that are tried too rarely or too often, and endpoints that are switched off at the wrong time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from mutants.hooks import Hook, between
from mutants.layers import Mutant, asked, parsed
from mutants.proxy import Answer, Forward, Layer, Request

_ENDPOINT = re.compile(r"/v1/webhooks/endpoints/[^/?]+")


def _tried(change: Callable[[int], int]) -> Callable[[], Layer]:
    """The n-th attempt at an event reaches the receiver as many times as `change` says."""

    def plant() -> Layer:
        attempts: Counter[tuple[str, str]] = Counter()

        def passing(hook: Hook, request: Request) -> list[Request]:
            key = (hook.address, request.headers["webhook-id"])
            attempts[key] += 1
            return [request] * change(attempts[key])

        return between(passing)()

    return plant


def _taken_for(status: int, other: int) -> Callable[[], Layer]:
    return between(told=lambda answer: answer.but(status=other) if answer.status == status else answer)


def _never_off(request: Request, forward: Forward, _: Sequence[Hook]) -> Answer:
    answer = forward(request)
    is_shown = request.method == "GET" and _ENDPOINT.fullmatch(request.path) and answer.status == 200
    if is_shown and parsed(answer.body)["enabled"] is False:
        return forward(asked(request, "PATCH", request.path, {"enabled": True}))
    return answer


ATTEMPTS: list[Mutant] = [
    Mutant("given up after five attempts", "webhook", _tried(lambda n: 1 if n <= 5 else 0)),
    Mutant("given up after nine attempts", "webhook", _tried(lambda n: 1 if n <= 9 else 0)),
    Mutant("tried an eleventh time", "webhook", _tried(lambda n: 2 if n == 10 else 1)),
    Mutant("a late redelivery that fails is tried again", "webhook", _tried(lambda n: 2 if n == 11 else 1)),
    Mutant("a receiver that is gone is not asked again", "webhook", _taken_for(410, 200)),
    Mutant("a receiver without a word has failed", "webhook", _taken_for(204, 500)),
    Mutant("an endpoint that is never switched off", "webhook", between(api=_never_off)),
]
