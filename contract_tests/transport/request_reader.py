"""Reads a request as the service does: the token, the id, the query, the body. Sends and checks nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import UUID

from contract_tests.transport.exchanges import Exchange
from polar_contract.json_types import JsonValue
from polar_contract.operations import Operation

# Upper case, no dashes, braces and `urn:uuid:` are accepted. Source: observed on the service, April 2026.
_DASHED = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_ID = re.compile(rf"(urn:uuid:)?{_DASHED}|\{{{_DASHED}\}}|[0-9a-f]{{32}}", re.IGNORECASE)
_ID_VERSION = 4
_BRACKETS = {"}": "object", "]": "array"}
_METADATA = re.compile(r"metadata\[([^\]]+)\]")
_OLD_ROOT = "/api/v1/"


@dataclass(frozen=True, slots=True)
class Body:
    """A parsed body: its value, or why there is none. `is_json` is about the content type."""

    value: JsonValue = None
    is_absent: bool = False
    is_json: bool = True
    is_broken: bool = False


def api_path(target: str) -> str:
    """The path with the root `/v1`; the former root `/api/v1` is replaced. Source: observed on the service, April 2026."""
    path = target.partition("?")[0]
    return path.removeprefix("/api") if path.startswith(_OLD_ROOT) else path


def bearer(exchange: Exchange) -> str | None:
    """The token that was sent; None when there is none, or when the recording hides it."""
    if exchange.hides_caller:
        return None
    headers = {name.lower(): value for name, value in exchange.request_headers.items()}
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def canonical_id(exchange: Exchange, operation: Operation) -> str | None:
    """The id in the path in lower case with dashes; None for an id that the service refuses."""
    found = operation.pattern.fullmatch(exchange.path)
    if found is None or not operation.has_id:
        return None
    before, _, after = operation.path.partition("{id}")
    text = unquote(exchange.path[len(before) : len(exchange.path) - len(after)])
    if not _ID.fullmatch(text):
        return None
    identifier = UUID(text)
    # A UUID of another variant has no version: None.
    return str(identifier) if identifier.version == _ID_VERSION else None


def query(exchange: Exchange) -> Mapping[str, list[str]]:
    """Every parameter with all its values, in the order in which they were sent."""
    sent: dict[str, list[str]] = {}
    for name, value in parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True):
        sent.setdefault(name, []).append(value)
    return sent


def metadata_of(sent: Mapping[str, list[str]]) -> Mapping[str, list[str]]:
    """The metadata keys in the query, with their values; `metadata[]` without a key is no filter. Source: observed, April 2026."""
    found: dict[str, list[str]] = {}
    for name, values in sent.items():
        if key := _METADATA.match(name):
            found.setdefault(key[1], []).extend(values)
    return found


def syntax_fault(raw: bytes) -> tuple[int, str] | None:
    """The position of a JSON syntax error in characters, and CPython 3.13's message; None for valid JSON and undecodable bytes.

    Older interpreters report the bracket after a trailing comma instead. Source: observed on the service, April 2026.
    """
    try:
        json.loads(raw)
    except json.JSONDecodeError as fault:
        before = fault.doc[: fault.pos].rstrip(" \t\n\r")
        kind = _BRACKETS.get(fault.doc[fault.pos : fault.pos + 1])
        if kind is not None and before.endswith(",") and not fault.msg.startswith("Illegal"):
            return len(before) - 1, f"Illegal trailing comma before end of {kind}"
        return fault.pos, fault.msg
    except (ValueError, RecursionError):
        return None
    return None


def body(exchange: Exchange) -> Body:
    """The body as the service reads it."""
    headers = {name.lower(): value for name, value in exchange.request_headers.items()}
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = bool(re.fullmatch(r"application/(json|[^/]+\+json)", media_type))
    if not exchange.request_body:
        return Body(is_absent=True, is_json=is_json)
    if not is_json:
        return Body(is_json=False)
    try:
        value: JsonValue = json.loads(exchange.request_body)
    except (ValueError, RecursionError):
        return Body(is_broken=True)
    return Body(value)
