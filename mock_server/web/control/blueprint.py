"""The control API's routes, put together: which function answers which path, and how its refusals are told."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from mock_server.documents.errors import DocumentInvalid, ScenarioUnknown
from mock_server.domain.errors import InputRefused, OrderUnknown, RefundRefused, StatusChangeRefused
from mock_server.services.context import Services
from mock_server.store.errors import NameTaken, TokenUnknown, WorldUnknown
from mock_server.web.control import additions, clock, health, orders, worlds
from mock_server.web.control.errors import (
    KEY_REFUSED,
    answer_http,
    answer_invalid,
    answer_refused_change,
    answer_refused_refund,
    answer_taken,
    answer_unknown,
    refused,
)
from mock_server.web.control.gate import ControlGate


def control_blueprint(services: Services, gate: ControlGate) -> Blueprint:
    blueprint = Blueprint("control", __name__)

    def require_key() -> Response | None:
        if gate.admits(request.headers.get("X-Mock-Key")):
            return None
        return refused(401, "KeyRefused", KEY_REFUSED)

    blueprint.before_request(require_key)
    for room in (
        health.routes(services.own_revision),
        worlds.routes(services),
        orders.routes(services),
        additions.routes(services),
        clock.routes(services),
    ):
        for method, rule, function in room:
            blueprint.add_url_rule(rule, f"{method} {rule}", function, methods=[method])
    _register_refusals(blueprint)
    return blueprint


def _register_refusals(blueprint: Blueprint) -> None:
    blueprint.register_error_handler(HTTPException, answer_http)
    for unknown in (WorldUnknown, OrderUnknown, ScenarioUnknown, TokenUnknown):
        blueprint.register_error_handler(unknown, answer_unknown)
    blueprint.register_error_handler(NameTaken, answer_taken)
    blueprint.register_error_handler(DocumentInvalid, answer_invalid)
    blueprint.register_error_handler(RefundRefused, answer_refused_refund)
    for change in (InputRefused, StatusChangeRefused):
        blueprint.register_error_handler(change, answer_refused_change)
