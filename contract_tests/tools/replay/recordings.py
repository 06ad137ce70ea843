"""Reads recordings of the service: canonical exchanges, together with the worlds in which they were recorded."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from contract_tests.model.known import KIND_OF_PREFIX, TokenKind
from contract_tests.model.observed_state import ObservedState
from contract_tests.model.world_documents import TOKEN_KINDS, order_of_document, state_of_worlds
from contract_tests.tools.replay.sources import NewOrder, Recorded, Source, Unreadable
from contract_tests.transport import request_reader
from contract_tests.transport.exchanges import Exchange
from polar_contract.json_types import JsonObject, JsonValue, as_object
from polar_contract.operations import Operations

_PLACEHOLDER = re.compile(r"\{([a-z_]+):([A-Za-z0-9_]+)\}")
_HOST = "http://recorded.invalid"
# These characters stay in a URL; all others are percent-encoded, as the sender did.
_SAFE = "/?&=%+:,[]{}~!$'()*;@"
_PREFIXES = {kind: prefix for prefix, kind in KIND_OF_PREFIX.items()}


def read_recording(path: Path, recording: JsonObject, operations: Operations) -> Source:
    """The source of a parsed recording. Errors: Unreadable."""
    steps = recording.get("steps")
    if not isinstance(steps, list):
        raise Unreadable(path, "the list `steps` of a recording is missing")
    worlds = {name: as_object(world) for name, world in as_object(recording.get("worlds")).items()}
    reader = _Reader(path, operations, worlds)
    events = tuple(reader.events(list(map(as_object, steps))))
    return Source(path, reader.observed_state(), events, has_all_headers=False)


class _Reader:
    """Replaces the placeholders of one file by ids and tokens; equal placeholders get equal values."""

    def __init__(self, path: Path, operations: Operations, worlds: Mapping[str, JsonObject]) -> None:
        self._path = path
        self._operations = operations
        self._worlds = worlds
        self._token_kinds = {
            name: TOKEN_KINDS.get(str(as_object(token).get("kind")), TokenKind.CUSTOMER)
            for world in worlds.values()
            for name, token in as_object(world.get("tokens")).items()
        }

    def observed_state(self) -> ObservedState:
        """The state described by the recording's worlds; incomplete when the recording has no worlds."""
        return state_of_worlds(self._worlds, self._stand_in)

    def events(self, steps: list[JsonObject]) -> Iterator[Recorded | NewOrder]:
        for step in steps:
            if step.get("do") == "create" and step.get("kind") == "orders":
                order = as_object(step.get("doc"))
                if not order.get("deleted"):
                    order_id = self._stand_in("order", str(step.get("key")))
                    yield NewOrder(order_id, order_of_document(order, str(step.get("world")), self._stand_in))
            elif step.get("do") == "request" and isinstance(step.get("response"), dict):
                yield Recorded(str(step.get("name")), self._exchange(step))

    def _exchange(self, step: JsonObject) -> Exchange:
        request, answer = as_object(step.get("request")), as_object(step.get("response"))
        status = answer.get("status")
        if not {"method", "path"} <= request.keys() or not isinstance(status, int):
            raise Unreadable(self._path, f"the exchange {step.get('name')!r} lacks its method, path or status")
        target = quote(str(self._filled(request["path"])), safe=_SAFE)
        method, path = str(request["method"]), request_reader.api_path(target)
        operation = self._operations.match(method, path)
        headers = as_object(self._filled(answer.get("headers")))
        return Exchange(
            method=method,
            url=_HOST + target,
            path=path,
            request_headers=_texts(as_object(self._filled(request.get("headers")))),
            request_body=self._sent(request),
            status=status,
            headers={name.lower(): value for name, value in _texts(headers).items()},
            body=self._came(answer),
            elapsed_seconds=0.0,
            operation_id=operation.id if operation else None,
        )

    def _sent(self, request: JsonObject) -> bytes:
        """The request body: texts were sent unchanged, everything else as JSON, unless `json` says otherwise."""
        body = self._filled(request.get("body"))
        is_json = request.get("json", not isinstance(body, str))
        if body is None and not request.get("json"):
            return b""
        return json.dumps(body).encode() if is_json else str(body).encode("utf-8", "surrogateescape")

    def _came(self, answer: JsonObject) -> bytes:
        body = self._filled(answer.get("body"))
        if answer.get("empty"):
            return b""
        media_type = str(as_object(answer.get("headers")).get("content-type", "application/json"))
        return str(body).encode() if isinstance(body, str) and "json" not in media_type else json.dumps(body).encode()

    def _filled(self, value: JsonValue) -> JsonValue:
        if isinstance(value, str):
            return _PLACEHOLDER.sub(lambda found: self._stand_in(found[1], found[2]), value)
        if isinstance(value, list):
            return [self._filled(item) for item in value]
        if isinstance(value, dict):
            return {str(self._filled(key)): self._filled(item) for key, item in value.items()}
        return value

    def _stand_in(self, kind: str, name: str) -> str:
        digest = hashlib.sha256(f"{kind}:{name}".encode())
        if kind == "token":
            return _PREFIXES[self._token_kinds.get(name, TokenKind.CUSTOMER)] + digest.hexdigest()[:43]
        # `up` and `nd` are an order's id in capitals and without dashes.
        of = "order" if kind in ("up", "nd") else kind
        identifier = uuid.UUID(bytes=hashlib.sha256(f"{of}:{name}".encode()).digest()[:16], version=4)
        return {"up": str(identifier).upper(), "nd": identifier.hex}.get(kind, str(identifier))


def _texts(headers: JsonObject) -> dict[str, str]:
    return {name: str(value) for name, value in headers.items()}
