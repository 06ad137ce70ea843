"""Defects of orders that have moved on: paid late, or refunded in steps."""

from __future__ import annotations

import re
from collections.abc import Callable

from mutants.layers import JSON_TYPE, ORDER, Json, Mutant, compact, parsed, with_parts
from mutants.proxy import Answer, Forward, Layer, Request

_MOVE = re.compile(r"/_mock/worlds/[^/]+/orders/([^/]+)")
_PAYMENT = re.compile(r"/v1/customer-portal/orders/([^/]+)/payment-status")
Told = Callable[[Json], Json]
_DECLINED: Json = {"status": "failed", "error": "Your card was declined."}


def _after(status: str, told: Told, *, on: re.Pattern[str] = re.compile(f"{ORDER}")) -> Callable[[], Layer]:
    """What is told of an order is wrong once it was moved to a status."""

    def plant() -> Layer:
        moved: set[str] = set()

        def layer(request: Request, forward: Forward) -> Answer:
            answer = forward(request)
            move = _MOVE.fullmatch(request.path)
            if move and request.method == "PATCH" and parsed(request.body).get("status") == status:
                moved.add(move[1])
            asked = on.fullmatch(request.path)
            if not asked or answer.status != 200 or not any(order in request.path for order in moved):
                return answer
            return Answer(200, JSON_TYPE, compact(told(parsed(answer.body))))

        return layer

    return plant


def _refunded_twice(order: Json) -> Json:
    return {**order, "refunded_amount": order["refunded_amount"] + 1000}


MOVES: list[Mutant] = [
    Mutant("a declined payment outlives the paid one", "rule", _after("paid", lambda _: _DECLINED, on=_PAYMENT)),
    Mutant("an order that is paid late was not changed", "rule", _after("paid", with_parts(modified_at=None))),
    Mutant("more is refunded than was paid", "rule", _after("refunded", _refunded_twice)),
]
