"""Ids that are accepted or refused wrongly."""

from __future__ import annotations

import re

from mutants.operators import JSON_TYPE, NOT_FOUND, ORDER, Mutant, changing, error_of, mutant, on
from mutants.proxy import Answer, Forward, Request

_STRICT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UNKNOWN = Answer(404, JSON_TYPE, NOT_FOUND)


def _order_id(request: Request) -> str | None:
    found = re.fullmatch(r"/v1/(?:customer-portal/)?orders/([^/?]+)(?:/.*)?", request.path.partition("?")[0])
    return found[1] if found else None


def _malformed_are_unknown(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    is_about_id = answer.status == 422 and b'"path","id"' in answer.body
    return _UNKNOWN if is_about_id else answer


def _only_canonical(request: Request, forward: Forward) -> Answer:
    one = _order_id(request)
    is_uuid = one is not None and re.fullmatch(r"[0-9a-fA-F-]{32,36}", one) is not None
    return _UNKNOWN if is_uuid and one is not None and not _STRICT.fullmatch(one) else forward(request)


def _other_versions_are_unknown(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    return _UNKNOWN if answer.status == 422 and b"uuid_version" in answer.body else answer


def _garbage_is_accepted(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    is_about_id = answer.status == 422 and b'"path","id"' in answer.body
    return Answer(202, JSON_TYPE, b"null") if is_about_id and request.is_on("POST", "/invoice") else answer


def _checked_before_the_token(request: Request, forward: Forward) -> Answer:
    one = _order_id(request)
    if one == "nope" and request.token is None:
        return _UNKNOWN
    return forward(request)


IDS: list[Mutant] = [
    mutant("id", "404 for malformed ids", _malformed_are_unknown),
    mutant("id", "ids in capitals are unknown", _only_canonical),
    mutant("id", "ids of other versions are unknown", _other_versions_are_unknown),
    mutant("id", "garbage is accepted", _garbage_is_accepted),
    mutant("id", "ids are looked at before the token", _checked_before_the_token),
    mutant("id", "unknown ids are invalid", changing(on("GET", ORDER, 404), error_of(422, "RequestValidationError"))),
]
