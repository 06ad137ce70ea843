"""An answer as a response of Flask, for the control API."""

from __future__ import annotations

from flask import Response
from werkzeug.datastructures import Headers

from mock_server.web.exchange import Answer


def flask_response(answer: Answer) -> Response:
    """Only the answer's own headers: an answer without a content type gets none."""
    response = Response(answer.body, answer.status)
    response.headers = Headers(answer.headers)
    return response
