"""Lists that handle one query parameter wrongly, or one case of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import parse_qsl, urlencode

from mutants.operators import LISTS, Json, Mutant, body_changed, changing, error_of, mutant, on, parsed
from mutants.proxy import Answer, Forward, Layer, Request

_IS_ORDERS = re.compile(LISTS)
_DELIVERIES, _ENDPOINTS = "/v1/webhooks/deliveries", "/v1/webhooks/endpoints"
Pairs = Sequence[tuple[str, str]]


def _query(change: Callable[[Pairs], Pairs], path: str = LISTS) -> Layer:
    """Queries are changed before they reach the mock; queries that it refuses are not."""
    expression = re.compile(path)

    def layer(request: Request, forward: Forward) -> Answer:
        place, _, query = request.path.partition("?")
        pairs = parse_qsl(query, keep_blank_values=True)
        changed = list(change(pairs))
        answer = forward(request)
        if request.method != "GET" or expression.fullmatch(place) is None or changed == pairs or answer.status != 200:
            return answer
        path = f"{place}?{urlencode(changed)}" if changed else place
        return forward(Request("GET", path, request.headers, request.body))

    return layer


def _first_of(name: str) -> Layer:
    """Of several values of one parameter only the first is used."""

    def change(pairs: Pairs) -> Pairs:
        first = next((pair for pair in pairs if pair[0] == name), None)
        return [pair for pair in pairs if pair[0] != name or pair is first]

    return _query(change)


def _dropped(*names: str, path: str = LISTS) -> Layer:
    return _query(lambda pairs: [pair for pair in pairs if pair[0] not in names], path)


def _values(name: str, change: Callable[[str], str]) -> Layer:
    return _query(lambda pairs: [(key, change(value) if key == name else value) for key, value in pairs])


def _only_first(name: str) -> Layer:
    """Of a repeated parameter only the first value is used."""

    def change(pairs: Pairs) -> Pairs:
        first = next((pair for pair in pairs if pair[0] == name), None)
        return [pair for pair in pairs if pair[0] != name or pair is first]

    return _query(change)


def _only_last(name: str) -> Layer:
    def change(pairs: Pairs) -> Pairs:
        last = next((pair for pair in reversed(pairs) if pair[0] == name), None)
        return [pair for pair in pairs if pair[0] != name or pair is last]

    return _query(change)


def _defaults(**more: str) -> Layer:
    """A missing parameter gets the wrong default."""
    return _query(lambda pairs: [*pairs, *((name, value) for name, value in more.items() if name not in dict(pairs))])


def _one_key(pairs: Pairs) -> Pairs:
    """Of several metadata keys only the last is used."""
    keys = [name for name, _ in pairs if name.startswith("metadata[")]
    return [pair for pair in pairs if not pair[0].startswith("metadata[") or pair[0] == keys[-1]]


def _everybody_instead(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    place, _, query = request.path.partition("?")
    if on("GET", LISTS, 200)(request, answer) and "customer_id" in query and not parsed(answer.body)["items"]:
        kept = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] != "customer_id"]
        return forward(Request("GET", f"{place}?{urlencode(kept)}", request.headers, request.body))
    return answer


def _combined_are_lost(pairs: Pairs) -> Pairs:
    """Pages are limited only when nothing is sorted."""
    return [pair for pair in pairs if pair[0] not in ("page", "limit")] if "sorting" in dict(pairs) else pairs


def _at_most(value: str, most: int) -> str:
    return str(min(int(value), most)) if value.isdecimal() else value


def _instead_of(word: str, other: str) -> Callable[[str], str]:
    return lambda value: value.replace(word, other)


def _mended(mark: str, name: str) -> Layer:
    """An invalid parameter is ignored instead of refused."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        place, _, query = request.path.partition("?")
        if request.method != "GET" or not _IS_ORDERS.fullmatch(place) or answer.status != 422:
            return answer
        if mark.encode() not in answer.body:
            return answer
        pairs = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] != name]
        return forward(Request("GET", f"{place}?{urlencode(pairs)}", request.headers, request.body))

    return layer


def _refused(name: str, fits: Callable[[str], bool]) -> Layer:
    def when(request: Request, answer: Answer) -> bool:
        values = [value for key, value in parse_qsl(request.path.partition("?")[2]) if key == name]
        return on("GET", LISTS, 200)(request, answer) and any(map(fits, values))

    return changing(when, error_of(422, "RequestValidationError"))


def _past_the_end(instead: Callable[[Request, Forward, Answer], Answer]) -> Layer:
    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        body = parsed(answer.body)
        is_past = on("GET", LISTS, 200)(request, answer) and not body["items"] and body["pagination"]["total_count"]
        return instead(request, forward, answer) if is_past else answer

    return layer


def _last_page(request: Request, forward: Forward, answer: Answer) -> Answer:
    last = parsed(answer.body)["pagination"]["max_page"]
    path = re.sub(r"\bpage=\d+", f"page={last}", request.path)
    return forward(Request("GET", path, request.headers, request.body))


