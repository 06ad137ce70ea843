"""Send one webhook attempt over HTTP: no redirects, no retries, and a limit for the response text."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from mock_server.delivery.addresses import WebhookAddress
from mock_server.delivery.lookups import Lookups
from mock_server.delivery.wire import Deadline, Wire
from mock_server.domain.cancellation import Cancellation, Cancelled

# Covers the whole attempt, from name lookup to the end of the response. Source: polar's webhooks, April 2026.
TIMEOUT_SECONDS = 10.0
KEPT_CHARACTERS = 2048
_SWITCHING_PROTOCOLS = 101


@dataclass(frozen=True, slots=True)
class Receipt:
    """The result of an attempt: the receiver's status and text, or no status and the reason."""

    http_code: int | None
    text: str

    @property
    def succeeded(self) -> bool:
        return self.http_code is not None and 200 <= self.http_code < 300


class Sender(Protocol):
    def __call__(
        self, address: WebhookAddress, headers: Mapping[str, str], body: bytes, cancellation: Cancellation
    ) -> Receipt:
        """Send one request. Never raises for what the receiver or the network does. Errors: Cancelled."""


class HttpSender:
    """Sends over HTTP and HTTPS; `timeout_seconds` limits the whole attempt, however slowly its parts arrive."""

    def __init__(self, *, timeout_seconds: float = TIMEOUT_SECONDS, lookups: Lookups | None = None) -> None:
        self._timeout_seconds = timeout_seconds
        self._lookups = lookups or Lookups()

    def __call__(
        self, address: WebhookAddress, headers: Mapping[str, str], body: bytes, cancellation: Cancellation
    ) -> Receipt:
        """POST the body. Redirects and every other status are the receiver's response. Source: observed, April 2026."""
        with closing(Wire(Deadline(self._timeout_seconds))) as wire, cancellation.ending(wire.cut):
            try:
                self._connect(wire, address)
                receipt = _exchange(wire, address, headers, body)
            except (OSError, http.client.HTTPException, ValueError) as problem:
                receipt = Receipt(None, self._message(problem)[:KEPT_CHARACTERS])
        # A cancelled connection looks like a response that ends early.
        if cancellation.is_cancelled:
            raise Cancelled
        return receipt

    def _connect(self, wire: Wire, address: WebhookAddress) -> None:
        wire.connect(wire.wait_for(self._lookups.find(address.host)), address.port)
        if address.is_secure:
            wire.secure(self._trusted, address.host)

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        """Load the system's certificate authorities on first use: that takes about ten milliseconds, and plain HTTP does not need it."""
        return ssl.create_default_context()

    def _message(self, problem: Exception) -> str:
        if isinstance(problem, TimeoutError):
            return f"The receiver did not answer within {self._timeout_seconds:g} seconds."
        return f"The receiver could not be reached: {problem or type(problem).__name__}"


def _exchange(wire: Wire, address: WebhookAddress, headers: Mapping[str, str], body: bytes) -> Receipt:
    wire.sendall(_request(address, headers, body))
    answer = _final_answer(wire)
    # A character takes at most four bytes.
    text = answer.read(KEPT_CHARACTERS * 4).decode("utf-8", "replace")
    return Receipt(answer.status, text[:KEPT_CHARACTERS])


def _request(address: WebhookAddress, headers: Mapping[str, str], body: bytes) -> bytes:
    """The bytes of the request, in one piece. `address` and `headers` are made by the mock: none can break a line."""
    every_header = {
        "Accept-Encoding": "identity",
        "Content-Length": str(len(body)),
        "Host": address.authority,
        **headers,
        "Accept": "*/*",
        "Connection": "close",
    }
    lines = [f"POST {address.target} HTTP/1.1", *(f"{name}: {value}" for name, value in every_header.items())]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


def _final_answer(wire: Wire) -> http.client.HTTPResponse:
    """The first response that is not informational; 1xx responses only say that the receiver is still working."""
    while True:
        answer = http.client.HTTPResponse(wire, method="POST")  # type: ignore[arg-type]  # accepts any object with makefile
        answer.begin()
        if not 100 <= answer.status < 200 or answer.status == _SWITCHING_PROTOCOLS:
            return answer
