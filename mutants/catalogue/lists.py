"""Lists that are cut, sorted, filtered or counted wrongly."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode, urlsplit

from mutants.operators import LISTS, Json, Mutant, body_changed, changing, compact, error_of, mutant, on, parsed
from mutants.proxy import Answer, Forward, Layer, Request

_IS_LIST = on("GET", LISTS, 200)


def _asked_without(*names: str) -> Layer:
    """These query parameters never reach the mock."""

    def layer(request: Request, forward: Forward) -> Answer:
        parts = urlsplit(request.path)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        kept = [(name, value) for name, value in pairs if name.partition("[")[0] not in names]
        if request.method != "GET" or len(kept) == len(pairs) or forward(request).status != 200:
            return forward(request)
        return forward(Request("GET", f"{parts.path}?{urlencode(kept)}", request.headers, request.body))

    return layer


def _items(change: Callable[[list[Json]], list[Json]]) -> Layer:
    return changing(_IS_LIST, body_changed(lambda body: {**body, "items": change(body["items"])}))


def _pagination(change: Callable[[Json], Json]) -> Layer:
    return changing(_IS_LIST, body_changed(lambda body: {**body, "pagination": change(body["pagination"])}))


def _one_more(page: Json) -> Json:
    return {**page, "total_count": page["total_count"] + 1}


def _one_page(page: Json) -> Json:
    return {**page, "max_page": min(1, page["max_page"])}


def _number_changed(name: str, by: int) -> Layer:
    def layer(request: Request, forward: Forward) -> Answer:
        found = re.search(rf"[?&]{name}=(\d{{1,2}})(&|$)", request.path)
        if request.method != "GET" or not found or int(found[1]) + by < 1 or "/orders/" not in request.path:
            return forward(request)
        path = request.path[: found.start(1)] + str(int(found[1]) + by) + request.path[found.end(1) :]
        return forward(Request("GET", path, request.headers, request.body))

    return layer


def _limit_changed(by: int) -> Layer:
    return _number_changed("limit", by)


def _page_changed(by: int) -> Layer:
    return _number_changed("page", by)


def _sorted_instead(asked: str, done: str) -> Layer:
    def layer(request: Request, forward: Forward) -> Answer:
        path = re.sub(rf"([?&]sorting=){asked}(?=&|$)", rf"\g<1>{done}", request.path)
        return forward(Request(request.method, path, request.headers, request.body))

    return layer


def _by_subtotal(request: Request, forward: Forward) -> Answer:
    """A page sorted by net amount uses the amounts before discounts."""
    answer = forward(request)
    if not _IS_LIST(request, answer) or "sorting=net_amount" not in request.path:
        return answer
    body = parsed(answer.body)
    return answer.but(body=compact({**body, "items": sorted(body["items"], key=lambda one: one["subtotal_amount"])}))


def _of_pairs(change: Callable[[list[tuple[str, str]]], list[tuple[str, str]]]) -> Layer:
    """Lists get other query parameters than the request has."""

    def layer(request: Request, forward: Forward) -> Answer:
        parts = urlsplit(request.path)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        if request.method != "GET" or change(pairs) == pairs:
            return forward(request)
        return forward(Request("GET", f"{parts.path}?{urlencode(change(pairs))}", request.headers, request.body))

    return layer


def _first_of_each(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    names = [name for name, _ in pairs]
    return [pair for at, pair in enumerate(pairs) if not pair[0].startswith("metadata[") or pair[0] not in names[:at]]


def _id_wins(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    has_id = any(name == "customer_id" for name, _ in pairs)
    return [pair for pair in pairs if not has_id or pair[0] != "external_customer_id"]


def _first_word(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value.partition(" ")[0] if name == "query" else value) for name, value in pairs]


def _counted_by_page(body: Json) -> Json:
    return {**body, "pagination": {**body["pagination"], "total_count": len(body["items"])}}


def _page_zero_accepted(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    if answer.status == 422 and on("GET", LISTS)(request, answer) and "page=0" in request.path:
        return forward(Request("GET", request.path.replace("page=0", "page=1"), request.headers, request.body))
    return answer


LISTED: list[Mutant] = [
    mutant("list", "the limit is ignored", _asked_without("limit")),
    mutant("list", "the page is ignored", _asked_without("page")),
    mutant("list", "the sorting is ignored", _asked_without("sorting")),
    mutant("list", "the product filter is ignored", _asked_without("product_id")),
    mutant("list", "discounts are forgotten when amounts are sorted", _by_subtotal),
    mutant("list", "one value of metadata is enough", _of_pairs(_first_of_each)),
    mutant("list", "a customer's id wins over its external one", _of_pairs(_id_wins)),
    mutant("list", "a search stops at its first blank", _of_pairs(_first_word)),
    mutant("list", "customers are sorted upwards only", _sorted_instead("-customer", "customer")),
    mutant("list", "products are sorted by time", _sorted_instead("product", "created_at")),
    mutant("list", "numbers are sorted upwards only", _sorted_instead("-invoice_number", "invoice_number")),
    mutant("list", "states are sorted downwards only", _sorted_instead("status", "-status")),
    mutant("list", "the sorting is reversed", _items(lambda items: items[::-1])),
    mutant("list", "the first is missing", _items(lambda items: items[1:])),
    mutant("list", "the last is doubled", _items(lambda items: [*items, *items[-1:]])),
    mutant("list", "the count is one too high", _pagination(_one_more)),
    mutant("list", "there is one page only", _pagination(_one_page)),
    mutant("list", "page 0 is page 1", _page_zero_accepted),
    mutant("list", "the limit is one too low", _limit_changed(-1)),
    mutant("list", "the limit is one too high", _limit_changed(1)),
    mutant("list", "pages begin at zero", _page_changed(1)),
    mutant("list", "the count is that of the page", changing(_IS_LIST, body_changed(_counted_by_page))),
    mutant("list", "unpaid orders are left out", _items(lambda items: [one for one in items if one["paid"]])),
    mutant(
        "list",
        "orders are cut short in lists",
        _items(lambda items: [{**one, "items": one["items"][:0]} for one in items]),
    ),
    mutant(
        "list",
        "lists show what was before",
        _items(lambda items: [{**one, "is_invoice_generated": False} for one in items]),
    ),
    mutant(
        "list",
        "a large limit is refused",
        changing(
            lambda request, answer: _IS_LIST(request, answer) and "limit=1000" in request.path,
            error_of(422, "RequestValidationError"),
        ),
    ),
]
