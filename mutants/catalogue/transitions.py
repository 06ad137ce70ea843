"""Defects of orders after a transition: paid late or again, or refunded in steps."""

from __future__ import annotations

import re
from collections.abc import Callable

from mutants.operators import (
    JSON_TYPE,
    ORDER,
    PORTAL_ORDER,
    Json,
    Mutant,
    body_changed,
    changing,
    compact,
    mutant,
    on,
    parsed,
    with_parts,
)
from mutants.proxy import Answer, Forward, Layer, Request

_MOVE = re.compile(r"/_mock/worlds/[^/]+/orders/([^/]+)")
_CONFIRM = re.compile(r"/v1/customer-portal/orders/([^/]+)/confirm-payment")
_PAYMENT = re.compile(r"/v1/customer-portal/orders/([^/]+)/payment-status")
_DECLINED: Json = {"status": "failed", "error": "Your card was declined."}
Told = Callable[[Json], Json]
Moved = Callable[[Request, Answer], str | None]
"""The id of the order whose state a request has changed."""


def _to(status: str) -> Moved:
    def moved(request: Request, answer: Answer) -> str | None:
        move = _MOVE.fullmatch(request.path)
        return move[1] if move and request.method == "PATCH" and parsed(request.body).get("status") == status else None

    return moved


def _paid_again(request: Request, answer: Answer) -> str | None:
    confirmed = _CONFIRM.fullmatch(request.path)
    return confirmed[1] if confirmed and answer.status == 200 and parsed(answer.body)["status"] == "succeeded" else None


def _after(moved: Moved, told: Told, *, on: re.Pattern[str] = re.compile(ORDER)) -> Callable[[], Layer]:
    """The shown order is wrong after a transition."""

    def plant() -> Layer:
        orders: set[str] = set()

        def layer(request: Request, forward: Forward) -> Answer:
            answer = forward(request)
            order = moved(request, answer)
            if order is not None:
                orders.add(order)
            is_told = request.method == "GET" and on.fullmatch(request.path) and answer.status == 200
            if not is_told or not any(one in request.path for one in orders):
                return answer
            return Answer(200, JSON_TYPE, compact(told(parsed(answer.body))))

        return layer

    return plant


def _refunded_twice(order: Json) -> Json:
    return {**order, "refunded_amount": order["refunded_amount"] + 1000}


def _still_declined(payment: Json) -> Json:
    return {**payment, "error": _DECLINED["error"]} if payment["status"] == "pending" else payment


def _of_payment(told: Told) -> Layer:
    return changing(on("POST", f"{PORTAL_ORDER}/confirm-payment", 200), body_changed(told))


TRANSITIONS: list[Mutant] = [
    Mutant("a declined payment outlives the paid one", "rule", _after(_to("paid"), lambda _: _DECLINED, on=_PAYMENT)),
    Mutant("an order that is paid late was not changed", "rule", _after(_to("paid"), with_parts(modified_at=None))),
    Mutant("more is refunded than was paid", "rule", _after(_to("refunded"), _refunded_twice)),
    Mutant("paid before the processor says so", "rule", _after(_paid_again, with_parts(status="paid", paid=True))),
    Mutant(
        "a payment succeeds before the processor says so",
        "rule",
        _after(_paid_again, with_parts(status="succeeded"), on=_PAYMENT),
    ),
    mutant("rule", "whoever has to act is told no secret", _of_payment(with_parts(client_secret=None))),
    Mutant("a payment under way was declined", "rule", _after(_paid_again, _still_declined, on=_PAYMENT)),
]
