"""Between Flask and the framework-free exchange: the one place that touches `environ` and makes responses."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from flask import Response, request
from werkzeug.datastructures import Headers

from mock_server.web.exchange import Answer, Incoming

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_HOST = re.compile(
    r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,4}|:[1-5][0-9]{4}|:6[0-4][0-9]{3}|:65[0-4][0-9]{2}|:655[0-2][0-9]|:6553[0-5])?"
)
_READ_LIMIT_BYTES = 16 * 1024 * 1024


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
    host: str = environ.get("HTTP_HOST", "")
    if _HOST.fullmatch(host):
        return host
    return f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"


def _read(environ: WSGIEnvironment) -> bytes:
    """The body, announced by its length or chunked, and never more of it than the limit."""
    length = environ.get("CONTENT_LENGTH") or ""
    wanted = min(int(length), _READ_LIMIT_BYTES) if length.isdecimal() else _READ_LIMIT_BYTES
    body: bytes = environ["wsgi.input"].read(wanted)
    return body


def read_to_the_end(response: Response) -> Response:
    """Leave nothing of the body unread: the server would hang up after an answer to half a request, saying nothing of it.

    Whoever sends the next request over the same connection would then be told that it was reset.
    """
    environ = request.environ
    if environ.get("CONTENT_LENGTH", "0") != "0" or "HTTP_TRANSFER_ENCODING" in environ:
        _read(environ)
    return response


def flask_response(answer: Answer) -> Response:
    """Nothing but what the answer says: an answer without a content type gets none."""
    response = Response(answer.body, answer.status)
    response.headers = Headers(answer.headers)
    return response
