"""How two answers to the same request differ: in status, error name, shape or value. Pure but for what a matching learns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from contract_tests.exchanges import NO_STATUS, Exchange
from contract_tests.parity.matching import Matching, without_signed_paths
from polar_contract.json_types import JsonObject, JsonValue

_HEADERS = ("content-type", "allow")
_NOTHING = "(absent)"
_INDEX = re.compile(r"\.\d+(?=\.|$)")
_TYPES: dict[type, str] = {bool: "boolean", int: "number", float: "number", str: "text", list: "list", dict: "object"}


class Verdict(StrEnum):
    """What two answers come to, the gravest first after `same`."""

    SAME = "same"
    STATUS = "status"
    ERROR_NAME = "error name"
    SHAPE = "shape"
    VALUE = "value"


def gravity_of(verdict: Verdict) -> int:
    """0 for the gravest; `same` comes last."""
    order = list(Verdict)
    return (order.index(verdict) - 1) % len(order)


@dataclass(frozen=True, slots=True)
class Place:
    """One place of an answer, and what either side has there."""

    where: str
    left: str
    right: str

    @property
    def kind(self) -> str:
        """The place without positions in lists."""
        return _INDEX.sub("[]", self.where)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The gravest way in which two answers differ, and all places where they do so; none when they are the same."""

    verdict: Verdict
    places: tuple[Place, ...] = ()

    @property
    def kind(self) -> str:
        """What makes two comparisons of one operation alike."""
        if not self.places:
            return ""
        first = self.places[0]
        is_named = self.verdict in (Verdict.STATUS, Verdict.ERROR_NAME)
        return f"{first.left} | {first.right}" if is_named else first.kind


def compare(
    left: Exchange, right: Exchange, matching: Matching, *, is_compared: Callable[[str], bool] = lambda _place: True
) -> Comparison:
    """Compare two answers to the same request; `is_compared` says of a place in the body whether it matters."""
    if left.status != right.status:
        return Comparison(Verdict.STATUS, (Place("status", _status(left), _status(right)),))
    names = (left.error_name() or "(none)", right.error_name() or "(none)")
    if names[0] != names[1]:
        return Comparison(Verdict.ERROR_NAME, (Place("error", *names),))
    bodies = (_body(left), _body(right))
    inner = [place for place in shape_differences(*bodies) if is_compared(place.kind)]
    shapes = (*_headers(left, right), *inner)
    # Values are looked at in any case: what is first shown here has to be known later on.
    values = tuple(place for place in value_differences(*bodies, matching) if is_compared(place.kind))
    if shapes:
        return Comparison(Verdict.SHAPE, shapes)
    return Comparison(Verdict.VALUE, values) if values else Comparison(Verdict.SAME)


def shape_differences(left: JsonValue | bytes, right: JsonValue | bytes) -> Iterator[Place]:
    """Where key paths or JSON types differ; the items of a list count as one, and an empty list has none."""
    here, there = _shape(left), _shape(right)
    if here == there:
        return
    told: list[str] = []
    for path in sorted({*here, *there}):
        types = (here.get(path), there.get(path))
        is_free = any(path.startswith(f"{one}[]") and _is_empty(one, here, there) for one in {*here, *there})
        if types[0] == types[1] or is_free or any(path.startswith((f"{one}.", f"{one}[]")) for one in told):
            continue
        told.append(path)
        yield Place(path, *(" or ".join(sorted(one)) if one else _NOTHING for one in types))


def value_differences(
    left: JsonValue | bytes, right: JsonValue | bytes, matching: Matching, where: str = "body"
) -> Iterator[Place]:
    """Where the bodies say different things; both are read in the same order, so that partners are found."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in sorted({*left, *right}):
            if key in left and key in right:
                yield from value_differences(left[key], right[key], matching, f"{where}.{key}")
            else:
                yield Place(f"{where}.{key}", _told(left, key), _told(right, key))
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for index, (one, other) in enumerate(zip(left, right, strict=True)):
            yield from value_differences(one, other, matching, f"{where}.{index}")
    elif isinstance(left, list) and isinstance(right, list):
        yield Place(where, f"{len(left)} items", f"{len(right)} items")
    elif not _is_same(left, right, matching):
        yield Place(where, _shown(left), _shown(right))


def _is_same(left: JsonValue | bytes, right: JsonValue | bytes, matching: Matching) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return matching.is_same_text(left, right)
    if isinstance(left, bytes) and isinstance(right, bytes):
        return matching.is_same_document(left, right)
    return type(left) is type(right) and left == right


def _status(exchange: Exchange) -> str:
    return str(exchange.status) if exchange.status != NO_STATUS else "no complete answer"


def _body(exchange: Exchange) -> JsonValue | bytes:
    """JSON as it is, text as text, an invoice as bytes. The target's own address is left out of all."""
    if exchange.body.startswith(b"%PDF-"):
        return exchange.body
    base_url = "://".join(urlsplit(exchange.url)[:2])
    try:
        return _with_plain_links(exchange.json(), base_url)
    except ValueError:
        return _with_plain_links(exchange.body.decode("utf-8", "replace"), base_url)


def _with_plain_links(value: JsonValue, base_url: str) -> JsonValue:
    if isinstance(value, str):
        return without_signed_paths(value).replace(base_url, "")
    if isinstance(value, list):
        return [_with_plain_links(one, base_url) for one in value]
    if isinstance(value, dict):
        return {key: _with_plain_links(one, base_url) for key, one in value.items()}
    return value


def _headers(left: Exchange, right: Exchange) -> Iterator[Place]:
    for name in _HEADERS:
        values = [one.headers.get(name, _NOTHING).partition(";")[0].strip().lower() for one in (left, right)]
        if values[0] != values[1]:
            yield Place(f"header {name}", values[0], values[1])
    is_patient = ["retry-after" in one.headers for one in (left, right)]
    if is_patient[0] != is_patient[1]:
        yield Place("header retry-after", *("present" if one else _NOTHING for one in is_patient))


def _shape(value: JsonValue | bytes, path: str = "body") -> dict[str, set[str]]:
    found = {path: {_TYPES.get(type(value), "null" if value is None else "document")}}
    if isinstance(value, dict):
        inner = [(f"{path}.{key}", one) for key, one in value.items()]
    else:
        inner = [(f"{path}[]", one) for one in value] if isinstance(value, list) else []
    for below, one in inner:
        for name, types in _shape(one, below).items():
            found.setdefault(name, set()).update(types)
    return found


def _is_empty(path: str, here: dict[str, set[str]], there: dict[str, set[str]]) -> bool:
    """Whether a list has items on one side only."""
    return (f"{path}[]" in here) != (f"{path}[]" in there) and path in here and path in there


def _told(value: JsonObject, key: str) -> str:
    return _shown(value[key]) if key in value else _NOTHING


def _shown(value: JsonValue | bytes) -> str:
    return f"a document of {len(value)} bytes" if isinstance(value, bytes) else repr(value)
