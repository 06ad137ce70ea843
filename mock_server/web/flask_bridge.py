"""Between Flask and the framework-free exchange: the one place that touches `environ` and makes responses."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from flask import Response, request
from werkzeug.datastructures import Headers

from mock_server.web.exchange import BODY_LIMIT_BYTES, Answer, Incoming

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_HOST = re.compile(
    r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,4}|:[1-5][0-9]{4}|:6[0-4][0-9]{3}|:65[0-4][0-9]{2}|:655[0-2][0-9]|:6553[0-5])?"
)


def incoming_request() -> Incoming:
    environ = request.environ
    return Incoming(
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"].encode("latin-1", "replace").decode("utf-8", "replace"),
        query=environ.get("QUERY_STRING", ""),
        base_url=f"{environ['wsgi.url_scheme']}://{_host(environ)}",
        environ=environ,
        read_body=partial(_read, environ),
    )


def _host(environ: WSGIEnvironment) -> str:
    """The host that the client named, or the server's own when that is no host that a link could lead to."""
    # Of several the first counts; WSGI joins them by commas. Source: observed on the service, headers sent twice.
    host = str(environ.get("HTTP_HOST", "")).partition(",")[0].strip()
    if _HOST.fullmatch(host):
        return host
    return f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"


def _read(environ: WSGIEnvironment) -> bytes:
    """The body, announced by its length or chunked; of one that is too large no more than shows it."""
    most = BODY_LIMIT_BYTES + 1
    body: bytes = environ["wsgi.input"].read(min(_announced(environ) or most, most))
    return body


def _announced(environ: WSGIEnvironment) -> int | None:
    """How many bytes there will be; None when nobody can say before their end."""
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isdecimal():
        return int(length)
    return None if "HTTP_TRANSFER_ENCODING" in environ else 0


def flask_response(answer: Answer) -> Response:
    """Nothing but what the answer says: an answer without a content type gets none."""
    response = Response(answer.body, answer.status)
    response.headers = Headers(answer.headers)
    return response
