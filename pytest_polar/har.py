"""A world's journal as a HAR 1.2 document, the form in which the contract tests read recorded exchanges."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

LEFT_OUT = "_exchangesLeftOut"
"""The reader's own key of the log: with any number, no answer is compared with those before it."""
_SENT_NO_TOKEN = "_sentNoToken"
# How the journal shows the world's token of a caller, a body that is no text, and one that was too long to keep.
_NAMED_TOKEN = re.compile(r"Bearer <(.+)>")
_NO_TEXT = re.compile(r"<(\d+) bytes>")
_CUT = "<cut>"


def har_of(entries: Iterable[Any], base_url: str, tokens: Mapping[str, str], *, left_out: int) -> dict[str, Any]:
    """The document. `left_out`: how many changes of the world it does not show, of which nothing is known."""
    kept = [entry for entry in entries if entry["fault"] is None and not _is_cut(entry)]
    missing = left_out + sum(1 for entry in entries if entry["fault"] is not None or _is_cut(entry))
    log: dict[str, Any] = {
        "version": "1.2",
        "creator": {"name": "pytest-polar", "version": "0"},
        "entries": [_entry(entry, base_url, tokens) for entry in kept],
    }
    return {"log": {**log, LEFT_OUT: missing} if missing else log}


def _is_cut(entry: Any) -> bool:
    return any(str(entry[side]["body"]).endswith(_CUT) for side in ("request", "answer"))


def _entry(entry: Any, base_url: str, tokens: Mapping[str, str]) -> dict[str, Any]:
    query = f"?{entry['query']}" if entry["query"] else ""
    headers = dict(entry["request"]["headers"])
    named = _NAMED_TOKEN.fullmatch(headers.get("Authorization", ""))
    if named is not None and named[1] in tokens:
        headers["Authorization"] = f"Bearer {tokens[named[1]]}"
    request: dict[str, Any] = {
        "method": entry["method"],
        "url": f"{base_url}{entry['path']}{query}",
        "httpVersion": "HTTP/1.1",
        "headers": _pairs(headers),
        _SENT_NO_TOKEN: "Authorization" not in headers,
    }
    if entry["request"]["body"] is not None:
        request["postData"] = {"mimeType": headers.get("Content-Type", ""), "text": entry["request"]["body"]}
    return {
        "startedDateTime": entry["at"],
        "time": 0,
        "request": request,
        "response": {
            "status": entry["status"],
            "headers": _pairs(entry["answer"]["headers"]),
            "content": _content(entry["answer"]["body"]),
        },
    }


def _pairs(headers: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def _content(body: str | None) -> dict[str, Any]:
    no_text = None if body is None else _NO_TEXT.fullmatch(body)
    if no_text is not None:
        return {"size": int(no_text[1])}
    return {"size": len((body or "").encode()), "text": body or ""}
