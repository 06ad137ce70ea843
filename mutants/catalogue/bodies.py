"""Bodies of a wrong shape or format, with the right status."""

from __future__ import annotations

from mutants.operators import (
    INVOICE,
    LISTS,
    ORDER,
    Mutant,
    body_changed,
    changing,
    mutant,
    on,
    orders_changed,
    parsed,
    replaced,
    with_parts,
    without,
)
from mutants.proxy import Answer


def _emptied(answer: Answer) -> Answer:
    return answer.but(body=b"")


def _as_html(answer: Answer) -> Answer:
    return answer.but(headers={**answer.headers, "content-type": "text/html"})


def _indented(answer: Answer) -> Answer:
    headers = {name: value for name, value in answer.headers.items() if name != "content-type"}
    return answer.but(headers=headers)


def _listed(answer: Answer) -> Answer:
    """One order instead of a list."""
    body = parsed(answer.body)
    return body_changed(lambda _: body["items"][0] if body["items"] else {})(answer)


BODIES: list[Mutant] = [
    mutant("body", "an empty 202", changing(on("POST", INVOICE, 202), _emptied)),
    mutant("body", "an object in a 202", changing(on("POST", INVOICE, 202), lambda one: one.but(body=b"{}"))),
    mutant("body", "a truncated JSON text", changing(on("GET", ORDER, 200), lambda one: one.but(body=one.body[:-1]))),
    mutant("body", "HTML as content type", changing(on("GET", ORDER, 200), _as_html)),
    mutant("body", "no content type", changing(on("GET", LISTS, 200), _indented)),
    mutant("body", "errors as HTML", changing(on("POST", INVOICE, 422), _as_html)),
    mutant("body", "a list without pagination", changing(on("GET", LISTS, 200), body_changed(without("pagination")))),
    mutant("body", "max_page is called pages", changing(on("GET", LISTS, 200), replaced('"max_page"', '"pages"'))),
    mutant("body", "one order instead of a list", changing(on("GET", LISTS, 200), _listed)),
    mutant("body", "an order in an envelope", changing(on("GET", ORDER, 200), body_changed(lambda one: {"data": one}))),
    mutant("body", "an order without status", orders_changed(without("status"))),
    mutant("body", "an order without billing name", orders_changed(without("billing_name"))),
    mutant("body", "an order without invoice number", orders_changed(without("invoice_number"))),
    mutant("body", "an order without items", orders_changed(with_parts(items=[]))),
    mutant("body", "an unknown status", orders_changed(with_parts(status="completed"))),
    mutant("body", "amounts as texts", orders_changed(lambda one: {**one, "total_amount": str(one["total_amount"])})),
    mutant("body", "paid as a text", orders_changed(lambda one: {**one, "paid": str(one["paid"]).lower()})),
    mutant("body", "a number null", orders_changed(with_parts(net_amount=None))),
    mutant(
        "body", "the invoice's link under another name", changing(on("GET", INVOICE, 200), replaced('"url"', '"href"'))
    ),
    mutant("body", "the invoice's link null", changing(on("GET", INVOICE, 200), body_changed(with_parts(url=None)))),
    mutant("body", "an error without detail", changing(on("POST", INVOICE, 422), body_changed(without("detail")))),
    mutant(
        "body",
        "validation errors as one text",
        changing(on("GET", LISTS, 422), body_changed(with_parts(detail="page is wrong"))),
    ),
    mutant(
        "body",
        "validation errors without a place",
        changing(
            on("PATCH", ORDER, 422),
            body_changed(lambda one: {**one, "detail": [without("loc")(item) for item in one["detail"]]}),
        ),
    ),
    mutant(
        "body",
        "validation errors at another place",
        changing(on("GET", LISTS, 422), replaced('"query"', '"body"')),
    ),
]
