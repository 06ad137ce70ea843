"""Parse the URL of a webhook, and say why a text is no URL that a request can be sent to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pydantic_core import SchemaValidator, Url, ValidationError
from pydantic_core import core_schema as core

LONGEST_URL = 2083
# URL parsers disagree about these characters, so a check by one parser might allow what another sends elsewhere.
_ODD = re.compile(r"[\s\x00-\x1f\x7f-\x9f\\\ud800-\udfff]")
_START = re.compile(r"https?://(?P<authority>[^/?#]+)")
_EMPTY_OR_ZERO_PORT = re.compile(r":0*$")
_URL = SchemaValidator(core.url_schema(max_length=LONGEST_URL, allowed_schemes=["http", "https"]))


class AddressBroken(ValueError):
    """The text is no URL that a request can be sent to; the message gives the reason and completes "it ..."."""


@dataclass(frozen=True, slots=True)
class WebhookAddress:
    """A URL in plain ASCII. `host` without brackets, `target` from the path on, `authority` as in a Host header."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def is_secure(self) -> bool:
        return self.scheme == "https"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.is_secure else 80) else f"{host}:{self.port}"


@lru_cache(maxsize=256)
def read_webhook_address(text: str) -> WebhookAddress:
    """Read a webhook's URL; remembered, because an endpoint's is read for each of its events. Errors: AddressBroken."""
    if odd := _ODD.search(text):
        raise AddressBroken(f"may not contain {odd[0]!a}")
    start = _START.match(text)
    if start is None:
        raise AddressBroken("has to start with http:// or https:// and a host")
    _require_plain_authority(start["authority"])
    url = _parsed(text)
    host = (url.host or "").strip("[]")
    _require_host_that_can_be_looked_up(host)
    target = f"{url.path or '/'}?{url.query}" if url.query else url.path or "/"
    return WebhookAddress(url.scheme, host, url.port or 0, target)


def _require_plain_authority(authority: str) -> None:
    user, at, rest = authority.rpartition("@")
    if at and ("@" in user or not user.partition(":")[0]):
        raise AddressBroken("has to write a user's name before the host as name@ or name:password@")
    if _EMPTY_OR_ZERO_PORT.search(rest.rpartition("]")[2] or rest):
        raise AddressBroken("needs a port between 1 and 65535 after the colon, or no colon")


def _parsed(text: str) -> Url:
    try:
        url: Url = _URL.validate_python(text)
    except ValidationError as error:
        (problem,) = error.errors(include_url=False)
        reason = problem.get("ctx", {}).get("error") or problem["msg"]
        raise AddressBroken(f"has to be a URL: {reason}") from None
    return url


def _require_host_that_can_be_looked_up(host: str) -> None:
    parts = host.removesuffix(".").split(".")
    if ":" not in host and (len(host) > 253 or not all(0 < len(part) <= 63 for part in parts)):
        raise AddressBroken("needs a host whose parts have 1 to 63 characters, 253 in all")
