"""Sign webhooks by Standard Webhooks, with the key that the world's revision uses."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime

from polar_contract.behaviour import Signing

USER_AGENT = "polar.sh webhooks"


# How each kind of signing makes its key. A stock library expects this one base64-encoded.
_KEYS: Mapping[Signing, Callable[[str], bytes]] = {"secret_as_text": str.encode}


def signed_headers(secret: str, *, signing: Signing, event_id: str, sent_at: datetime, body: bytes) -> dict[str, str]:
    """The headers of one attempt. `sent_at` is the machine's time: verifiers reject a difference of more than five minutes."""
    timestamp = str(int(sent_at.timestamp()))
    signature = hmac.digest(_KEYS[signing](secret), f"{event_id}.{timestamp}.".encode() + body, "sha256")
    return {
        "User-Agent": USER_AGENT,
        "Content-Type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }
