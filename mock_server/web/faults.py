"""The response to a call that a fault strikes, and the way in which it is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from mock_server.domain.errors import TooManyRequests
from mock_server.domain.faults import Effect, FaultAnswer, GivenAnswer, InvalidTokenAnswer, NamedAnswer, TooManyAnswer
from mock_server.services.faults import CallStrike
from mock_server.store.state import World
from mock_server.web.exchange import Answer, Incoming
from mock_server.web.problems import TOKEN_INVALID
from mock_server.web.revisions import ServedRevision
from mock_server.web.rsgi import SENDING
from mock_server.web.sending import FaultySending

NOT_SENT = Answer(503, b"", ())
"""Stands for the answer of a call whose connection is reset before its function runs."""


def answer_struck(
    strike: CallStrike, incoming: Incoming, revision: ServedRevision, world: World, operate: Callable[[], Answer]
) -> Answer:
    """The fault's answer, or else the function's. `operate`: every check and the function of the operation."""
    fault = strike.fault
    own = operate() if fault.effect is Effect.AFTER else NOT_SENT
    seconds = fault.latency.seconds(strike.number) if fault.latency is not None else 0
    if seconds or fault.connection is not None:
        incoming.environ[SENDING] = FaultySending(seconds, fault.connection, fault.body_seconds)
    return own if fault.answer is None else _answer(fault.answer, strike, revision, world)


def _answer(answer: FaultAnswer, strike: CallStrike, revision: ServedRevision, world: World) -> Answer:
    match answer:
        case GivenAnswer(status, body, headers):
            return Answer(status, body, headers)
        case TooManyAnswer(seconds):
            return revision.problems.answer_to(TooManyRequests(timedelta(seconds=seconds)))
        case InvalidTokenAnswer():
            return TOKEN_INVALID
        case NamedAnswer(rule):
            return _documented(rule, strike, revision, world)


def _documented(rule: str, strike: CallStrike, revision: ServedRevision, world: World) -> Answer:
    """An answer of the revision, with the facts of the order in the path, or else of the rule's own order."""
    own = revision.problems
    if rule == "unauthorized":
        return own.unauthorized
    order_id = strike.order_id or strike.fault.order_id or ""
    order = world.tables.orders.get(order_id)
    return own.refused(
        getattr(own.rules, rule),
        order_id=order_id,
        order_status=order.status if order is not None else "unknown",
        limit_bytes=revision.behaviour.request.body_limit_bytes,
    )
