"""Compares two answers to the same request: status, error name, shape and values. Pure, except that the matching records id pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from contract_tests.tools.compare.known import NOTHING_KNOWN, Known
from contract_tests.tools.compare.matching import Matching, without_signed_paths
from contract_tests.tools.compare.ordering import side_by_side
from contract_tests.tools.compare.places import NOTHING, Place
from contract_tests.tools.compare.shapes import shape_differences
from contract_tests.transport.exchanges import NO_STATUS, Exchange
from polar_contract.json_types import JsonObject, JsonValue

_HEADERS = ("content-type", "allow")
IsCompared = Callable[[str | None, str], bool]


class Verdict(StrEnum):
    """The result of comparing two answers: the same, or how they differ, the most severe first."""

    SAME = "same"
    STATUS = "status"
    ERROR_NAME = "error name"
    SHAPE = "shape"
    VALUE = "value"
    KNOWN = "known"

    @property
    def is_difference(self) -> bool:
        """Whether it counts as a difference."""
        return self not in (Verdict.SAME, Verdict.KNOWN)


def gravity_of(verdict: Verdict) -> int:
    """The rank of a verdict: 0 for the most severe; `same` comes last."""
    order = list(Verdict)
    return (order.index(verdict) - 1) % len(order)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The most severe unknown difference of two answers, and all places that differ in this way; none when they are the same.

    `known` are places that differ in a known way, each with the name of the entry that explains it.
    """

    verdict: Verdict
    places: tuple[Place, ...] = ()
    known: tuple[tuple[str, Place], ...] = ()

    @property
    def kind(self) -> str:
        """The key that groups equal differences of one operation."""
        if not self.places:
            return ""
        first = self.places[0]
        is_named = self.verdict in (Verdict.STATUS, Verdict.ERROR_NAME)
        return f"{first.left} | {first.right}" if is_named else first.kind


@dataclass(frozen=True, slots=True)
class Terms:
    """What counts as a difference. `is_compared` takes an operation and a place in its body and says whether the place counts."""

    known: Known = NOTHING_KNOWN
    is_compared: IsCompared = lambda _operation, _place: True
    has_whole_lists: bool = True
    """False when one side has only some of the items; then only items that are on both sides are compared."""


_ALL_COUNTS = Terms()


def compare(left: Exchange, right: Exchange, matching: Matching, terms: Terms = _ALL_COUNTS) -> Comparison:
    """Compare two answers to the same request."""
    explained: list[tuple[str, Place]] = []

    def unknown(places: Iterable[Place]) -> tuple[Place, ...]:
        """The places that no entry explains; the others are added to `explained` with the name of their entry."""
        names = [(terms.known.explain(left, place), place) for place in places]
        explained.extend((name, place) for name, place in names if name is not None)
        return tuple(place for name, place in names if name is None)

    first = next(_status_or_error(left, right), None)
    if first is not None:
        verdict, place = first
        places = unknown([place])
        # An entry that explains a different status explains the whole answer.
        return Comparison(verdict if places else Verdict.KNOWN, places, tuple(explained))
    bodies, order = _arranged(left, _body(left), _body(right), matching, terms)
    # Values are compared in any case, because the matching has to record the ids that appear here first.
    by_verdict = {
        Verdict.SHAPE: (*_headers(left, right), *shape_differences(*bodies)),
        Verdict.VALUE: (*order, *value_differences(*bodies, matching)),
    }
    operation = left.operation_id
    found = {
        verdict: unknown(one for one in places if not _is_in_body(one) or terms.is_compared(operation, one.kind))
        for verdict, places in by_verdict.items()
    }
    gravest = next((verdict for verdict, places in found.items() if places), None)
    if gravest is None:
        return Comparison(Verdict.KNOWN if explained else Verdict.SAME, (), tuple(explained))
    return Comparison(gravest, found[gravest], tuple(explained))


def _status_or_error(left: Exchange, right: Exchange) -> Iterator[tuple[Verdict, Place]]:
    """Differences after which bodies are not compared."""
    if left.status != right.status:
        yield Verdict.STATUS, Place("status", _status(left), _status(right))
    names = (left.error_name() or "(none)", right.error_name() or "(none)")
    if names[0] != names[1]:
        yield Verdict.ERROR_NAME, Place("error", *names)


def _arranged(
    exchange: Exchange, left: JsonValue | bytes, right: JsonValue | bytes, matching: Matching, terms: Terms
) -> tuple[tuple[JsonValue | bytes, JsonValue | bytes], list[Place]]:
    """Both bodies with the items of lists aligned, and how the order of the items differs."""
    if not isinstance(left, dict) or not isinstance(right, dict):
        return (left, right), []
    lists = side_by_side(left, right, exchange, matching, is_whole=terms.has_whole_lists)
    if lists is None:
        return (left, right), []
    here: JsonObject = {**left, "items": [*lists.left]}
    there: JsonObject = {**right, "items": [*lists.right]}
    return (here, there), [] if lists.order is None else [lists.order]


def _is_in_body(place: Place) -> bool:
    return place.where.startswith("body")


def value_differences(
    left: JsonValue | bytes, right: JsonValue | bytes, matching: Matching, where: str = "body"
) -> Iterator[Place]:
    """Where values differ; both bodies are read in the same order, so that the matching pairs the right ids."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in sorted({*left, *right}):
            if key in left and key in right:
                yield from value_differences(left[key], right[key], matching, f"{where}.{key}")
            else:
                yield Place(f"{where}.{key}", _shown_at(left, key), _shown_at(right, key))
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
    """The parsed JSON, else the text; an invoice as bytes. The target's own address is removed from texts."""
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
        values = [one.headers.get(name, NOTHING).partition(";")[0].strip().lower() for one in (left, right)]
        if values[0] != values[1]:
            yield Place(f"header {name}", values[0], values[1])
    has_retry_after = ["retry-after" in one.headers for one in (left, right)]
    if has_retry_after[0] != has_retry_after[1]:
        yield Place("header retry-after", *("present" if one else NOTHING for one in has_retry_after))


def _shown_at(value: JsonObject, key: str) -> str:
    return _shown(value[key]) if key in value else NOTHING


def _shown(value: JsonValue | bytes) -> str:
    return f"a document of {len(value)} bytes" if isinstance(value, bytes) else repr(value)
