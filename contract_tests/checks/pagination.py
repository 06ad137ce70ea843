"""Checks a page of a list against the query: its size, the number of pages, its order, its filters. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from math import ceil

from contract_tests.checks.findings import Problem
from contract_tests.checks.rules import Rule
from contract_tests.model.known import KnownToken
from contract_tests.model.observed_state import ObservedState
from contract_tests.model.sorting import DEFAULT_SORTING, sorted_value
from contract_tests.transport import request_reader
from contract_tests.transport.exchanges import Exchange
from polar_contract.behaviour import Behaviour
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object
from polar_contract.operations import Operation

# Source: observed on the service, April 2026.
_DEFAULT_LIMIT = 10
_UNFILTERED = frozenset({"page", "limit", "sorting"})
_EXACT = frozenset({"created_at", "amount", "net_amount"})
# Of texts, only first letters and texts of one form are checked, because the collation is not known.
_TEXTS = frozenset({"customer", "product", "invoice_number"})


def page_problems(
    exchange: Exchange, operation: Operation, observed_state: ObservedState, behaviour: Behaviour
) -> Iterator[Problem]:
    """Everything that is wrong with a page."""
    try:
        answer = as_object(exchange.json())
    except ValueError:
        return
    items = [as_object(item) for item in as_list(answer.get("items"))]
    query = request_reader.query(exchange)
    pagination = as_object(answer.get("pagination"))
    yield from _of_size(items, pagination, query, behaviour.request.most_items_per_page)
    ids = [item.get("id") for item in items]
    if len(set(map(str, ids))) < len(ids):
        yield Rule.PAGE_UNIQUE, "unique ids", f"{ids}"
    if operation.id.endswith("orders:list"):
        yield from _of_sorting(items, query)
        if not observed_state.is_shared:
            yield from _of_texts(items, query)
            yield from _of_statuses(items, query, behaviour.order.statuses)
        yield from _of_filters(items, query, is_portal=operation.is_portal)
        yield from _of_later_filters(items, query, operation)
        token = observed_state.token(request_reader.bearer(exchange) or "")
        if observed_state.is_complete and token is not None and set(query) <= _UNFILTERED:
            yield from _of_total(pagination, operation, observed_state, token)


def _of_size(
    items: list[JsonObject], pagination: JsonObject, query: Mapping[str, list[str]], largest: int
) -> Iterator[Problem]:
    """A `limit` above the largest one counts as the largest."""
    page, limit = _number(query, "page", 1), min(_number(query, "limit", _DEFAULT_LIMIT), largest)
    total, pages = pagination.get("total_count"), pagination.get("max_page")
    if not isinstance(total, int) or not isinstance(pages, int):
        return
    if pages != ceil(total / limit):
        yield Rule.PAGE_COUNT, f"max_page {ceil(total / limit)}", f"max_page {pages}"
    expected = max(0, min(limit, total - (page - 1) * limit))
    if len(items) != expected:
        place = f"page {page} of {total} items, {limit} per page"
        yield Rule.PAGE_SIZE, f"{expected} items on {place}", f"{len(items)} items"


def _of_sorting(items: list[JsonObject], query: Mapping[str, list[str]]) -> Iterator[Problem]:
    wanted = query.get("sorting", DEFAULT_SORTING)[0]
    criterion = wanted.removeprefix("-")
    if criterion not in _EXACT:
        return
    values = [sorted_value(item, criterion) for item in items]
    if any(not isinstance(value, int | str) for value in values):
        return
    expected = sorted(values, key=_comparable, reverse=wanted.startswith("-"))
    if values != expected:
        yield Rule.SORTED, f"{criterion} in the order {expected}", f"{values}"


def _of_texts(items: list[JsonObject], query: Mapping[str, list[str]]) -> Iterator[Problem]:
    wanted = query.get("sorting", [""])[0]
    if wanted.removeprefix("-") not in _TEXTS:
        return
    values = [sorted_value(item, wanted.removeprefix("-")) for item in items]
    texts = [text for text in values if isinstance(text, str) and re.match("[A-Za-z]", text)]
    keys = texts if _are_of_one_form(texts) else [text[0].casefold() for text in texts]
    if keys != sorted(keys, reverse=wanted.startswith("-")) or not _are_nulls_in_place(values, wanted):
        yield Rule.SORTED, f"sorting={wanted}", f"{wanted.removeprefix('-')}: {', '.join(map(str, values))}"


def _of_statuses(items: list[JsonObject], query: Mapping[str, list[str]], statuses: Sequence[str]) -> Iterator[Problem]:
    """In the order of the rule; a status that is not among them sorts as null. Source: observed on the service, April 2026."""
    wanted = query.get("sorting", [""])[0]
    if wanted.removeprefix("-") != "status":
        return
    known_places = {status: place for place, status in enumerate(statuses)}
    places = [known_places.get(str(item.get("status"))) for item in items]
    known = [place for place in places if place is not None]
    if known != sorted(known, reverse=wanted.startswith("-")) or not _are_nulls_in_place(places, wanted):
        yield (
            Rule.SORTED,
            f"sorting={wanted}: {', '.join(statuses)}, then others",
            f"{[i.get('status') for i in items]}",
        )


def _are_nulls_in_place(values: Sequence[JsonValue], wanted: str) -> bool:
    """Nulls are last in ascending order, first in descending order. Source: observed on the service, April 2026."""
    nulls = [value is None for value in values]
    return nulls == sorted(nulls, reverse=wanted.startswith("-"))


def _are_of_one_form(texts: list[str]) -> bool:
    """Whether all texts have the same pattern of capitals, digits and dashes; every collation sorts such texts alike."""
    return len({re.sub("[A-Z0-9]", "x", text) for text in texts}) == 1 and not re.search("[a-z]", "".join(texts))


def _comparable(value: JsonValue) -> tuple[int, str]:
    """A key for sorting. Timestamps compare as texts once a missing fraction is added."""
    if isinstance(value, int):
        return value, ""
    text = str(value)
    return 0, text if "." in text else text.replace("Z", ".000000Z")


def _of_filters(items: list[JsonObject], query: Mapping[str, list[str]], *, is_portal: bool) -> Iterator[Problem]:
    for name, holds in {**_FILTERS, **(_PORTAL_FILTERS if is_portal else {})}.items():
        if name in query:
            for item in items:
                if not holds(item, query[name]):
                    yield Rule.FILTERED, f"{name} is one of {query[name]}", f"order {item.get('id')}"
    for key, wanted in request_reader.metadata_of(query).items():
        for item in [] if is_portal else items:
            if not _is_written(as_object(item.get("metadata")).get(key), wanted):
                yield Rule.FILTERED, f"metadata[{key}] is one of {wanted}", f"order {item.get('id')}"


def _of_later_filters(
    items: list[JsonObject], query: Mapping[str, list[str]], operation: Operation
) -> Iterator[Problem]:
    """Filters that only some revisions have; elsewhere they are unknown parameters, and ignored."""
    for name, holds in _LATER_FILTERS.items():
        if name in query and name in operation.query_names:
            for item in items:
                if not holds(item, query[name]):
                    yield Rule.FILTERED, f"{name} is {', '.join(query[name])}", f"order {item.get('id')}"


def _of_total(
    pagination: JsonObject, operation: Operation, observed_state: ObservedState, token: KnownToken
) -> Iterator[Problem]:
    """The total, when the observed state is complete: every order that the caller can see."""
    own = [
        order
        for order in observed_state.orders.values()
        if order.world == token.world and (not operation.is_portal or order.customer_id == token.customer_id)
    ]
    if token.world is not None and pagination.get("total_count") != len(own):
        yield Rule.PAGE_TOTAL, f"total_count {len(own)}", f"{pagination.get('total_count')}"


def _number(query: Mapping[str, list[str]], name: str, default: int) -> int:
    """A number in the query; the last value counts. Source: observed on the service, April 2026."""
    text = query.get(name, [str(default)])[-1]
    return int(float(text)) if text.strip().replace(".", "", 1).isdecimal() else default


def _is_field(name: str) -> Callable[[JsonObject, list[str]], bool]:
    return lambda item, wanted: str(item.get(name)).lower() in [text.lower() for text in wanted]


def _moment(text: JsonValue) -> datetime:
    return datetime.fromisoformat(str(text))


def _has_product_name(item: JsonObject, wanted: list[str]) -> bool:
    name = as_object(item.get("product")).get("name")
    return isinstance(name, str) and wanted[-1].lower() in name.lower()


def _is_written(value: JsonValue, wanted: list[str]) -> bool:
    """Whether a value has one of these JSON texts; the text of a decimal is not known."""
    if value is None or isinstance(value, float):
        return value is not None
    return (value if isinstance(value, str) else json.dumps(value)) in wanted


def _has_billing_type(item: JsonObject, wanted: list[str]) -> bool:
    """An order without a product is one_time. Source: observed on the service, April 2026."""
    is_recurring = as_object(item.get("product")).get("is_recurring")
    return ("recurring" if is_recurring else "one_time") in wanted


_FILTERS: Mapping[str, Callable[[JsonObject, list[str]], bool]] = {
    "product_id": _is_field("product_id"),
    "subscription_id": _is_field("subscription_id"),
    "product_billing_type": _has_billing_type,
}
_LATER_FILTERS: Mapping[str, Callable[[JsonObject, list[str]], bool]] = {
    "status": _is_field("status"),
    "created_after": lambda item, wanted: _moment(item.get("created_at")) >= _moment(wanted[-1]),
    "created_before": lambda item, wanted: _moment(item.get("created_at")) <= _moment(wanted[-1]),
}
_PORTAL_FILTERS: Mapping[str, Callable[[JsonObject, list[str]], bool]] = {"query": _has_product_name}
