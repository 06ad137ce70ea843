"""Read a revision's behaviour.yaml: every rule once, each with a value of its type and a source; nothing else."""

from __future__ import annotations

import string
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from polar_contract.behaviour import Behaviour, Headers, Moment, Refusal
from polar_contract.errors import DocumentUnreadable
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object, pointer_to
from polar_contract.problems import Problem

_KEYS = ("value", "source")
_REFUSAL_KEYS = ("status", "error", "detail")


class _Wrong(Exception):
    """A value that can't be the rule's; `reason` completes the sentence "the value ..."."""

    def __init__(self, reason: str, *place: str | int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place


def read_behaviour(document: JsonObject, file: str, *, contract: JsonObject) -> Behaviour:
    """The behaviour that a parsed behaviour.yaml states. `contract`: the revision's OpenAPI document.

    Errors: DocumentUnreadable for the first problem.
    """
    values, problems = _read(document, file, contract)
    if problems:
        first = problems[0]
        raise DocumentUnreadable(first.file, first.pointer, first.message)
    groups = get_type_hints(Behaviour)
    return Behaviour(**{name: group(**values[name]) for name, group in groups.items()})


def behaviour_problems(document: JsonObject, file: str, *, contract: JsonObject) -> list[Problem]:
    """Everything that is wrong with a parsed behaviour.yaml."""
    return _read(document, file, contract)[1]


def _read(document: JsonObject, file: str, contract: JsonObject) -> tuple[dict[str, dict[str, Any]], list[Problem]]:
    """The values by group and field, and the problems."""
    readers = _readers(contract)
    values: dict[str, dict[str, Any]] = {}
    problems = [
        Problem(file, pointer_to("", name), f"there is no rule of this name{_hint(name, readers)}")
        for name in document
        if name not in readers
    ]
    for name, reader in readers.items():
        group, _, rule = name.partition(".")
        if name not in document:
            problems.append(Problem(file, "", f"the rule {name} is missing; a revision states every rule"))
            continue
        try:
            values.setdefault(group, {})[rule] = _value(document[name], reader)
        except _Wrong as wrong:
            problems.append(Problem(file, pointer_to("", name, *wrong.place), wrong.reason))
    return values, problems


def _hint(name: str, known: Collection[str]) -> str:
    # Imported late: only a wrong file needs it.
    import difflib

    close = difflib.get_close_matches(name, known, 1)
    return f"; did you mean {close[0]}?" if close else ""


def _value(rule: JsonValue, reader: Callable[[JsonValue], Any]) -> Any:
    if not isinstance(rule, dict) or set(rule) != set(_KEYS):
        raise _Wrong("a rule has a value and a source, and no other keys")
    if not isinstance(rule["source"], str) or not rule["source"].strip():
        raise _Wrong("has to say where the rule was observed or published", "source")
    try:
        return reader(rule["value"])
    except _Wrong as wrong:
        raise _Wrong(wrong.reason, "value", *wrong.place) from None


def _readers(contract: JsonObject) -> Mapping[str, Callable[[JsonValue], Any]]:
    """A reader for each rule, by name, in the order of the classes."""
    readers = dict(_readers_by_type())
    statuses = _order_statuses(contract)
    readers["invoice.refused_statuses"] = partial(_texts_of, possible=statuses)
    readers["order.statuses"] = partial(_all_of, all_=statuses)
    return readers


def _readers_by_type() -> Iterator[tuple[str, Callable[[JsonValue], Any]]]:
    for name, group in get_type_hints(Behaviour).items():
        for rule, kind in get_type_hints(group, include_extras=True).items():
            yield f"{name}.{rule}", _reader(kind)


def _reader(kind: Any) -> Callable[[JsonValue], Any]:
    if kind == Moment | None:
        return _moment_or_none
    if kind is Refusal or get_origin(kind) is Annotated:
        return partial(_refusal, facts=getattr(kind, "__metadata__", ()))
    if kind == Headers:
        return _headers
    if get_origin(kind) is Literal:
        return partial(_choice, possible=get_args(kind))
    if get_origin(kind) is tuple:
        item = get_args(kind)[0]
        return partial(_texts_of, possible=get_args(item) if get_origin(item) is Literal else None)
    return _BY_TYPE[kind]


def _order_statuses(contract: JsonObject) -> tuple[str, ...]:
    schemas = as_object(as_object(contract.get("components")).get("schemas"))
    return tuple(str(status) for status in as_list(as_object(schemas.get("OrderStatus")).get("enum")))


def _flag(value: JsonValue) -> bool:
    if not isinstance(value, bool):
        raise _Wrong(f"is {_shown(value)}; it has to be true or false")
    return value


def _count(value: JsonValue) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _Wrong(f"is {_shown(value)}; it has to be a whole number from 1 on")
    return value


def _seconds(value: JsonValue) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not value > 0:
        raise _Wrong(f"is {_shown(value)}; it has to be a number above 0")
    return float(value)


def _text(value: JsonValue) -> str:
    if not isinstance(value, str) or not value.isprintable() or not value.strip():
        raise _Wrong(f"is {_shown(value)}; it has to be text on one line")
    return value


def _text_or_none(value: JsonValue) -> str | None:
    return None if value is None else _text(value)


def _moment_or_none(value: JsonValue) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _Wrong(f"is {_shown(value)}; it has to be a time like 2026-09-08T00:00:00Z, or null")
    return moment


_BY_TYPE: Mapping[Any, Callable[[JsonValue], Any]] = {
    bool: _flag,
    int: _count,
    float: _seconds,
    str: _text,
    str | None: _text_or_none,
}


def _choice(value: JsonValue, *, possible: tuple[str, ...]) -> str:
    if value not in possible:
        raise _Wrong(f"is {_shown(value)}; possible are: {', '.join(possible)}")
    return str(value)


def _texts_of(value: JsonValue, *, possible: tuple[str, ...] | None) -> tuple[str, ...]:
    """A list without duplicates; `possible` None: of any texts."""
    if not isinstance(value, list):
        raise _Wrong(f"is {_shown(value)}; it has to be a list")
    found: list[str] = []
    for index, item in enumerate(value):
        text = _in_place(index, _text if possible is None else partial(_choice, possible=possible), item)
        if text in found:
            raise _Wrong(f"is {_shown(text)}, which is in the list already", index)
        found.append(text)
    return tuple(found)


def _all_of(value: JsonValue, *, all_: tuple[str, ...]) -> tuple[str, ...]:
    """A list of exactly these texts, in any order."""
    found = _texts_of(value, possible=all_)
    missing = [text for text in all_ if text not in found]
    if missing:
        raise _Wrong(f"lacks {', '.join(missing)}, which the document has")
    return found


def _headers(value: JsonValue) -> Headers:
    if not isinstance(value, dict):
        raise _Wrong(f"is {_shown(value)}; it has to be a mapping of header names to values")
    for name, text in value.items():
        if not name.isascii() or not name.replace("-", "").isalnum():
            raise _Wrong("is not the name of a header", name)
        if not _in_place(name, _text, text).isascii():
            raise _Wrong("has to be ASCII, as it is the value of a header", name)
    return tuple((name, str(text)) for name, text in value.items())


def _refusal(value: JsonValue, *, facts: tuple[str, ...]) -> Refusal:
    if not isinstance(value, dict) or set(value) != set(_REFUSAL_KEYS):
        raise _Wrong(f"an error response has {', '.join(_REFUSAL_KEYS)}, and no other keys")
    status = value["status"]
    if not isinstance(status, int) or isinstance(status, bool) or not 400 <= status < 600:
        raise _Wrong(f"is {_shown(status)}; it has to be a status from 400 to 599", "status")
    error = _in_place("error", _text, value["error"])
    detail = _in_place("detail", partial(_detail, facts=facts), value["detail"])
    return Refusal(status, error, detail)


def _detail(value: JsonValue, *, facts: tuple[str, ...]) -> str:
    """A text in which only these facts are named, each as a plain name in braces."""
    text = _text(value)
    known = (
        f"possible are: {', '.join(f'{{{fact}}}' for fact in facts)}" if facts else "this error has no facts to name"
    )
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError as problem:
        raise _Wrong(f"is {_shown(text)}, whose braces can't be read ({problem}); {known}") from None
    for _, name, form, conversion in parts:
        if name is not None and (name not in facts or form or conversion):
            raise _Wrong(f"names {{{name}}}, which is no fact of this error; {known}")
    return text


def _in_place(place: str | int, read: Callable[[JsonValue], str], value: JsonValue) -> str:
    """A part of a value. Errors: _Wrong with its place."""
    try:
        return read(value)
    except _Wrong as wrong:
        raise _Wrong(wrong.reason, place, *wrong.place) from None


def _shown(value: JsonValue) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
