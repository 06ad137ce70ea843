"""Requests and answers as layers handle them: JSON bodies, and other requests of the same caller."""

from __future__ import annotations

import json

from mutants.planting.objects import Json
from mutants.proxy import Answer, Request

JSON_TYPE = {"content-type": "application/json"}
ACCEPTED = Answer(202, JSON_TYPE, b"null")
ORDER = r"/v1/(?:customer-portal/)?orders/[^/?]+"
INVOICE = ORDER + "/invoice"
# A larger body is refused before it is read, so that no defect depends on what it says; parsing it takes a hundred times as long.
_LARGEST_READ = 1024 * 1024


def parsed(body: bytes) -> Json:
    """The body parsed as JSON; None where it is not JSON, or larger than what any server of the contract reads."""
    if len(body) > _LARGEST_READ:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return None


def compact(value: Json) -> bytes:
    """JSON as the service writes it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode(errors="replace")


def error_name(answer: Answer) -> str | None:
    """The `error` of a JSON body."""
    body = parsed(answer.body)
    return body.get("error") if isinstance(body, dict) else None


def error_answer(status: int, error: str, detail: Json = "No") -> Answer:
    """An answer with an error."""
    return Answer(status, JSON_TYPE, compact({"error": error, "detail": detail}))


def asked(request: Request, method: str, path: str, body: Json = None) -> Request:
    """Another request of the same caller."""
    headers = {name: value for name, value in request.headers.items() if name not in ("content-type", "content-length")}
    data = b"" if body is None else compact(body)
    more = {**JSON_TYPE} if data else {}
    return Request(method, path, {**headers, **more, "content-length": str(len(data))}, data)


def at_path(request: Request, path: str) -> Request:
    """The same request to another path."""
    return Request(request.method, path, request.headers, request.body)


def as_caller(request: Request, token: str) -> Request:
    """The same request with another token."""
    headers = {**request.headers, "authorization": f"Bearer {token}"}
    return Request(request.method, request.path, headers, request.body)
