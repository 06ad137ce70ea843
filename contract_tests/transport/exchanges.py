"""One request with its response as sent over the network, and the ledger of all of them in a run. Sends nothing itself."""

from __future__ import annotations

import json
import shlex
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from contract_tests.transport.visible import is_visible
from polar_contract.json_types import JsonValue

# The status of an exchange without a complete response.
NO_STATUS = 0
_LONGEST_BODY = 600
_SHOWN_BYTES = 4 * 1024
_KEPT_BYTES = 64 * 1024
# A dozen checks read the latest response; a few threads may have one each.
_LATEST = 16


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its response. Bodies are raw bytes; response header names are lower case; `url` is absolute."""

    method: str
    url: str
    path: str
    request_headers: Mapping[str, str]
    request_body: bytes
    status: int
    headers: Mapping[str, str]
    body: bytes
    elapsed_seconds: float
    operation_id: str | None = None
    started_at: float = 0.0
    """When the request was sent, in seconds since 1970."""
    hides_caller: bool = False
    """Whether a recording omitted or masked the caller's credential."""

    def json(self) -> JsonValue:
        """The parsed response body; nobody changes it. Errors: ValueError if it is not JSON in UTF-8 without a byte order mark."""
        return _parsed(self.body)

    def error_name(self) -> str | None:
        """The `error` of an error response, or None when there is none."""
        try:
            answer = self.json()
        except ValueError:
            return None
        name = answer.get("error") if isinstance(answer, dict) else None
        return name if isinstance(name, str) else None

    def excerpt(self) -> str:
        """Status and the beginning of the response body, in one line."""
        text = self.body[:200].decode("utf-8", "replace").replace("\n", " ")
        return f"{self.status} {text or '(empty body)'}{'…' if len(self.body) > 200 else ''}"

    @property
    def credential(self) -> str:
        """The request's `Authorization` without `Bearer`; empty when there is none. Not redacted."""
        return self.request_headers.get("Authorization", "").removeprefix("Bearer ")

    def transcript(self, *, sent: str | None = None, came: str | None = None, status: str = "") -> str:
        """Request and response with headers and bodies, one below the other; long bodies are cut. The caller redacts it.

        `sent` and `came` are the bodies to show, `status` is the first line of the response.
        """
        asked = "".join(f"\n{name}: {value}" for name, value in self.request_headers.items())
        got = "".join(f"\n{name}: {value}" for name, value in self.headers.items())
        body = f"\n\n{_beginning(self.request_body) if sent is None else sent}" if self.request_body else ""
        request = f"{self.method} {self.url}{asked}{body}\n\n"
        if self.status == NO_STATUS:
            return f"{request}(no complete answer)"
        answer = _beginning(self.body) if came is None else came
        return f"{request}{status or self.status}{got}\n\n{answer}"

    def curl(self) -> str:
        """A curl command that repeats this request. The caller redacts it."""
        parts = ["curl", "-i", "-X", quoted(self.method), quoted(self.url)]
        for name in ("Authorization", "Content-Type"):
            if name in self.request_headers:
                parts += ["-H", quoted(f"{name}: {self.request_headers[name]}")]
        if self.request_body:
            parts += ["--data-binary", _shown(self.request_body)]
        return " ".join(parts)


@lru_cache(_LATEST)
def _parsed(body: bytes) -> JsonValue:
    try:
        parsed: JsonValue = json.loads(body.decode("utf-8"))
    except RecursionError:
        raise ValueError("nested too deeply to be read") from None
    return parsed


def _beginning(body: bytes) -> str:
    cut = f" … ({len(body)} bytes)" if len(body) > _SHOWN_BYTES else ""
    return body[:_SHOWN_BYTES].decode("utf-8", "backslashreplace") + cut


def _shown(body: bytes) -> str:
    if len(body) > _LONGEST_BODY:
        return f"@body  # {len(body)} bytes, beginning {body[:40]!r}"
    try:
        return quoted(body.decode())
    except UnicodeDecodeError:
        return "$'" + "".join(f"\\x{byte:02x}" for byte in body) + "'"


def quoted(text: str) -> str:
    """The text as one shell word with only visible characters."""
    if is_visible(text):
        return shlex.quote(text)
    return "$'" + "".join(map(_in_dollar_quotes, text)) + "'"


def _in_dollar_quotes(character: str) -> str:
    if character in "\\'":
        return f"\\{character}"
    if is_visible(character):
        return character
    return "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", "surrogatepass"))


def _cut(exchange: Exchange) -> Exchange:
    if len(exchange.request_body) <= _KEPT_BYTES:
        return exchange
    return replace(exchange, request_body=exchange.request_body[:_KEPT_BYTES])


@dataclass(slots=True)
class Ledger:
    """Counts and keeps every exchange of a run; long request bodies are cut. Thread-safe."""

    requests: int = 0
    reached: Counter[tuple[str, int]] = field(default_factory=Counter)
    exchanges: list[Exchange] = field(default_factory=list)
    _last: threading.local = field(default_factory=threading.local)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def record(self, exchange: Exchange) -> None:
        """Add the exchange, and count it under its operation and status."""
        with self._lock:
            self.requests += 1
            self.exchanges.append(_cut(exchange))
            if exchange.operation_id is not None:
                self.reached[exchange.operation_id, exchange.status] += 1
        self._last.exchange = exchange

    def last(self) -> Exchange:
        """The latest exchange of this thread."""
        exchange: Exchange = self._last.exchange
        return exchange
