"""Requests and responses of the API as WSGI has them: the environ as an Incoming, an Answer as status, headers and body."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from werkzeug.urls import iri_to_uri

from mock_server.web.exchange import Answer, Incoming
from mock_server.web.served import Served

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_STATUS_LINES = {int(status): f"{int(status)} {status.phrase.upper()}" for status in HTTPStatus}
_NO_LENGTH = HTTPStatus.NO_CONTENT


def incoming_request(environ: WSGIEnvironment, served: Served, body_limit_bytes: int) -> Incoming:
    path = environ["PATH_INFO"]
    return Incoming(
        environ["REQUEST_METHOD"],
        path if path.isascii() else path.encode("latin-1", "replace").decode("utf-8", "replace"),
        environ.get("QUERY_STRING", ""),
        partial(base_url, served, environ),
        environ,
        partial(read_body, environ, body_limit_bytes),
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


def send(answer: Answer, method: str, start_response: StartResponse) -> list[bytes]:
    """Only the answer's own headers and its length: an answer without a content type gets none.

    A response to HEAD has the headers of the one to GET; 204 has no length. Source: RFC 9110, 8.6 and 9.3.2.
    """
    status, body, own = answer
    headers = list(own)
    if status != _NO_LENGTH:
        headers.append(("Content-Length", str(len(body))))
    if 300 <= status < 400:
        # The query in it is the client's, in any characters.
        headers = [(name, iri_to_uri(value) if name == "Location" else value) for name, value in headers]
    start_response(_STATUS_LINES.get(status) or f"{status} UNNAMED", headers)
    return [] if method == "HEAD" or status == _NO_LENGTH else [body]
