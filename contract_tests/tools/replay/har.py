"""Reads HAR documents as browsers, proxies, test tools and the contract tests write them."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from contract_tests.model.observed_state import ObservedState
from contract_tests.reporting.har import LEFT_OUT, SENT_NO_TOKEN
from contract_tests.tools.replay.attachments import Attachments, Unattached
from contract_tests.tools.replay.callers import Caller, caller_of
from contract_tests.tools.replay.sources import Recorded, Source, Unreadable
from contract_tests.transport import request_reader
from contract_tests.transport.exchanges import Exchange
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object
from polar_contract.operations import Operations


@dataclass(slots=True)
class HarReader:
    """Reads the entries of one document."""

    operations: Operations
    attachments: Attachments
    has_all_headers: bool = False
    """Whether a request without `Authorization` was sent without it; otherwise the exporter may have omitted it."""
    callers: Counter[Caller] = field(default_factory=Counter)
    left_out: list[str] = field(default_factory=list)
    _misses_change: bool = False

    def read(self, path: Path, document: JsonObject) -> Source:
        """The source of a parsed document; its observed state starts empty. Errors: Unreadable."""
        log = as_object(document.get("log"))
        entries = log.get("entries")
        if not isinstance(entries, list):
            raise Unreadable(path, "the list `log.entries` of a HAR document is missing")
        recorded = []
        for number, entry in enumerate(map(as_object, entries), 1):
            try:
                recorded += [Recorded(f"entry {number}", exchange) for exchange in self._exchange(number, entry)]
            except ValueError as problem:
                # An invalid URL, or half a surrogate pair, which no answer can have contained.
                raise Unreadable(path, f"entry {number} can't be read: {problem}") from problem
        # A change made by a request that can't be read looks like a change made by somebody else.
        observed_state = ObservedState(is_shared=self._misses_change, is_partial=bool(log.get(LEFT_OUT)))
        return Source(path, observed_state, tuple(recorded), callers=self.callers, left_out=tuple(self.left_out))

    def _exchange(self, number: int, entry: JsonObject) -> Iterator[Exchange]:
        """One exchange; none for an entry without an answer or with a missing body."""
        request, answer = as_object(entry.get("request")), as_object(entry.get("response"))
        status, elapsed = answer.get("status"), entry.get("time")
        if not isinstance(status, int) or isinstance(status, bool) or status == 0:
            return
        method, url = str(request.get("method")), str(request.get("url"))
        path = request_reader.api_path(urlsplit(url).path)
        operation = self.operations.match(method, path)
        try:
            sent, got = self._sent(request), self._got(as_object(answer.get("content")))
        except Unattached as problem:
            if operation is not None:
                self.left_out.append(f"entry {number}: {problem}")
                self._misses_change = self._misses_change or not operation.is_read
            return
        caller = self._caller(request)
        self.callers[caller] += operation is not None
        yield Exchange(
            method=method,
            url=url,
            path=path,
            request_headers=_headers(request.get("headers")),
            request_body=sent,
            status=status,
            headers={name.lower(): value for name, value in _headers(answer.get("headers")).items()},
            body=got,
            elapsed_seconds=elapsed / 1000 if isinstance(elapsed, int | float) and elapsed > 0 else 0.0,
            operation_id=operation.id if operation else None,
            started_at=_moment(entry.get("startedDateTime")),
            hides_caller=caller is not Caller.SHOWN,
        )

    def _caller(self, request: JsonObject) -> Caller:
        headers = _headers(request.get("headers"))
        if request.get("cookies"):
            headers.setdefault("Cookie", "")
        return caller_of(headers, has_all_headers=self.has_all_headers or request.get(SENT_NO_TOKEN) is True)

    def _sent(self, request: JsonObject) -> bytes:
        """The body of a request. Errors: Unattached when there was one and it is missing."""
        data, size = as_object(request.get("postData")), request.get("bodySize")
        if isinstance(data.get("_file"), str):
            return self.attachments.body(str(data["_file"]))
        text = str(data.get("text") or "")
        if not text and isinstance(size, int) and size > 0:
            raise Unattached("the request's body is not in the file")
        return text.encode()

    def _got(self, content: JsonObject) -> bytes:
        """The body of an answer. Errors: Unattached when there was one and it is missing."""
        text = content.get("text")
        if isinstance(content.get("_file"), str):
            return self.attachments.body(str(content["_file"]))
        if not isinstance(text, str):
            if not content.get("size"):
                return b""
            raise Unattached("the answer's body is not in the file")
        if content.get("encoding") != "base64":
            return text.encode()
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise Unattached("the answer's body is declared as base64 but is not valid base64") from None


def _headers(pairs: JsonValue) -> dict[str, str]:
    listed = map(as_object, as_list(pairs))
    return {
        str(pair.get("name")): str(pair.get("value")) for pair in listed if not str(pair.get("name")).startswith(":")
    }


def _moment(text: JsonValue) -> float:
    """Seconds since 1970; 0 for what is no time."""
    try:
        return datetime.fromisoformat(str(text)).timestamp()
    except (ValueError, OverflowError):
        return 0.0
