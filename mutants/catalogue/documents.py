"""Invoice documents that are invalid, belong to another order, or are not protected."""

from __future__ import annotations

import itertools
import re
from urllib.parse import urlsplit

from mutants.operators import INVOICE, JSON_TYPE, Mutant, body_changed, changing, mutant, on, parsed
from mutants.proxy import Answer, Forward, Layer, Request


def _is_document(_: Request, answer: Answer) -> bool:
    return answer.body.startswith(b"%PDF-")


def _changes() -> Layer:
    numbers = itertools.count()
    return changing(_is_document, lambda one: one.but(body=one.body + b"\n%%%d" % next(numbers)))


def _always_the_first() -> Layer:
    """Every request gets the first invoice that was ever fetched."""
    first: list[bytes] = []

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if _is_document(request, answer):
            first.append(answer.body)
            return answer.but(body=first[0])
        return answer

    return layer


def _never_expires() -> Layer:
    """A link that worked once never expires."""
    kept: dict[str, Answer] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if _is_document(request, answer):
            kept[request.path] = answer
        return kept.get(request.path, answer) if request.method == "GET" else answer

    return layer


def _unsigned(request: Request, forward: Forward) -> Answer:
    """A link also works without its signature."""
    answer = forward(request)
    if answer.status == 403 and "X-Amz" in request.path:
        return Answer(200, {"content-type": "application/pdf"}, b"%PDF-1.4\n%%EOF")
    return answer


def _behind_a_token(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    if _is_document(request, answer) and request.token is None:
        return Answer(401, JSON_TYPE, b'{"error":"Unauthorized","detail":"Unauthorized"}')
    return answer


def _without_query(body: dict[str, str]) -> dict[str, str]:
    return {**body, "url": body["url"].partition("?")[0]}


def _relative(body: dict[str, str]) -> dict[str, str]:
    return {**body, "url": urlsplit(body["url"]).path}


def _expired(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    if on("GET", INVOICE, 200)(request, answer):
        url = parsed(answer.body)["url"]
        return answer.but(
            body=answer.body.replace(url.encode(), re.sub(r"X-Amz-Date=\d+", "X-Amz-Date=20200101", url).encode())
        )
    return answer


DOCUMENTS: list[Mutant] = [
    mutant("document", "not a PDF", changing(_is_document, lambda one: one.but(body=b"<html>Invoice</html>"))),
    mutant("document", "an empty PDF", changing(_is_document, lambda one: one.but(body=b"%PDF-1.4\n%%EOF"))),
    mutant("document", "half a PDF", changing(_is_document, lambda one: one.but(body=one.body[: len(one.body) // 2]))),
    Mutant("the document changes", "document", _changes),
    Mutant("another order's document", "document", _always_the_first),
    Mutant("a link that never expires", "document", _never_expires),
    mutant("document", "a link that needs no signature", _unsigned),
    mutant("document", "a link that needs a token", _behind_a_token),
    mutant("document", "a link without signature", changing(on("GET", INVOICE, 200), body_changed(_without_query))),
    mutant("document", "a relative link", changing(on("GET", INVOICE, 200), body_changed(_relative))),
    mutant("document", "a link that has expired", _expired),
    mutant(
        "document",
        "the document as text",
        changing(_is_document, lambda one: one.but(headers={**one.headers, "content-type": "text/plain"})),
    ),
]
