"""The control API's errors and their responses: a name, a message, and the places of the problems."""

from __future__ import annotations

from flask import Response
from werkzeug.exceptions import HTTPException

from mock_server.documents.errors import DocumentInvalid, ScenarioUnknown, cut
from mock_server.domain.cancellation import Cancelled
from mock_server.domain.errors import InputRefused, OrderUnknown, RefundRefused, StatusChangeRefused
from mock_server.store.errors import (
    FaultUnknown,
    NameTaken,
    SnapshotsFull,
    SnapshotTaken,
    SnapshotUnknown,
    TokensLost,
    TokenUnknown,
    WorldUnknown,
)
from mock_server.views.basics import compact
from mock_server.web.exchange import Answer
from mock_server.web.flask_bridge import flask_response
from polar_contract.json_types import JsonObject, JsonValue


def refused(status: int, error: str, detail: str, **more: JsonValue) -> Response:
    body: JsonObject = {"error": error, "detail": detail, **more}
    return flask_response(Answer(status, compact(body)))


def answer_http(error: HTTPException) -> Response:
    return refused(error.code or 500, error.name.replace(" ", ""), error.description or error.name)


def answer_unknown(
    error: WorldUnknown | ScenarioUnknown | TokenUnknown | SnapshotUnknown | FaultUnknown,
) -> Response:
    return refused(404, type(error).__name__, str(error))


def answer_unknown_order(error: OrderUnknown) -> Response:
    where = "GET the world's document: its orders are there by name, each with its id"
    return refused(404, "OrderUnknown", f"no order {cut(error.order_id)!r} in this world, by name or by id; {where}")


def answer_taken(error: NameTaken) -> Response:
    return refused(409, "NameTaken", str(error), path=error.path)


def answer_conflict(error: SnapshotTaken | SnapshotsFull | TokensLost) -> Response:
    return refused(409, type(error).__name__, str(error))


def answer_nobody(_: Cancelled) -> Response:
    """The client has hung up; the log of a proxy may show this answer, and no one else reads it."""
    return refused(503, "ClientGone", "the client hung up before the answer was made")


def answer_invalid(error: DocumentInvalid) -> Response:
    problems: list[JsonValue] = [{"path": p.path, "message": p.message} for p in error.problems]
    return refused(422, "DocumentInvalid", str(error), problems=problems, more_problems=error.more)


def answer_refused_change(error: InputRefused | StatusChangeRefused) -> Response:
    return refused(422, type(error).__name__, str(error))


def answer_refused_refund(error: RefundRefused) -> Response:
    problems: list[JsonValue] = [{"path": error.field, "message": error.message}]
    return refused(422, "RefundRefused", str(error), problems=problems)
