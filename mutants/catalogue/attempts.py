"""Deliveries with too few or too many attempts, and endpoints that are disabled at the wrong time."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from threading import Condition, Lock

from mutants.operators import Mutant, asked, parsed
from mutants.proxy import Answer, Forward, Layer, Request
from mutants.webhook_proxy import Hook, between

_ALL_BEGIN_WITHIN_SECONDS = 0.3
_ENDPOINT = re.compile(r"/v1/webhooks/endpoints/[^/?]+")


def _tried(change: Callable[[int], int]) -> Callable[[], Layer]:
    """The n-th attempt at an event reaches the receiver `change(n)` times."""

    def plant() -> Layer:
        attempts: Counter[tuple[str, str]] = Counter()

        def passing(hook: Hook, request: Request) -> list[Request]:
            key = (hook.address, request.headers["webhook-id"])
            attempts[key] += 1
            return [request] * change(attempts[key])

        return between(passing)()

    return plant


def _taken_for(status: int, other: int) -> Callable[[], Layer]:
    return between(reply=lambda answer: answer.but(status=other) if answer.status == status else answer)


def _never_off(request: Request, forward: Forward, _: Sequence[Hook]) -> Answer:
    answer = forward(request)
    is_shown = request.method == "GET" and _ENDPOINT.fullmatch(request.path) and answer.status == 200
    if is_shown and parsed(answer.body)["enabled"] is False:
        return forward(asked(request, "PATCH", request.path, {"enabled": True}))
    return answer


def _off_after(failed_events: int) -> Callable[[], Layer]:
    """An endpoint is disabled after so many events that were refused ten times, even if other events succeeded in between."""

    def plant() -> Layer:
        attempts: Counter[tuple[str, str]] = Counter()

        def passing(hook: Hook, request: Request) -> list[Request]:
            attempts[hook.address, request.headers["webhook-id"]] += 1
            return [request]

        def api(request: Request, forward: Forward, hooks: Sequence[Hook]) -> Answer:
            shown = {one.address for one in hooks if one.endpoint_id and request.path.endswith(one.endpoint_id)}
            failed = sum(count >= 10 for (address, _), count in attempts.items() if address in shown)
            if request.method == "GET" and failed >= failed_events:
                forward(asked(request, "PATCH", request.path, {"enabled": False}))
            return forward(request)

        return between(passing, api=api)()

    return plant


def _one_at_a_time() -> Layer:
    """Deliveries to different endpoints wait for each other."""
    passed, turn = between()(), Lock()

    def layer(request: Request, forward: Forward) -> Answer:
        if not request.path.startswith("/_hook/"):
            return passed(request, forward)
        with turn:
            return passed(request, forward)

    return layer


def _answered_when_heard() -> Layer:
    """A change is answered after the deliveries that it triggered have ended; these do not wait for each other."""
    under_way, changed = Counter[str](), Condition()

    def api(request: Request, forward: Forward, hooks: Sequence[Hook]) -> Answer:
        answer = forward(request)
        if hooks and request.method == "PATCH" and answer.status == 200:
            time.sleep(_ALL_BEGIN_WITHIN_SECONDS)
            with changed:
                changed.wait_for(lambda: not under_way.total())
        return answer

    passed = between(api=api)()

    def layer(request: Request, forward: Forward) -> Answer:
        if not request.path.startswith("/_hook/"):
            return passed(request, forward)
        with changed:
            under_way[request.path] += 1
        try:
            return passed(request, forward)
        finally:
            with changed:
                under_way[request.path] -= 1
                changed.notify_all()

    return layer


ATTEMPTS: list[Mutant] = [
    Mutant("given up after five attempts", "webhook", _tried(lambda n: 1 if n <= 5 else 0)),
    Mutant("given up after nine attempts", "webhook", _tried(lambda n: 1 if n <= 9 else 0)),
    Mutant("tried an eleventh time", "webhook", _tried(lambda n: 2 if n == 10 else 1)),
    Mutant("a late redelivery that fails is tried again", "webhook", _tried(lambda n: 2 if n == 11 else 1)),
    Mutant("a receiver that is gone is not asked again", "webhook", _taken_for(410, 200)),
    Mutant("a receiver without a word has failed", "webhook", _taken_for(204, 500)),
    Mutant("an endpoint that is switched off after nine failed events", "webhook", _off_after(9)),
    Mutant("an endpoint whose successes do not count", "webhook", _off_after(10)),
    Mutant("a silent endpoint holds up the others", "webhook", _one_at_a_time),
    Mutant("changes wait for the receivers", "webhook", _answered_when_heard),
    Mutant("an endpoint that is never switched off", "webhook", between(api=_never_off)),
]