def _overlapping() -> Layer:
    """Each page after the first begins with the last order of the previous page."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        found = re.search(r"\bpage=(\d+)", request.path)
        if not found or int(found[1]) < 2 or not on("GET", LISTS, 200)(request, answer):
            return answer
        before = request.path.replace(found[0], f"page={int(found[1]) - 1}")
        earlier = parsed(forward(Request("GET", before, request.headers, b"")).body)["items"][-1:]
        return body_changed(lambda body: {**body, "items": [*earlier, *body["items"][:-1]]} if earlier else body)(
            answer
        )

    return layer


def _pages(change: Callable[[Json, Json], Json]) -> Layer:
    return changing(
        on("GET", LISTS, 200), body_changed(lambda body: {**body, "pagination": change(body, body["pagination"])})
    )


def _records(change: Callable[[list[Json]], list[Json]]) -> Layer:
    return changing(on("GET", _DELIVERIES, 200), body_changed(lambda body: {**body, "items": change(body["items"])}))


QUERIES: list[Mutant] = [
    mutant("list", "the default limit is 20", _defaults(limit="20")),
    mutant("list", "the oldest come first by default", _defaults(sorting="created_at")),
    mutant("list", "at most 20 on a page", _values("limit", lambda value: _at_most(value, 20))),
    mutant("list", "sorting by amount is by date", _values("sorting", _instead_of("amount", "created_at"))),
    mutant("list", "sorting downwards is upwards", _values("sorting", lambda value: value.removeprefix("-"))),
    mutant("list", "sorting by product is by amount", _values("sorting", _instead_of("product", "amount"))),
    mutant("list", "only the first sorting counts", _only_first("sorting")),
    mutant("list", "only the last sorting counts", _only_last("sorting")),
    mutant("list", "only the first of two products counts", _only_first("product_id")),
    mutant("list", "only the first of two billing types counts", _only_first("product_billing_type")),
    mutant("list", "the billing type is ignored", _dropped("product_billing_type")),
    mutant("list", "the search is ignored", _dropped("query")),
    mutant("list", "a search for % finds all", _query(lambda pairs: [one for one in pairs if one != ("query", "%")])),
    mutant("list", "a search for _ finds all", _query(lambda pairs: [one for one in pairs if one != ("query", "_")])),
    mutant("list", "the customer is ignored", _dropped("customer_id")),
    mutant("list", "the external customer is ignored", _dropped("external_customer_id")),
    mutant("list", "the subscription is ignored", _dropped("subscription_id")),
    mutant("list", "the discount is ignored", _dropped("discount_id")),
    mutant("list", "metadata are ignored", _query(lambda pairs: [one for one in pairs if "metadata" not in one[0]])),
    mutant("list", "what is sorted has one page", _query(_combined_are_lost)),
    mutant("list", "an unknown sorting is ignored", _mended('"sorting"', "sorting")),
    mutant("list", "a malformed limit is ignored", _mended('"limit"', "limit")),
    mutant("list", "a malformed page is ignored", _mended('"page"', "page")),
    mutant("list", "a malformed product is ignored", _mended('"product_id"', "product_id")),
    mutant("list", "unknown parameters are refused", _refused("colour", lambda _: True)),
    mutant("list", "a limit over 100 is refused", _refused("limit", lambda value: len(value) > 2 and value != "100")),
    mutant("list", "a limit of 1 is refused", _refused("limit", lambda value: value == "1")),
    mutant(
        "list", "a page past the end is 404", _past_the_end(lambda *given: error_of(404, "ResourceNotFound")(given[2]))
    ),
    mutant("list", "a page past the end is the last", _past_the_end(_last_page)),
    mutant("list", "pages overlap", _overlapping()),
    mutant(
        "list",
        "max_page is cut, not rounded up",
        _pages(
            lambda body, page: {**page, "max_page": page["max_page"] - 1 if page["max_page"] > 1 else page["max_page"]}
        ),
    ),
    mutant(
        "list", "max_page of nothing is 1", _pages(lambda body, page: {**page, "max_page": max(1, page["max_page"])})
    ),
    mutant("list", "counts are texts", _pages(lambda body, page: {**page, "total_count": str(page["total_count"])})),
    mutant(
        "list",
        "no count for nothing",
        _pages(lambda body, page: page if body["items"] else {**page, "total_count": None}),
    ),
    mutant("list", "the failed deliveries are all", _dropped("succeeded", "http_code_class", path=_DELIVERIES)),
    mutant("list", "an endpoint's deliveries are all", _dropped("endpoint_id", path=_DELIVERIES)),
    mutant("list", "a type's deliveries are all", _dropped("event_type", path=_DELIVERIES)),
    mutant("list", "deliveries after a time are all", _dropped("start_timestamp", path=_DELIVERIES)),
    mutant("list", "deliveries before a time are all", _dropped("end_timestamp", path=_DELIVERIES)),
    mutant("list", "deliveries are not searched", _dropped("query", path=_DELIVERIES)),
    mutant("list", "the organization is ignored", _dropped("organization_id")),
    mutant("list", "the checkout is ignored", _dropped("checkout_id")),
    mutant("list", "the oldest delivery comes first", _records(lambda items: items[::-1])),
    mutant("list", "endpoints have one page", _dropped("limit", "page", path=_ENDPOINTS)),
    mutant("list", "of two keys of metadata one counts", _query(_one_key)),
    mutant("list", "a customer without orders is everybody", _everybody_instead),
    mutant("list", "the first of two pages counts", _first_of("page")),
    mutant("list", "the first of two customers counts", _first_of("customer_id")),
    mutant(
        "list",
        "a page holds fifty at most",
        _values("limit", lambda text: str(min(50, int(text))) if text.isdecimal() else text),
    ),
]
