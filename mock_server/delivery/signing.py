"""Sign webhooks: in the form of Standard Webhooks, with the key that the endpoint's secret stands for."""

from __future__ import annotations

import base64
import binascii
import hmac
from datetime import datetime

USER_AGENT = "polar.sh webhooks"
STANDARD_PREFIX = "whsec_"


def signing_key(secret: str, *, is_standard: bool) -> bytes:
    """The key of a secret: the bytes that it encodes in base64 after its prefix, or else the whole text, prefix included.

    A stock Standard Webhooks library expects the first; for the second it needs the secret encoded as base64 once more.
    Source: the service's webhook constants, September 2026.
    """
    return base64.b64decode(secret.removeprefix(STANDARD_PREFIX)) if is_standard else secret.encode()


def has_standard_form(secret: str) -> bool:
    """Whether a secret has the form that is generated for the standard: the prefix, and base64 of 32 bytes."""
    try:
        return secret.startswith(STANDARD_PREFIX) and len(base64.b64decode(secret[6:], validate=True)) == 32
    except (binascii.Error, ValueError):
        return False


def signed_headers(key: bytes, *, event_id: str, sent_at: datetime, body: bytes) -> dict[str, str]:
    """The headers of one attempt. `sent_at` is the machine's time: verifiers reject a difference of more than five minutes."""
    timestamp = str(int(sent_at.timestamp()))
    signature = hmac.digest(key, f"{event_id}.{timestamp}.".encode() + body, "sha256")
    return {
        "User-Agent": USER_AGENT,
        "Content-Type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }
