"""What a request says, read as the service reads it: the token, the id, the query, the body. Sends and judges nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import UUID

from contract_tests.exchanges import Exchange
from contract_tests.operations import Operation
from polar_contract.json_types import JsonValue

# Capitals, no dashes, braces and `urn:uuid:` are taken. Source: observed on the service, April 2026.
_DASHED = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_ID = re.compile(rf"(urn:uuid:)?{_DASHED}|\{{{_DASHED}\}}|[0-9a-f]{{32}}", re.IGNORECASE)
_ID_VERSION = 4
_BRACKETS = {"}": "object", "]": "array"}
_METADATA = re.compile(r"metadata\[([^\]]+)\]")
_OLD_ROOT = "/api/v1/"


@dataclass(frozen=True, slots=True)
class Body:
    """A body that was read: its value, or why there is none. `is_json` is about the content type."""

    value: JsonValue = None
    is_absent: bool = False
    is_json: bool = True
    is_broken: bool = False


def api_path(target: str) -> str:
    """The path below `/v1`; an old root means the same. Source: observed on the service, April 2026."""
    path = target.partition("?")[0]
    return path.removeprefix("/api") if path.startswith(_OLD_ROOT) else path


def bearer(exchange: Exchange) -> str | None:
    """The token that was sent, or None where the service sees none, or nobody can."""
    if exchange.hides_caller:
        return None
    headers = {name.lower(): value for name, value in exchange.request_headers.items()}
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def canonical_id(exchange: Exchange, operation: Operation) -> str | None:
    """The id in the path in its usual form, or None for one that the service refuses."""
    found = operation.pattern.fullmatch(exchange.path)
    if found is None or not operation.has_id:
        return None
    before, _, after = operation.path.partition("{id}")
    text = unquote(exchange.path[len(before) : len(exchange.path) - len(after)])
    if not _ID.fullmatch(text):
        return None
    identifier = UUID(text)
    # The version of an identifier of another variant is None.
    return str(identifier) if identifier.version == _ID_VERSION else None


def query(exchange: Exchange) -> Mapping[str, list[str]]:
    """Every parameter with all its values, in the order in which they were sent."""
    sent: dict[str, list[str]] = {}
    for name, value in parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True):
        sent.setdefault(name, []).append(value)
    return sent


def metadata_of(sent: Mapping[str, list[str]]) -> Mapping[str, list[str]]:
    """The keys that are filtered by, with their values; no key at all is no filter. Source: observed, April 2026."""
    found: dict[str, list[str]] = {}
    for name, values in sent.items():
        if key := _METADATA.match(name):
            found.setdefault(key[1], []).extend(values)
    return found


def syntax_fault(raw: bytes) -> tuple[int, str] | None:
    """Where JSON is malformed, in characters, and CPython 3.13's words for it; None for JSON, and for bytes that are no text.

    Older interpreters blame the bracket after a trailing comma. Source: observed on the service, April 2026.
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
