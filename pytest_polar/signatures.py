"""Check the signature of a webhook: in the form of Standard Webhooks, made with the key that an endpoint's secret stands for."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterator, Mapping
from enum import StrEnum

_STANDARD_PREFIX = "whsec_"
_KEY_BYTES = 32
_TOLERANCE_SECONDS = 300.0
"""Source: Standard Webhooks; receivers refuse what is older or newer, as it may be repeated by somebody else."""


class Scheme(StrEnum):
    """What of the secret is the key."""

    STANDARD = "standard"
    """The bytes that it encodes in base64, as Standard Webhooks says."""
    LEGACY = "legacy"
    """The whole text, as Polar did before September 2026."""


class SignatureWrong(Exception):
    """The message says what is wrong."""


def check(secret: str, headers: Mapping[str, str], body: bytes, *, now: float) -> Scheme:
    """The scheme by which a webhook is signed; names of headers are in lower case. Errors: SignatureWrong."""
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    missing = [name for name in names if not headers.get(name)]
    if missing:
        raise SignatureWrong(f"it has no {' and no '.join(missing)}")
    event_id, timestamp, signatures = (headers[name] for name in names)
    if not timestamp.isascii() or not timestamp.isdigit():
        raise SignatureWrong(f"its webhook-timestamp is {timestamp!r}, which is no number of seconds since 1970")
    if abs(now - int(timestamp)) > _TOLERANCE_SECONDS:
        raise SignatureWrong(f"its webhook-timestamp {timestamp} is more than five minutes from now")
    given = [value for version, _, value in (one.partition(",") for one in signatures.split()) if version == "v1"]
    message = f"{event_id}.{timestamp}.".encode() + body
    for scheme, key in _keys(secret):
        expected = base64.b64encode(hmac.digest(key, message, "sha256")).decode()
        if any(hmac.compare_digest(expected.encode(), one.encode()) for one in given):
            return scheme
    raise SignatureWrong("its webhook-signature is not made with the endpoint's secret, or the body was changed")


def _keys(secret: str) -> Iterator[tuple[Scheme, bytes]]:
    if secret.startswith(_STANDARD_PREFIX):
        try:
            key = base64.b64decode(secret.removeprefix(_STANDARD_PREFIX), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) == _KEY_BYTES:
            yield Scheme.STANDARD, key
    yield Scheme.LEGACY, secret.encode()
