"""HAR documents, as browsers, proxies and this judge write them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from contract_tests.exchanges import Exchange
from contract_tests.offline.sources import Recorded, Source, Unreadable
from contract_tests.operations import Operations
from contract_tests.traces import asking
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object


def read_har(path: Path, document: JsonObject, operations: Operations) -> Source:
    """The source behind a parsed HAR document; nothing is known beforehand. Errors: Unreadable."""
    entries = as_object(document.get("log")).get("entries")
    if not isinstance(entries, list):
        raise Unreadable(path, "there is no list of `log.entries`; a HAR document has one")
    recorded = []
    for number, entry in enumerate(map(as_object, entries), 1):
        try:
            recorded += [Recorded(f"entry {number}", exchange) for exchange in _exchange(entry, operations)]
        except ValueError as problem:
            # A URL that is none, or half a character, which no answer can have held.
            raise Unreadable(path, f"entry {number} can't be read: {problem}") from problem
    return Source(path, events=tuple(recorded))


def _exchange(entry: JsonObject, operations: Operations) -> Iterator[Exchange]:
    """One exchange; none for an entry that was never answered, or whose answer's text was left out."""
    request, answer = as_object(entry.get("request")), as_object(entry.get("response"))
    status, elapsed = answer.get("status"), entry.get("time")
    body = _body(as_object(answer.get("content")))
    if not isinstance(status, int) or isinstance(status, bool) or status == 0 or body is None:
        return
    method, url = str(request.get("method")), str(request.get("url"))
    path = asking.api_path(urlsplit(url).path)
    operation = operations.match(method, path)
    yield Exchange(
        method=method,
        url=url,
        path=path,
        request_headers=_headers(request.get("headers")),
        request_body=str(as_object(request.get("postData")).get("text") or "").encode(),
        status=status,
        headers={name.lower(): value for name, value in _headers(answer.get("headers")).items()},
        body=body,
        elapsed_seconds=elapsed / 1000 if isinstance(elapsed, int | float) and elapsed > 0 else 0.0,
        operation_id=operation.id if operation else None,
    )


def _headers(pairs: JsonValue) -> dict[str, str]:
    listed = map(as_object, as_list(pairs))
    return {
        str(pair.get("name")): str(pair.get("value")) for pair in listed if not str(pair.get("name")).startswith(":")
    }


def _body(content: JsonObject) -> bytes | None:
    """The bytes of an answer; None when there were some and the file does not hold them."""
    text = content.get("text")
    if not isinstance(text, str):
        return b"" if not content.get("size") else None
    if content.get("encoding") != "base64":
        return text.encode()
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
