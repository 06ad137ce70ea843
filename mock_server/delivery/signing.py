"""Sign webhooks by Standard Webhooks, with the key that the service uses."""

from __future__ import annotations

import base64
import hmac
from datetime import datetime

USER_AGENT = "polar.sh webhooks"


def signed_headers(secret: str, *, event_id: str, sent_at: datetime, body: bytes) -> dict[str, str]:
    """The headers of one attempt. `sent_at` is the machine's time: verifiers reject a difference of more than five minutes.

    The key is the whole secret as UTF-8, prefix included; a stock library expects it base64-encoded.
    Source: observed on the service, April 2026.
    """
    timestamp = str(int(sent_at.timestamp()))
    signature = hmac.digest(secret.encode(), f"{event_id}.{timestamp}.".encode() + body, "sha256")
    return {
        "User-Agent": USER_AGENT,
        "Content-Type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }
