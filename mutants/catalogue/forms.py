"""Bodies that are not JSON, JSON that a strict parser refuses, or values in another format."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

from mutants.operators import (
    INVOICE,
    LISTS,
    ORDER,
    PORTAL_ORDER,
    Json,
    Mutant,
    body_changed,
    changing,
    compact,
    mutant,
    on,
    orders_changed,
    parsed,
    with_parts,
    without,
)
from mutants.proxy import Answer, Layer

_IS_ORDER = on("GET", ORDER, 200)
_AMOUNTS = re.compile(rb'("[a-z_]+_amount":)(-?\d+)')


def _written(change: Callable[[bytes], bytes]) -> Layer:
    """Single orders are serialized in another way."""
    return changing(_IS_ORDER, lambda answer: answer.but(body=change(answer.body)))


def _everywhere(change: Callable[[bytes], bytes]) -> Layer:
    """All JSON of the API is serialized in another way."""
    return changing(
        lambda request, answer: request.path.startswith("/v1/") and answer.body[:1] in (b"{", b"["),
        lambda answer: answer.but(body=change(answer.body)),
    )


def _invalid(change: Callable[[Json], Json]) -> Layer:
    """Changes the items of validation errors."""

    def changed(body: Json) -> Json:
        items = body.get("detail")
        return {**body, "detail": [change(one) for one in items]} if isinstance(items, list) else body

    return changing(lambda request, answer: answer.status == 422, body_changed(changed))


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.title, rest))


def _bare_list(answer: Answer) -> Answer:
    return answer.but(body=compact(parsed(answer.body)["items"]))


def _by_id(body: Json) -> Json:
    return {**body, "items": {one["id"]: one for one in body["items"]}}


def _null_for_none(body: Json) -> Json:
    return {**body, "items": body["items"] or None}


def _flat(one: Json) -> Json:
    address = one["billing_address"] or {}
    return {**one, "billing_address": address.get("line1"), "billing_country": address.get("country")}


FORMS: list[Mutant] = [
    mutant("body", "zipped without being asked", _everywhere(gzip.compress)),
    mutant("body", "in UTF-16", _everywhere(lambda body: body.decode().encode("utf-16"))),
    mutant("body", "in UTF-32", _everywhere(lambda body: body.decode().encode("utf-32"))),
    mutant("body", "after a byte order mark", _everywhere(lambda body: b"\xef\xbb\xbf" + body)),
    mutant("body", "in latin-1", _everywhere(lambda body: body.decode().encode("latin-1", "replace"))),
    mutant("body", "twice", _everywhere(lambda body: body * 2)),
    mutant("body", "as a text of JSON", _everywhere(lambda body: compact(body.decode()))),
    mutant("body", "in a list of one", _written(lambda body: b"[" + body + b"]")),
    mutant("body", "with single quotes", _written(lambda body: body.replace(b'"', b"'"))),
    mutant("body", "with a comma too many", _written(lambda body: body[:-1] + b",}")),
    mutant("body", "with a key twice", _written(lambda body: b'{"status":"void",' + body[1:])),
    mutant("body", "with a number that is none", _written(lambda body: _AMOUNTS.sub(rb"\1NaN", body, count=1))),
    mutant("body", "amounts with a decimal point", _written(lambda body: _AMOUNTS.sub(rb"\1\2.0", body))),
    mutant("body", "amounts with an exponent", _written(lambda body: _AMOUNTS.sub(rb"\1\2e0", body))),
    mutant("body", "booleans as numbers", orders_changed(lambda one: {**one, "paid": int(one["paid"])})),
    mutant(
        "body",
        "keys in camel case",
        _written(lambda body: re.sub(rb'"([a-z_]+)":', lambda one: b'"%s":' % _camel(one[1].decode()).encode(), body)),
    ),
    mutant("body", "a bare list", changing(on("GET", LISTS, 200), _bare_list)),
    mutant("body", "items by their ids", changing(on("GET", LISTS, 200), body_changed(_by_id))),
    mutant("body", "null instead of no items", changing(on("GET", LISTS, 200), body_changed(_null_for_none))),
    mutant(
        "body",
        "items called data",
        changing(
            on("GET", LISTS, 200), body_changed(lambda body: {"data": body["items"], "pagination": body["pagination"]})
        ),
    ),
    mutant("body", "an address in one line", orders_changed(_flat)),
    mutant(
        "body",
        "a list of orders' ids",
        changing(
            on("GET", LISTS, 200), body_changed(lambda body: {**body, "items": [one["id"] for one in body["items"]]})
        ),
    ),
    mutant(
        "body", "a word instead of null", changing(on("POST", INVOICE, 202), lambda one: one.but(body=b'"accepted"'))
    ),
    mutant("body", "true instead of null", changing(on("POST", INVOICE, 202), lambda one: one.but(body=b"true"))),
    mutant(
        "body",
        "the order instead of null",
        changing(on("POST", INVOICE, 202), lambda one: one.but(body=b'{"is_invoice_generated":false}')),
    ),
    mutant("body", "errors are empty", changing(on("GET", PORTAL_ORDER, 404), lambda one: one.but(body=b""))),
    mutant("body", "errors are null", changing(on("GET", PORTAL_ORDER, 404), body_changed(lambda _: None))),
    mutant(
        "body",
        "errors called message",
        changing(
            on("GET", PORTAL_ORDER, 404), body_changed(lambda body: {"error": body["error"], "message": body["detail"]})
        ),
    ),
    mutant(
        "body", "errors in an envelope", changing(on("POST", INVOICE, 422), body_changed(lambda body: {"error": body}))
    ),
    mutant("body", "validation errors without their context", _invalid(without("ctx"))),
    mutant("body", "validation errors with a link", _invalid(with_parts(url="https://errors.example.com/2/missing"))),
    mutant(
        "body",
        "errors with more than they should tell",
        changing(
            on("GET", PORTAL_ORDER, 404),
            body_changed(lambda body: {**body, "detail": "Traceback (most recent call last): ..."}),
        ),
    ),
]
