"""The application: the API's requests go straight to the request pipeline, the control API under `/_mock` is Flask's.

Flask's request context, routing and response objects took half of a request's time, and the API uses none of them: it matches
its routes after the token, as the service does. Measured: docs/decisions/0034-the-api-in-front-of-flask.md
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

from mock_server.services.context import Services
from mock_server.services.downloads import DOWNLOAD_ROOTS
from mock_server.web.control.blueprint import CONTROL_ROOT, control_blueprint
from mock_server.web.control.gate import ControlGate
from mock_server.web.downloads import answer_download
from mock_server.web.exchange import Answer, Incoming
from mock_server.web.pages.routes import pages_blueprint
from mock_server.web.pipeline import ApiPipeline
from mock_server.web.portal_page import is_portal_page, portal_page
from mock_server.web.published import PublishedDocuments
from mock_server.web.served import Served
from mock_server.web.wsgi import incoming_request, send

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_BELOW_CONTROL_ROOT = f"{CONTROL_ROOT}/"


def create_app(services: Services, pipeline: ApiPipeline, documents: PublishedDocuments, *, gate: ControlGate) -> Flask:
    """A Flask application with the control API, and in front of it everything that clients of the service ask for."""
    app = Flask("mock_server", static_folder=None)
    app.url_map.merge_slashes = False
    # The control API answers what is left under its root, so it comes last.
    app.register_blueprint(pages_blueprint(services, pipeline.revisions, gate), url_prefix=CONTROL_ROOT)
    app.register_blueprint(control_blueprint(services, pipeline.revisions, gate), url_prefix=CONTROL_ROOT)
    app.wsgi_app = _InFront(app, services, pipeline, documents, gate.served)  # type: ignore[method-assign]  # as Flask documents it
    return app


class _InFront:
    """Answers requests to the API, to documents and to the portal page; passes those of the control API on."""

    def __init__(
        self, app: Flask, services: Services, pipeline: ApiPipeline, documents: PublishedDocuments, served: Served
    ) -> None:
        self._app = app
        self._control: WSGIApplication = app.wsgi_app
        self._services = services
        self._pipeline = pipeline
        self._documents = documents
        self._served = served

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path.startswith(_BELOW_CONTROL_ROOT) or path == CONTROL_ROOT:
            return self._control(environ, start_response)
        try:
            answer = self._answer(incoming_request(environ, self._served, self._pipeline.revisions.body_limit_bytes))
        except Exception as error:  # any mistake of the mock itself: reported below
            return self._report(error, environ, start_response)
        return send(answer, environ["REQUEST_METHOD"], start_response)

    def _answer(self, incoming: Incoming) -> Answer:
        if incoming.path.startswith(DOWNLOAD_ROOTS):
            return answer_download(self._services, self._pipeline.revisions, incoming)
        if is_portal_page(incoming):
            return portal_page()
        return self._documents.find(incoming) or self._pipeline.answer(incoming)

    def _report(self, error: Exception, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """A mistake of the mock itself: Flask logs it and answers 500, as it does for the control API."""
        with self._app.request_context(environ):
            return self._app.handle_exception(error)(environ, start_response)
