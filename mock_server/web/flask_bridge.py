"""Between Flask and the framework-free exchange: the one place that touches `environ` and makes responses."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import Response, request
from werkzeug.datastructures import Headers

from mock_server.web.exchange import Answer, Incoming

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_READ_LIMIT_BYTES = 16 * 1024 * 1024


def incoming_request() -> Incoming:
    environ = request.environ
    return Incoming(
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"].encode("latin-1", "replace").decode("utf-8", "replace"),
        query=environ.get("QUERY_STRING", ""),
        base_url=f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST') or environ['SERVER_NAME']}",
        environ=environ,
        read_body=partial(_read, environ),
    )


def _read(environ: WSGIEnvironment) -> bytes:
    """The body, announced by its length or chunked, and never more of it than the limit."""
    length = environ.get("CONTENT_LENGTH") or ""
    wanted = min(int(length), _READ_LIMIT_BYTES) if length.isdecimal() else _READ_LIMIT_BYTES
    body: bytes = environ["wsgi.input"].read(wanted)
    return body


def flask_response(answer: Answer) -> Response:
    """Nothing but what the answer says: an answer without a content type gets none."""
    response = Response(answer.body, answer.status)
    response.headers = Headers(answer.headers)
    return response
