"""Checks one delivery by itself: its headers, its signature, the format of its body. Pure.

Source: observed on the service, April 2026. Signatures follow Standard Webhooks; the key is the bytes of the whole secret,
or for secrets that the service generated since September 2026 those that its base64 stands for.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import uuid
from collections.abc import Iterator

from contract_tests.checks.findings import Problem
from contract_tests.checks.invariants import MOMENT
from contract_tests.checks.rules import Rule
from contract_tests.transport.deliveries import Delivery
from polar_contract.json_types import JsonValue

# Each attempt is signed with its own time. Our own limit, stricter than the five minutes of Standard Webhooks.
_TOLERANCE_SECONDS = 60
_HEADERS = {"user-agent": "polar.sh webhooks", "content-type": "application/json"}


def delivery_problems(delivery: Delivery, secret: str, *, is_raw: bool, is_standard: bool = False) -> Iterator[Problem]:
    """Everything that is wrong with a delivery by itself.

    `is_raw`: the endpoint has the format `raw`; messages to Discord and Slack have another body, but the same signature.
    `is_standard`: the endpoint says that its secret signs as in Standard Webhooks.
    """
    yield from _of_headers(delivery)
    yield from _of_signature(delivery, secret, is_standard=is_standard)
    if is_raw:
        yield from _of_body(delivery)


def version_problems(delivery: Delivery, header: str, version: str, *, is_raw: bool) -> Iterator[Problem]:
    """What is wrong with the version that a delivery names in this header, and if it is raw, in its payload.

    Source: Polar's published versioning page and webhook schemas, September 2026.
    """
    named = delivery.headers.get(header.lower(), f"no {header}")
    if named != version:
        yield Rule.EVENT_VERSION, f"{header}: {version}", named
    if is_raw:
        event = delivery.event()
        if event.get("api_version") != version:
            yield Rule.EVENT_VERSION, f"api_version is {version!r}", f"{event.get('api_version')!r}"


def signature_of(delivery: Delivery, secret: str, *, is_standard: bool = False) -> str:
    """The signature that the delivery must have."""
    key = _standard_key(secret) if is_standard else secret.encode()
    signed = f"{delivery.event_id}.{delivery.headers.get('webhook-timestamp', '')}.".encode() + delivery.body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def _standard_key(secret: str) -> bytes:
    """The bytes that the base64 behind the prefix stands for; where it is none, no bytes, which sign nothing."""
    try:
        return base64.b64decode(secret.partition("_")[2], validate=True)
    except binascii.Error:
        return b""


def _of_headers(delivery: Delivery) -> Iterator[Problem]:
    for name, value in _HEADERS.items():
        if delivery.headers.get(name) != value:
            yield Rule.HEADED, f"{name}: {value}", str(delivery.headers.get(name))
    try:
        uuid.UUID(delivery.event_id)
    except ValueError:
        yield Rule.HEADED, "webhook-id is a UUID", delivery.event_id or "no webhook-id"


def _of_signature(delivery: Delivery, secret: str, *, is_standard: bool) -> Iterator[Problem]:
    moment = delivery.headers.get("webhook-timestamp", "")
    if not moment.isdecimal() or abs(int(moment) - delivery.received_at) > _TOLERANCE_SECONDS:
        yield Rule.SIGNED, "webhook-timestamp is the time of the attempt in seconds", moment or "no webhook-timestamp"
    sent, expected = (
        delivery.headers.get("webhook-signature", ""),
        signature_of(delivery, secret, is_standard=is_standard),
    )
    if expected not in sent.split():
        yield Rule.SIGNED, "a valid signature of id, timestamp and body", sent or "no webhook-signature"


def _of_body(delivery: Delivery) -> Iterator[Problem]:
    try:
        event: JsonValue = json.loads(delivery.body)
    except ValueError:
        event = None
    if not isinstance(event, dict):
        yield Rule.FORMED, "a JSON object", delivery.body[:200].decode("utf-8", "replace")
        return
    if not {"type", "timestamp", "data"} <= event.keys():
        yield Rule.FORMED, "type, timestamp and data", ", ".join(event)
    if not MOMENT.fullmatch(str(event.get("timestamp"))):
        yield Rule.FORMED, "timestamp in UTC, marked Z", str(event.get("timestamp"))
    if delivery.body != json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode():
        yield Rule.FORMED, "JSON without whitespace between its parts", delivery.body[:60].decode("utf-8", "replace")
