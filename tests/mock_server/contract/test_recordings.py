"""Recorded refusals of the service, if available: routes, content types and validation items match exactly."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest

from mock_server.contract.bodies import NoBody, parse_body
from mock_server.contract.errors import BodySyntaxInvalid, BodyUnreadable, RequestInvalid
from mock_server.contract.operations import Operation
from mock_server.contract.routes import Matched, MethodRefused, Redirected, RouteTable
from polar_contract import Contract
from polar_contract.json_types import as_object

RECORDINGS = Path(__file__).resolve().parents[3] / ".." / "shared" / "recordings" / "0.1.0"
PLACEHOLDER = re.compile(r"\{([a-z_]+):([A-Za-z0-9_]+)\}")
# Callers are checked before the request.
DECIDED_BEFORE = (401, 403)
FITS = "fits the contract"
NAMES = sorted(path.name for path in RECORDINGS.glob("*.json"))

pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings are not at hand")


def checked_steps(contract: Contract, name: str) -> list[Mapping[str, Any]]:
    """The exchanges of a recording whose answer depends on routes and checks: operations of the contract, without caller errors."""
    steps = json.loads((RECORDINGS / name).read_text())["steps"]
    return [step for step in steps if step["do"] == "request" and step.get("response") and is_checked(contract, step)]


def is_checked(contract: Contract, step: Mapping[str, Any]) -> bool:
    request, response = step["request"], step["response"]
    if response["status"] in DECIDED_BEFORE or "Access-Control-Request-Method" in (request["headers"] or {}):
        return False
    path = split_path(request)[0].rstrip("/")
    templates = [
        re.sub(r"\{[^}]+\}", "[^/]+", template.rstrip("/")) for template in as_object(contract.published["paths"])
    ]
    # What the service itself does not have is unknown here too.
    return response["body"] == {"detail": "Not Found"} or any(re.fullmatch(template, path) for template in templates)


def filled(text: str) -> str:
    """Ids and tokens in place of their names: the same one for the same name, all ids of version 4."""

    def one(found: re.Match[str]) -> str:
        kind, name = found.groups()
        written = str(
            UUID(bytes=uuid5(NAMESPACE_URL, f"{'order' if kind in ('up', 'nd') else kind}:{name}").bytes, version=4)
        )
        return {"up": written.upper(), "nd": written.replace("-", "")}.get(kind, written)

    return PLACEHOLDER.sub(one, text)


def raw_body(request: Mapping[str, Any]) -> bytes:
    body = request["body"]
    if body is None:
        return b""
    if request.get("json", not isinstance(body, str)):
        return filled(json.dumps(body)).encode()
    if body.startswith("b'"):
        literal: bytes = ast.literal_eval(body)
        return literal
    return filled(body).encode()


def split_path(request: Mapping[str, Any]) -> tuple[str, str]:
    sent = quote(filled(request["path"]), safe="/?&=%+:,[]{}~!$'()*;@")
    path, _, query = sent.partition("?")
    return unquote(re.sub("^/api/v1/", "/v1/", path)), query


def answered(routes: RouteTable, request: Mapping[str, Any]) -> object:
    path, query = split_path(request)
    match routes.match(request["method"], path):
        case Matched(operation, path_parameters):
            return checked(operation, path_parameters, query, request)
        case Redirected(mended):
            return mended
        case MethodRefused(allow):
            return 405, allow
        case _:
            return 404


def checked(operation: Operation, path: Mapping[str, str], query: str, request: Mapping[str, Any]) -> object:
    headers = {name.lower(): value for name, value in (request["headers"] or {}).items()}
    try:
        body = parse_body(headers.get("content-type"), raw_body(request)) if operation.has_body else NoBody()
        operation.check(path, parse_qsl(query, keep_blank_values=True), body)
    except RequestInvalid as invalid:
        return invalid.items
    except BodySyntaxInvalid as invalid:
        return [invalid.item]
    except BodyUnreadable:
        return 400
    return FITS


def expected(response: Mapping[str, Any]) -> object:
    body = json.loads(filled(json.dumps(response["body"])))
    match response["status"]:
        case 307:
            return re.sub("^https?://[^/]+", "", filled(response["headers"]["location"]))
        case 405:
            return 405, response["headers"]["allow"]
        case 400:
            return 400
        case 404 if body == {"detail": "Not Found"}:
            return 404
        case 422 if body["error"] == "RequestValidationError":
            return body["detail"]
        case _:
            return FITS


def comparable(answer: object) -> object:
    """The texts of `uuid_parsing` depend on the release of pydantic; type, location and input do not."""
    if not isinstance(answer, list):
        return answer
    return [
        {key: item[key] for key in item if item["type"] != "uuid_parsing" or key in ("type", "loc", "input")}
        for item in answer
    ]


@pytest.mark.parametrize("name", NAMES)
def test_recorded_requests_are_answered_as_the_service_answered_them(
    contract: Contract, routes: RouteTable, name: str
) -> None:
    differences = [
        (step["name"], want, got)
        for step in checked_steps(contract, name)
        # As text, so that the order of keys counts and 1 is not True.
        if (got := json.dumps(comparable(answered(routes, step["request"]))))
        != (want := json.dumps(comparable(expected(step["response"]))))
    ]

    assert differences == []


def test_the_recordings_hold_refusals_of_every_kind(contract: Contract) -> None:
    answers = [expected(step["response"]) for name in NAMES for step in checked_steps(contract, name)]
    kinds = [type(answer) for answer in answers]

    assert kinds.count(list) >= 64
    assert kinds.count(tuple) >= 13
    assert {400, 404, FITS, "/v1/customer-sessions/", "/v1/webhooks/endpoints"} <= {
        answer for answer in answers if not isinstance(answer, list)
    }
