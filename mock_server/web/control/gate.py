"""Access to the control API: programs of this machine, pages that it serves, and callers elsewhere that have the key.

A web page can send requests to this machine, and a host name that its owner points here makes the browser take the mock for
that site (DNS rebinding). Browsers send the origin of such a request in `Host`, `Origin` and `Content-Type`, and a page can't
change these. Source: the Fetch standard.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from mock_server.web.served import Served

JSON_MEDIA_TYPE = "application/json"
KEY_HEADER = "X-Mock-Key"
_KEY_REFUSED = f"{KEY_HEADER} is missing or wrong; the key is printed when the server starts, or set by POLAR_MOCK_KEY"
_BODY_HINT = f"send JSON with the header Content-Type: {JSON_MEDIA_TYPE} (curl: -H 'Content-Type: {JSON_MEDIA_TYPE}')"
_LONGEST_SHOWN = 80

ReadHeader = Callable[[str], str | None]


class Refusal(NamedTuple):
    status: int
    error: str
    detail: str


@dataclass(frozen=True, slots=True)
class ControlGate:
    served: Served
    key: str | None
    """None: only this machine can reach the server, and no key is required."""

    def refusal(self, header: ReadHeader, base_url: str) -> Refusal | None:
        """The reason to refuse a call before it is processed, or None. On a server with a key, the right key makes any host acceptable."""
        return self.refusal_of_source(header, base_url) or self._without_key(header(KEY_HEADER))

    def refusal_of_source(self, header: ReadHeader, base_url: str) -> Refusal | None:
        """Check the origin of a preflight request: the browser sends no more before the real request, which has the key."""
        host, origin = header("Host"), header("Origin")
        if origin is None and header("Sec-Fetch-Site") == "cross-site" and header("Sec-Fetch-Mode") != "navigate":
            return Refusal(
                403, "OriginRefused", "a page of another site loads this; only pages on localhost or 127.0.0.1 may call"
            )
        if self.key is None and not self.served.knows(host or ""):
            named = f"the Host {_shown(host)} is not this machine" if host else "the request names no Host"
            return Refusal(403, "HostRefused", f"{named}; call {self.served.own_url}")
        if origin is not None and not self.served.allows_page(origin, base_url):
            said = f"the Origin {_shown(origin)} is not this machine; only pages on localhost or 127.0.0.1 may call"
            return Refusal(403, "OriginRefused", said)
        return None

    def _without_key(self, shown: str | None) -> Refusal | None:
        if self.key is None:
            return None
        if shown is not None and hmac.compare_digest(shown.encode("utf-8", "replace"), self.key.encode()):
            return None
        return Refusal(401, "KeyRefused", _KEY_REFUSED)


def refusal_of_body(content_type: str | None, *, has_body: bool) -> Refusal | None:
    """A page of any origin can send forms and plain text without a preflight request, but not JSON."""
    if not content_type:
        return Refusal(415, "ContentTypeRefused", f"the body has no content type; {_BODY_HINT}") if has_body else None
    if content_type.partition(";")[0].strip().lower() == JSON_MEDIA_TYPE:
        return None
    return Refusal(415, "ContentTypeRefused", f"the content type is {_shown(content_type)}; {_BODY_HINT}")


def _shown(value: str | None) -> str:
    return repr(value if value is None or len(value) <= _LONGEST_SHOWN else f"{value[:_LONGEST_SHOWN]}...")
