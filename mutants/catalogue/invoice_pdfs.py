"""Readable invoice documents with wrong content, and links that lead to the wrong place."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import fontpkg_noto_sans  # type: ignore[import-untyped]  # a package of font files
from fpdf import FPDF
from pypdf import PdfReader

from mutants.operators import INVOICE, JSON_TYPE, Mutant, asked, body_changed, changing, mutant, on, parsed
from mutants.proxy import Answer, Forward, Layer, Request

_FONT_FILE = Path(fontpkg_noto_sans.__file__).parent / "files" / "NotoSans[wdth,wght].ttf"
_MADE_AT = datetime(2026, 4, 15, tzinfo=UTC)


def is_document(_: Request, answer: Answer) -> bool:
    """Selects answers with an invoice document."""
    return answer.body.startswith(b"%PDF-")


def rewritten(change: Callable[[str], str]) -> Layer:
    """A document with the same text except for one change."""

    def other(answer: Answer) -> Answer:
        text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.body)).pages)
        document = FPDF()
        document.set_creation_date(_MADE_AT)
        document.add_page()
        document.add_font("Noto", fname=_FONT_FILE)
        document.set_font("Noto", size=8)
        for line in change(text).splitlines():
            document.cell(text=line, new_x="LMARGIN", new_y="NEXT")
        return answer.but(body=bytes(document.output()))

    return changing(is_document, other)


def _another_amount(text: str) -> str:
    return re.sub(r"(\d)([.,]\d\d)\b", lambda one: f"{(int(one[1]) + 1) % 10}{one[2]}", text)


def without_lines(pattern: str) -> Callable[[str], str]:
    """The text without the lines that match the pattern."""
    return lambda text: "\n".join(line for line in text.splitlines() if not re.search(pattern, line))


def _once_only() -> Layer:
    """A link works only once."""
    used: set[str] = set()

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if not is_document(request, answer):
            return answer
        is_used = request.path in used
        used.add(request.path)
        return Answer(403, {"content-type": "application/xml"}, b"<Error/>") if is_used else answer

    return layer


def _one_link_for_all() -> Layer:
    """All callers get the link of the first caller."""
    first: list[bytes] = []

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if on("GET", INVOICE, 200)(request, answer):
            first.append(answer.body)
            return answer.but(body=first[0])
        return answer

    return layer


def _follows_the_order() -> Layer:
    """The document is rendered again when the billing details have changed."""
    versions: dict[str, int] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        found = re.fullmatch(r"/v1/(?:customer-portal/)?orders/([^/?]+)", request.path)
        if found and request.method == "PATCH" and answer.status == 200:
            number = str(parsed(answer.body).get("invoice_number"))
            versions[number] = versions.get(number, 0) + 1
        if is_document(request, answer):
            count = sum(times for number, times in versions.items() if number in request.path)
            return answer.but(body=answer.body + b"\n%%%d" % count) if count else answer
        return answer

    return layer


def _link(change: Callable[[str], str | None]) -> Layer:
    return changing(on("GET", INVOICE, 200), body_changed(lambda body: {**body, "url": change(body["url"])}))


def _at_the_link(request: Request, forward: Forward) -> Answer:
    """The document itself is sent instead of its link."""
    answer = forward(request)
    if on("GET", INVOICE, 200)(request, answer):
        document = forward(asked(request, "GET", re.sub(r"^https?://[^/]+", "", parsed(answer.body)["url"])))
        return document if is_document(request, document) else answer
    return answer


def _redirecting(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    if on("GET", INVOICE, 200)(request, answer):
        return Answer(302, {"location": parsed(answer.body)["url"]}, b"")
    return answer


def _gone(_: Answer) -> Answer:
    return Answer(404, JSON_TYPE, b'{"detail":"Not Found"}')


INVOICE_PDFS: list[Mutant] = [
    mutant("document", "a document that bills somebody else", rewritten(lambda text: text.replace("Ada", "Eve"))),
    mutant("document", "a document without the billing name", rewritten(without_lines("^Ada"))),
    mutant("document", "a document without the address", rewritten(without_lines("Street"))),
    mutant("document", "a document with another city", rewritten(lambda text: text.replace("New York", "Boston"))),
    mutant("document", "a document without its number", rewritten(without_lines("[A-Z]+-[A-Z0-9-]*[0-9]{4}"))),
    mutant(
        "document",
        "a document with the next number",
        rewritten(lambda text: re.sub(r"-(\d{4})\b", lambda one: f"-{int(one[1]) + 1:04d}", text)),
    ),
    mutant("document", "a document with other amounts", rewritten(_another_amount)),
    mutant("document", "a document in another currency", rewritten(lambda text: text.replace("$", "£"))),
    mutant("document", "a document without its items", rewritten(without_lines("Field Guide|Road Atlas|Seats"))),
    mutant("document", "a document of no words", rewritten(lambda _: "")),
    mutant("document", "a document without a total", rewritten(without_lines("Total"))),
    Mutant("a link works once", "document", _once_only),
    Mutant("one link for all", "document", _one_link_for_all),
    Mutant("the document follows the order", "document", _follows_the_order),
    mutant(
        "document",
        "a link that lasts a week",
        _link(lambda url: url.replace("X-Amz-Expires=600", "X-Amz-Expires=604800")),
    ),
    mutant("document", "a link to nowhere", changing(is_document, _gone)),
    mutant("document", "a link that is a text", _link(lambda url: "see your e-mail")),
    mutant("document", "an empty link", _link(lambda url: "")),
    mutant("document", "the document instead of its link", _at_the_link),
    mutant("document", "a redirect instead of a link", _redirecting),
    mutant("document", "a document with no bytes", changing(is_document, lambda one: one.but(body=b""))),
    mutant(
        "document",
        "a document of unknown kind",
        changing(is_document, lambda one: one.but(headers={**one.headers, "content-type": "application/octet-stream"})),
    ),
]
