"""Convert between Flask and the framework-free exchange: the only module that touches `environ` and makes responses."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import Response, request
from werkzeug.datastructures import Headers

from mock_server.web.exchange import Answer, Incoming
from mock_server.web.served import Served

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


def incoming_request(served: Served, body_limit_bytes: int) -> Incoming:
    environ = request.environ
    return Incoming(
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"].encode("latin-1", "replace").decode("utf-8", "replace"),
        query=environ.get("QUERY_STRING", ""),
        base_url=base_url(served, environ),
        environ=environ,
        read_body=partial(read_body, environ, body_limit_bytes),
    )


def base_url(served: Served, environ: WSGIEnvironment) -> str:
    """The base of links in the response."""
    # Of several hosts the first counts; WSGI joins them by commas. Source: observed on the service, headers sent twice.
    host = str(environ.get("HTTP_HOST", "")).partition(",")[0].strip()
    return served.base_url(environ["wsgi.url_scheme"], host)


def read_body(environ: WSGIEnvironment, most_bytes: int) -> bytes:
    """The body, with a Content-Length or chunked; of one that is too large, only enough to show that it is."""
    most = most_bytes + 1
    body: bytes = environ["wsgi.input"].read(min(announced_bytes(environ) or most, most))
    return body


def announced_bytes(environ: WSGIEnvironment) -> int | None:
    """The number of bytes; None if it is unknown before their end."""
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isdecimal():
        return int(length)
    return None if "HTTP_TRANSFER_ENCODING" in environ else 0


def flask_response(answer: Answer) -> Response:
    """Only the answer's own headers: an answer without a content type gets none."""
    response = Response(answer.body, answer.status)
    response.headers = Headers(answer.headers)
    return response
