"""Register the control API's routes: the function of each path, and the responses to its errors."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from mock_server.documents.errors import DocumentInvalid, ScenarioUnknown
from mock_server.domain.cancellation import Cancelled
from mock_server.domain.errors import InputRefused, OrderUnknown, RefundRefused, StatusChangeRefused
from mock_server.services.context import Services
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
from mock_server.web.control import (
    additions,
    clock,
    document,
    events,
    faults,
    health,
    journal,
    orders,
    snapshots,
    worlds,
)
from mock_server.web.control.errors import (
    answer_conflict,
    answer_http,
    answer_invalid,
    answer_nobody,
    answer_refused_change,
    answer_refused_refund,
    answer_taken,
    answer_unknown,
    answer_unknown_order,
    refused,
)
from mock_server.web.control.gate import ControlGate
from mock_server.web.control.hints import Hints
from mock_server.web.control.pages import guard
from mock_server.web.revisions import ServedRevisions

CONTROL_ROOT = "/_mock"
_UNKNOWN_CALL = "unknown"


def control_blueprint(services: Services, revisions: ServedRevisions, gate: ControlGate) -> Blueprint:
    blueprint = Blueprint("control", __name__)
    guard(blueprint, gate, is_open=f"{CONTROL_ROOT}{health.OPEN_CALL}".__eq__)
    for routes in (
        health.routes(services.own_revision),
        document.routes(),
        worlds.routes(services),
        orders.routes(services),
        additions.routes(services),
        clock.routes(services),
        snapshots.routes(services),
        events.routes(services),
        faults.routes(services),
        journal.routes(services, Hints(services, revisions)),
    ):
        for method, rule, function in routes:
            # Flask refuses a dot in a name.
            blueprint.add_url_rule(rule, f"{method} {rule.replace('.', '_')}", function, methods=[method])
    blueprint.record_once(_answer_unknown_calls)
    _register_refusals(blueprint)
    return blueprint


def _answer_unknown_calls(state: BlueprintSetupState) -> None:
    """Calls to all other paths under the root, with any method, pass the same gate as the existing calls."""
    endpoint = f"{state.blueprint.name}.{_UNKNOWN_CALL}"

    def unknown_call(**_: str) -> Response:
        return refused(
            404,
            "CallUnknown",
            f"there is no {request.method} {request.path}; GET {CONTROL_ROOT}/openapi.json lists all calls",
        )

    state.app.view_functions[endpoint] = unknown_call
    for rule in ("", "/", "/<path:path>"):
        path = f"{state.url_prefix}{rule}"
        state.app.url_map.add(Rule(path, endpoint=endpoint, methods=None, merge_slashes=False, strict_slashes=False))


def _register_refusals(blueprint: Blueprint) -> None:
    blueprint.register_error_handler(HTTPException, answer_http)
    blueprint.register_error_handler(OrderUnknown, answer_unknown_order)
    for unknown in (WorldUnknown, ScenarioUnknown, TokenUnknown, SnapshotUnknown, FaultUnknown):
        blueprint.register_error_handler(unknown, answer_unknown)
    blueprint.register_error_handler(NameTaken, answer_taken)
    for conflict in (SnapshotTaken, SnapshotsFull, TokensLost):
        blueprint.register_error_handler(conflict, answer_conflict)
    blueprint.register_error_handler(Cancelled, answer_nobody)
    blueprint.register_error_handler(DocumentInvalid, answer_invalid)
    blueprint.register_error_handler(RefundRefused, answer_refused_refund)
    for change in (InputRefused, StatusChangeRefused):
        blueprint.register_error_handler(change, answer_refused_change)
