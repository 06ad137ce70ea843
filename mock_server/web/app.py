"""The Flask application: the API behind one catch-all, the control API under `/_mock`, and invoice downloads."""

from __future__ import annotations

from flask import Flask, Response
from werkzeug.routing import Rule

from mock_server.services.context import Services
from mock_server.services.downloads import DOWNLOAD_ROOT
from mock_server.web.control.blueprint import CONTROL_ROOT, control_blueprint
from mock_server.web.control.gate import ControlGate
from mock_server.web.downloads import answer_download
from mock_server.web.flask_bridge import flask_response, incoming_request
from mock_server.web.pipeline import ApiPipeline
from mock_server.web.portal_page import PORTAL_PAGE, is_portal_page


def create_app(services: Services, pipeline: ApiPipeline, *, gate: ControlGate) -> Flask:
    """One application; the request pipeline matches the contract's routes, after the token and in the service's way."""
    app = Flask("mock_server", static_folder=None)
    app.url_map.merge_slashes = False
    app.register_blueprint(control_blueprint(services, gate), url_prefix=CONTROL_ROOT)

    body_limit_bytes = pipeline.body_limit_bytes

    def answer_api(**_: str) -> Response:
        incoming = incoming_request(gate.served, body_limit_bytes)
        if incoming.path.startswith(DOWNLOAD_ROOT):
            return flask_response(answer_download(services, incoming))
        if is_portal_page(incoming):
            return flask_response(PORTAL_PAGE)
        return flask_response(pipeline.answer(incoming))

    app.view_functions["api"] = answer_api
    # Rules without methods accept every method, unknown ones too: the request pipeline rejects wrong methods.
    for rule in ("/", "/<path:path>"):
        app.url_map.add(Rule(rule, endpoint="api", methods=None, merge_slashes=False, strict_slashes=False))
    app.register_error_handler(404, lambda _: answer_api())
    return app
