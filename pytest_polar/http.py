"""Send a request and read its response, with the standard library; nothing is retried, and no redirect is followed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

# A failed test's traceback ends in the test.
__tracebackhide__ = True

_TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Response:
    """A response. The names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON. Errors: ValueError, with the status and the beginning of the body."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise ValueError(f"the body of this {self.status} is no JSON ({error}): {self.text[:200]!r}") from None


def send(method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None) -> Response:
    """Errors: OSError, http.client.HTTPException."""
    # Imported late: every run of pytest imports the plugin, also those that send nothing.
    import http.client

    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request(method, f"{parts.path or '/'}?{parts.query}".rstrip("?"), body, dict(headers or {}))
        answer = connection.getresponse()
        shown = {name.lower(): value for name, value in answer.getheaders()}
        return Response(answer.status, shown, answer.read())
    finally:
        connection.close()
