"""The control API's own OpenAPI document: two data files, served as one."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Response, request

from mock_server.views.basics import compact
from mock_server.web.control.bodies import Route
from mock_server.web.exchange import Answer
from mock_server.web.flask_bridge import flask_response
from polar_contract.json_types import JsonObject, as_object
from polar_contract.loading import parsed_once

_CALLS = Path(__file__).with_name("openapi.yaml")
_SCHEMAS = Path(__file__).with_name("openapi_schemas.yaml")


def routes() -> tuple[Route, ...]:
    # Read when it is first asked for, as a start needs none of it.
    text = lru_cache(maxsize=1)(lambda: compact(control_document()))

    def document() -> Response:
        response = flask_response(Answer(200, text()))
        response.set_etag(hashlib.sha256(text()).hexdigest()[:32])
        response.make_conditional(request)
        return response

    return (("GET", "/openapi.json", document),)


def control_document() -> JsonObject:
    calls = parsed_once(_CALLS, "control-calls")
    schemas = parsed_once(_SCHEMAS, "control-schemas")
    return {**calls, "components": {**as_object(calls["components"]), "schemas": schemas}}
