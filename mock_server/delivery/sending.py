"""One attempt over HTTP: no redirect is followed, nothing is retried, and an answer's text is kept up to a limit."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 10.0
KEPT_CHARACTERS = 2048


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an attempt brought: the receiver's status and text, or no status and why there is none."""

    http_code: int | None
    text: str

    @property
    def succeeded(self) -> bool:
        return self.http_code is not None and 200 <= self.http_code < 300


class Sender(Protocol):
    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Receipt:
        """Send one request. Never raises for what the receiver or the network does."""


def send_over_http(
    url: str, headers: Mapping[str, str], body: bytes, *, timeout_seconds: float = TIMEOUT_SECONDS
) -> Receipt:
    """POST the body. Redirects and every other status are the receiver's answer. Source: observed, April 2026."""
    parts = urlsplit(url)
    connection = _connection(parts.scheme, parts.hostname or "", parts.port, timeout_seconds)
    path = parts.path or "/"
    try:
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, {**headers, "Accept": "*/*"})
        answer = connection.getresponse()
        # A character takes at most four bytes.
        text = answer.read(KEPT_CHARACTERS * 4).decode("utf-8", "replace")
        return Receipt(answer.status, text[:KEPT_CHARACTERS])
    except (OSError, http.client.HTTPException, ValueError) as problem:
        return Receipt(None, _sentence(problem, timeout_seconds)[:KEPT_CHARACTERS])
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int | None, timeout_seconds: float) -> http.client.HTTPConnection:
    kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
    return kind(host, port, timeout=timeout_seconds)


def _sentence(problem: Exception, timeout_seconds: float) -> str:
    if isinstance(problem, socket.timeout):
        return f"The receiver did not answer within {timeout_seconds:g} seconds."
    return f"The receiver could not be reached: {problem or type(problem).__name__}"
