"""Lists with wrong handling of missing values, metadata keys and the order of statuses; validation errors in another order."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode

from mutants.operators import LISTS, Json, Mutant, asked, body_changed, changing, error_of, mutant, on, parsed
from mutants.proxy import Answer, Forward, Layer, Request

_IS_ORDERS = re.compile(LISTS)
_ANY_LIST = f"{LISTS}|/v1/webhooks/(endpoints|deliveries)"
_EMPTY: Json = {"items": [], "pagination": {"total_count": 0, "max_page": 0}}


def _asked(wanted: Callable[[list[tuple[str, str]]], bool]) -> Callable[[Request, Answer], bool]:
    """Selects lists of orders with such a query."""

    def when(request: Request, answer: Answer) -> bool:
        pairs = parse_qsl(request.path.partition("?")[2], keep_blank_values=True)
        return on("GET", LISTS, 200)(request, answer) and wanted(pairs)

    return when


def _of_products_only(request: Request, forward: Forward) -> Answer:
    """A filter for one-time purchases finds only orders with a product."""
    place, _, query = request.path.partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    if not _IS_ORDERS.fullmatch(place) or ("product_billing_type", "one_time") not in pairs or "product_id" in query:
        return forward(request)
    every = parsed(forward(asked(request, "GET", f"{place}?limit=100")).body) or {}
    products = {item["product_id"] for item in every.get("items", []) if item["product_id"]}
    more = [("product_id", one) for one in sorted(products)]
    return forward(asked(request, "GET", f"{place}?{urlencode([*pairs, *more])}"))


def _queried(change: Callable[[str, str], tuple[str, str] | None]) -> Layer:
    """Lists whose parameters are replaced or ignored."""

    def layer(request: Request, forward: Forward) -> Answer:
        place, _, query = request.path.partition("?")
        pairs = parse_qsl(query, keep_blank_values=True)
        read = [found for found in (change(*pair) for pair in pairs) if found is not None]
        if not on("GET", LISTS)(request, Answer(200, {}, b"")) or read == pairs:
            return forward(request)
        return forward(Request("GET", f"{place}?{urlencode(read)}", request.headers, request.body))

    return layer


def _sorted_by_status(place: Callable[[str], object]) -> Layer:
    """Sorts one page again."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        sorting = dict(parse_qsl(request.path.partition("?")[2])).get("sorting", "")
        if not on("GET", LISTS, 200)(request, answer) or sorting.removeprefix("-") != "status":
            return answer

        def again(body: Json) -> Json:
            items = sorted(body["items"], key=lambda item: place(item["status"]), reverse=sorting.startswith("-"))  # type: ignore[arg-type,return-value]
            return {**body, "items": items}

        return body_changed(again)(answer)

    return layer


def _nulls_elsewhere(name: str) -> Layer:
    """Orders without a sort value are at the other end of the list."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        sorting = dict(parse_qsl(request.path.partition("?")[2])).get("sorting", "")
        if not on("GET", LISTS, 200)(request, answer) or sorting.removeprefix("-") != name:
            return answer

        def moved(body: Json) -> Json:
            nulls = [item for item in body["items"] if item[name] is None]
            others = [item for item in body["items"] if item[name] is not None]
            return {**body, "items": [*others, *nulls] if sorting.startswith("-") else [*nulls, *others]}

        return body_changed(moved)(answer)

    return layer


def _faults(change: Callable[[list[Json]], list[Json]]) -> Layer:
    """Reorders the items of a refused query."""
    refused = body_changed(lambda body: {**body, "detail": change(body["detail"])})
    return changing(on("GET", _ANY_LIST, 422, "RequestValidationError"), refused)


def _paging_last(items: list[Json]) -> list[Json]:
    return sorted(items, key=lambda item: item["loc"][1] in ("page", "limit", "sorting"))


def _older_words(answer: Answer) -> Answer:
    """Reports a trailing comma as Python before 3.13 does: at the bracket after it."""

    def told(item: Json) -> Json:
        words = item.get("ctx", {}).get("error", "")
        if not words.startswith("Illegal trailing comma"):
            return item
        error = "Expecting value" if "array" in words else "Expecting property name enclosed in double quotes"
        return {**item, "loc": [*item["loc"][:-1], item["loc"][-1] + 1], "ctx": {"error": error}}

    return body_changed(lambda body: {**body, "detail": [told(item) for item in body["detail"]]})(answer)


def _misplaced(answer: Answer) -> Answer:
    def moved(item: Json) -> Json:
        return {**item, "loc": [*item["loc"][:-1], 0]} if item["type"] == "json_invalid" else item

    return body_changed(lambda body: {**body, "detail": [moved(item) for item in body["detail"]]})(answer)


def _host_refused(part: str) -> Layer:
    """An endpoint is refused when its host name only resembles a loopback name."""

    def when(request: Request, answer: Answer) -> bool:
        url = (
            (parsed(request.body) or {}).get("url", "")
            if on("POST", "/v1/webhooks/endpoints", 201)(request, answer)
            else ""
        )
        return part in url

    return changing(when, error_of(422, "RequestValidationError"))


def _spelled(name: str, value: str) -> tuple[str, str]:
    """Python's spelling of true."""
    is_metadata = name.startswith("metadata[")
    return name, value.swapcase() if is_metadata and value in ("true", "True") else value


_ANY_BODY = r"/v1/.*"

SEARCHES: list[Mutant] = [
    mutant(
        "list",
        "an order without a product is neither bought once nor recurring",
        _of_products_only,
    ),
    mutant(
        "list",
        "an order without a product recurs",
        _queried(lambda name, value: None if (name, value) == ("product_billing_type", "recurring") else (name, value)),
    ),
    mutant(
        "list",
        "an empty search is none",
        _queried(lambda name, value: None if (name, value) == ("query", "") else (name, value)),
    ),
    mutant("list", "statuses are sorted by the alphabet", _sorted_by_status(str)),
    mutant("list", "a void order comes first", _sorted_by_status(lambda status: (status != "void", str(status)))),
    mutant(
        "list",
        "statuses are not sorted",
        _queried(lambda name, value: None if value.endswith("status") else (name, value)),
    ),
    mutant("list", "without a product comes at the other end", _nulls_elsewhere("product")),
    mutant("list", "true is spelled as in Python", _queried(_spelled)),
    mutant(
        "list",
        "true is found in every spelling",
        _queried(lambda name, value: (name, value.lower() if value == "True" else value)),
    ),
    mutant(
        "list",
        "what is missing is found by the name of nothing",
        _queried(lambda name, value: None if name == "metadata[colour]" else (name, value)),
    ),
    mutant(
        "list",
        "an empty key is a filter",
        changing(_asked(lambda pairs: "metadata[]" in dict(pairs)), body_changed(lambda _: _EMPTY)),
    ),
    mutant(
        "list",
        "values of metadata are not looked at",
        _queried(lambda name, value: None if name.startswith("metadata[") else (name, value)),
    ),
    mutant("error", "filters are told before pages", _faults(_paging_last)),
    mutant("error", "faults of a query are told backwards", _faults(lambda items: items[::-1])),
    mutant(
        "error", "a comma too many in the words of an older Python", changing(on("PATCH", _ANY_BODY, 422), _older_words)
    ),
    mutant("error", "malformed JSON is always wrong at its start", changing(on("PATCH", _ANY_BODY, 422), _misplaced)),
    mutant("webhook", "a name that ends in a dot is refused", _host_refused("localhost./")),
    mutant("webhook", "a name below localhost is refused", _host_refused(".localhost/")),
]
