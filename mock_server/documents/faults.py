"""Read one rule of a world's faults: whom it strikes, how often, and what happens then."""

from __future__ import annotations

import json
import re
from datetime import timedelta

from mock_server.documents.errors import cut, shown
from mock_server.documents.fault_names import FaultNames
from mock_server.documents.fields import Fields
from mock_server.domain.faults import (
    BODY_MILLISECONDS,
    HELD_SECONDS,
    MOST_BODY_BYTES,
    MOST_MILLISECONDS,
    CallFault,
    Connection,
    Effect,
    EventFault,
    Fault,
    FaultAnswer,
    GivenAnswer,
    InvalidTokenAnswer,
    InvoiceFault,
    InvoiceJobFault,
    Latency,
    Method,
    SessionFault,
    Strikes,
    TooManyAnswer,
    WebhookFault,
)
from polar_contract.json_types import JsonObject

_STRIKES = ("from", "times", "every", "probability", "seed")
_WHAT = ("latency", "answer", "retry_after", "session", "connection")
CALL_KEYS = ("operation", "order", "token", "method", *_STRIKES, "effect", *_WHAT, "body_ms")
EVENT_KEYS = ("webhooks", "type", "order", *_STRIKES, "seconds")
INVOICE_KEYS = ("invoices", "order", *_STRIKES)
_MOST_SECONDS = 30 * 86_400
_MOST_COUNT = 2**31
_MOST_HEADERS = 50
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# What the server itself writes, or what would break the connection for other requests.
_OWN_HEADERS = frozenset(
    {"connection", "content-length", "date", "keep-alive", "server", "transfer-encoding", "upgrade"}
)
_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_WITHOUT_BODY = (204, 205, 304)


def keys_of(given: JsonObject) -> tuple[str, ...]:
    """The possible keys of a rule of this kind: of calls, of webhooks or of invoices."""
    return EVENT_KEYS if "webhooks" in given else INVOICE_KEYS if "invoices" in given else CALL_KEYS


def read_fault(fields: Fields, names: FaultNames) -> Fault:
    """Every problem is reported to the fields, and what is returned then is of no use."""
    strikes = _read_strikes(fields)
    if fields.mentions("webhooks"):
        return _read_event_fault(fields, names, strikes)
    if fields.mentions("invoices"):
        if fields.choice("invoices", InvoiceFault) is None:
            fields.complain("invoices", f"has to be one of: {', '.join(InvoiceFault)}")
        return InvoiceJobFault(strikes, names.order_id(fields))
    return _read_call_fault(fields, names, strikes)


def _read_strikes(fields: Fields) -> Strikes:
    probability = fields.number("probability")
    if probability is not None and not 0 < probability <= 1:
        fields.complain("probability", f"is {shown(probability)}; it has to be above 0 and at most 1")
    seed = fields.integer("seed")
    if seed is not None and probability is None:
        fields.complain("seed", "means nothing without probability")
    return Strikes(
        first=_count(fields, "from") or 1,
        every=_count(fields, "every") or 1,
        times=_count(fields, "times"),
        probability=1.0 if probability is None else probability,
        seed=seed or 0,
    )


def _count(fields: Fields, name: str, least: int = 1, most: int = _MOST_COUNT) -> int | None:
    value = fields.integer(name)
    if value is not None and not least <= value <= most:
        fields.complain(name, f"is {shown(value)}; it has to be a whole number from {least} to {most}")
        return None
    return value


def _read_event_fault(fields: Fields, names: FaultNames, strikes: Strikes) -> EventFault:
    kind = fields.choice("webhooks", WebhookFault) or WebhookFault.LOST
    if fields.raw("webhooks") is None:
        fields.complain("webhooks", f"is null; it has to be one of: {', '.join(WebhookFault)}")
    seconds = fields.number("seconds")
    if seconds is not None and not 0 < seconds <= _MOST_SECONDS:
        fields.complain("seconds", f"is {shown(seconds)}; it has to be above 0 and at most {_MOST_SECONDS}")
    elif kind is WebhookFault.LATE and seconds is None:
        fields.complain_missing("seconds", "say how late by the world's clock")
    elif kind in (WebhookFault.LOST, WebhookFault.DOUBLED) and seconds is not None:
        fields.complain("seconds", f"means nothing for {kind} webhooks; only for late and reordered ones")
    delay = timedelta(seconds=HELD_SECONDS if seconds is None else seconds)
    return EventFault(strikes, kind, names.event_type(fields), names.order_id(fields), delay)


def _read_call_fault(fields: Fields, names: FaultNames, strikes: Strikes) -> CallFault:
    if all(fields.raw(name) is None for name in _WHAT):
        fields.complain("", f"says nothing that happens; give one of: {', '.join((*_WHAT, 'webhooks', 'invoices'))}")
    answer, connection = _read_answer(fields, names), fields.choice("connection", Connection)
    return CallFault(
        strikes,
        _read_effect(fields, has_answer=answer is not None, connection=connection),
        operation=names.operation(fields),
        order_id=names.order_id(fields),
        token=names.token(fields),
        method=fields.choice("method", Method),
        latency=_read_latency(fields),
        answer=answer,
        connection=connection,
        body_seconds=_read_body_seconds(fields, connection),
        does_session_expire=fields.choice("session", SessionFault) is SessionFault.EXPIRES,
    )


