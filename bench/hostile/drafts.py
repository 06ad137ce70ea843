"""A request before it is encoded: spoilers change it and the wire sends it. Intentionally, nothing here is checked."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from polar_contract.json_types import JsonValue

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Draft:
    method: bytes
    target: bytes
    headers: Headers = ()
    """All headers except those that frame the body."""
    body: bytes = b""
    framing: Headers | None = None
    """None: the body's true length."""
    may_wait: bool = False
    """The server may correctly wait for more, so no response is acceptable."""

    def with_header(self, name: bytes, value: bytes) -> Draft:
        kept = tuple(header for header in self.headers if header[0].lower() != name.lower())
        return replace(self, headers=(*kept, (name, value)))

    def with_document(self, document: JsonValue) -> Draft:
        return replace(self, body=json.dumps(document).encode()).with_header(b"Content-Type", b"application/json")

    def on_the_wire(self) -> bytes:
        framing = ((b"Content-Length", str(len(self.body)).encode()),) if self.framing is None else self.framing
        lines = [name + b": " + value for name, value in (*self.headers, *framing)]
        return b"\r\n".join([self.method + b" " + self.target + b" HTTP/1.1", *lines, b"", self.body])
