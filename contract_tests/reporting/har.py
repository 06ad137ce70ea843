"""The exchanges of a run as a HAR 1.2 document, which browsers and proxies can open. The caller redacts it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

from contract_tests.transport.exchanges import Exchange
from polar_contract.json_types import JsonObject, JsonValue

_MILLISECONDS = 1000
_UNKNOWN = -1
# Key of a request: it had no `Authorization`. A file from which headers were removed would not show that.
SENT_NO_TOKEN = "_sentNoToken"
LEFT_OUT = "_exchangesLeftOut"
"""Key of the log: the number of exchanges of the run that were left out."""


def har_of(exchanges: Sequence[Exchange], *, left_out: int = 0, service: str = "") -> JsonObject:
    """The document, one entry for each exchange; `left_out` is the number of exchanges that it does not contain.

    `service`: what the target is, for its comment.
    """
    log: JsonObject = {
        "version": "1.2",
        "creator": {"name": "polar-contract", "version": "0"},
        "entries": [entry_of(exchange) for exchange in exchanges],
    }
    comments = [service] if service else []
    if left_out:
        comments.append(f"{left_out} of {left_out + len(exchanges)} exchanges are left out; --har full keeps all")
        log[LEFT_OUT] = left_out
    if comments:
        log["comment"] = " ".join(comments)
    return {"log": log}


def entry_of(exchange: Exchange) -> JsonObject:
    """The entry of one exchange."""
    elapsed = round(exchange.elapsed_seconds * _MILLISECONDS, 3)
    return {
        "startedDateTime": datetime.fromtimestamp(exchange.started_at, UTC).isoformat(),
        "time": elapsed,
        "request": _request(exchange),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": elapsed, "receive": 0},
    }


def _request(exchange: Exchange) -> JsonObject:
    query = parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True)
    request: JsonObject = {
        "method": exchange.method,
        "url": exchange.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(exchange.request_headers),
        "queryString": [{"name": name, "value": value} for name, value in query],
        "headersSize": _UNKNOWN,
        "bodySize": _UNKNOWN,
        SENT_NO_TOKEN: not any(name.lower() == "authorization" for name in exchange.request_headers),
    }
    if exchange.request_body:
        media_type = exchange.request_headers.get("Content-Type", "")
        request["postData"] = {
            "mimeType": media_type,
            "text": exchange.request_body.decode("utf-8", "backslashreplace"),
        }
    return request


def _response(exchange: Exchange) -> JsonObject:
    return {
        "status": exchange.status,
        "statusText": "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(exchange.headers),
        "content": _content(exchange),
        "redirectURL": exchange.headers.get("location", ""),
        "headersSize": _UNKNOWN,
        "bodySize": _UNKNOWN,
    }


def _pairs(headers: Mapping[str, str]) -> list[JsonValue]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def _content(exchange: Exchange) -> JsonObject:
    """The body; binary bodies are left out, because secrets in another encoding could not be redacted."""
    content: JsonObject = {"size": len(exchange.body), "mimeType": exchange.headers.get("content-type", "")}
    try:
        return {**content, "text": exchange.body.decode()}
    except UnicodeDecodeError:
        return {**content, "comment": "no text; left out"}