def _read_effect(fields: Fields, *, has_answer: bool, connection: Connection | None) -> Effect:
    """What sends the operation's own answer can't strike before the operation has one."""
    given = fields.choice("effect", Effect)
    needs_answer = not has_answer and connection is not Connection.RESET
    if given is Effect.BEFORE and needs_answer and (fields.mentions("latency") or connection is not None):
        what = connection or "latency"
        fields.complain("effect", f"is before, and {what} needs something to send; give an answer, or leave effect out")
    return given or (Effect.AFTER if needs_answer else Effect.BEFORE)


def _read_body_seconds(fields: Fields, connection: Connection | None) -> float:
    given = _milliseconds(fields, "body_ms")
    if given is not None and connection is not Connection.SLOW:
        fields.complain("body_ms", "means nothing without connection: slow")
    return (BODY_MILLISECONDS if given is None else given) / 1000


def _read_latency(fields: Fields) -> Latency | None:
    if not isinstance(fields.raw("latency"), dict):
        fixed = _milliseconds(fields, "latency")
        return None if fixed is None else Latency(fixed, fixed)
    limits = fields.object("latency", known=("min", "max", "seed"))
    assert limits is not None
    lowest, highest = _milliseconds(limits, "min"), _milliseconds(limits, "max")
    if highest is None and limits.raw("max") is None:
        limits.complain_missing("max", "the longest latency in milliseconds")
    elif highest is not None and (lowest or 0) > highest:
        limits.complain("min", f"is {shown(lowest)}, which is more than max")
    return Latency(lowest or 0, highest or 0, limits.integer("seed") or 0)


def _milliseconds(fields: Fields, name: str) -> float | None:
    value = fields.number(name)
    if value is not None and not 0 <= value <= MOST_MILLISECONDS:
        fields.complain(name, f"is {shown(value)}; it has to be milliseconds from 0 to {MOST_MILLISECONDS}")
        return None
    return value


def _read_answer(fields: Fields, names: FaultNames) -> FaultAnswer | None:
    """At most one answer: `answer`, `retry_after`, or the one that an expired session gets."""
    given = [name for name in ("answer", "retry_after", "session") if fields.raw(name) is not None]
    if fields.raw("connection") == Connection.RESET and given:
        fields.complain("connection", f"is reset, so that nothing is sent; leave {' and '.join(given)} out")
    if len(given) > 1:
        fields.complain(given[1], f"can't be given together with {given[0]}: a call gets one answer")
    seconds = _count(fields, "retry_after", 0, _MOST_SECONDS)
    if seconds is not None:
        return TooManyAnswer(seconds)
    if "session" in given:
        return InvalidTokenAnswer()
    if fields.is_text("answer"):
        return names.answer(fields)
    return _read_given_answer(fields)


def _read_given_answer(parent: Fields) -> GivenAnswer | None:
    fields = parent.object("answer", known=("status", "body", "headers"))
    if fields is None:
        return None
    status = _count(fields, "status", 200, 599)
    if fields.raw("status") is None:
        fields.complain_missing("status", "a status from 200 to 599")
    headers, body = _read_headers(fields), _read_body(fields)
    if len(body) > MOST_BODY_BYTES:
        fields.complain("body", f"has {len(body)} bytes; at most {MOST_BODY_BYTES} are possible")
    elif body and status in _WITHOUT_BODY:
        fields.complain("body", f"can't be sent with status {status}")
    if fields.mentions("body") and not any(name.lower() == "content-type" for name, _ in headers):
        media_type = "text/plain; charset=utf-8" if fields.is_text("body") else "application/json"
        headers = (*headers, ("Content-Type", media_type))
    return GivenAnswer(status or 500, body, headers)


def _read_body(fields: Fields) -> bytes:
    """A text as it is, every other value as JSON; empty if it is left out."""
    if not fields.mentions("body"):
        return b""
    value = fields.raw("body")
    try:
        text = value if isinstance(value, str) else _JSON.encode(value)
    except ValueError:
        fields.complain("body", "has a number that JSON can't have")
        return b""
    return text.encode("utf-8", "replace")


def _read_headers(fields: Fields) -> tuple[tuple[str, str], ...]:
    """Names and values that can stand in a response without breaking it."""
    given = fields.plain_values("headers")
    if len(given) > _MOST_HEADERS:
        fields.complain("headers", f"has {len(given)} headers; at most {_MOST_HEADERS} are possible")
    for name, value in given.items():
        path = f"headers.{cut(name)}"
        if not _HEADER_NAME.fullmatch(name):
            fields.complain(path, "is not the name of a header")
        elif name.lower() in _OWN_HEADERS:
            fields.complain(path, "is written by the server; connection: cut or endless changes how a body ends")
        elif not isinstance(value, str | int) or isinstance(value, bool):
            fields.complain(path, f"is {shown(value)}; it has to be a text or a number")
        elif not str(value).isascii() or not str(value).isprintable():
            fields.complain(path, "has a character that a header can't have; printable ASCII is possible")
    return tuple((name, str(value).strip()) for name, value in given.items())
