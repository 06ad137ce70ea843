"""Invoice documents that are wrong for some orders only, and links that can be altered, shared or shortened."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from pypdf import PdfReader, PdfWriter

from mutants.catalogue.invoice_pdfs import is_document, rewritten, without_lines
from mutants.operators import INVOICE, Mutant, asked, changing, error_name, mutant, on, orders_changed, parsed
from mutants.proxy import Answer, Forward, Layer, Request

_DATE = re.compile(r"(?<=Date of issue: )(\w+ \d+, \d+)")


def _dated(days: int) -> Callable[[str], str]:
    def other(found: re.Match[str]) -> str:
        day = datetime.strptime(found[0], "%B %d, %Y") + timedelta(days=days)  # a date without a zone
        return f"{day:%B} {day.day}, {day.year}"

    return lambda text: _DATE.sub(other, text)


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _doubled(answer: Answer) -> Answer:
    writer, pages = PdfWriter(), PdfReader(io.BytesIO(answer.body)).pages
    for page in (*pages, *pages):
        writer.add_page(page)
    written = io.BytesIO()
    writer.write(written)
    return answer.but(body=written.getvalue())


def _disposed(text: str) -> Layer:
    return changing(is_document, lambda answer: answer.but(headers={**answer.headers, "content-disposition": text}))


def _lent() -> Layer:
    """After another customer's request a caller gets the link of that customer."""
    given: dict[str, tuple[str | None, bytes]] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if not on("GET", INVOICE, 200)(request, answer):
            return answer
        world = urlsplit(parsed(answer.body)["url"]).path.split("/")[2]
        token, body = given.get(world, (request.token, answer.body))
        given[world] = (request.token, answer.body)
        return answer if token == request.token else answer.but(body=body)

    return layer


def _accepting(is_accepted: Callable[[str, str], bool]) -> Callable[[], Layer]:
    """A refused link opens the document of a similar link that was issued for the same file."""

    def plant() -> Layer:
        handed_out: list[str] = []

        def layer(request: Request, forward: Forward) -> Answer:
            answer = forward(request)
            if on("GET", INVOICE, 200)(request, answer):
                parts = urlsplit(parsed(answer.body)["url"])
                handed_out.append(f"{parts.path}?{parts.query}")
            if answer.status == 403 and b"SignatureDoesNotMatch" in answer.body:
                good = next((link for link in reversed(handed_out) if is_accepted(link, request.path)), None)
                return forward(asked(request, "GET", good)) if good else answer
            return answer

        return layer

    return plant


def _is_same_but(name: str) -> Callable[[str, str], bool]:
    def is_accepted(good: str, tried: str) -> bool:
        one, other = urlsplit(good), urlsplit(tried)
        return one.path == other.path and ({**parse_qs(one.query), name: []} == {**parse_qs(other.query), name: []})

    return is_accepted


def _is_file_beside(good: str, tried: str) -> bool:
    one, other = urlsplit(good), urlsplit(tried)
    return one.query == other.query and one.path.rpartition("/")[0] == other.path.rpartition("/")[0]


def _is_lent(good: str, tried: str) -> bool:
    """The signature belongs to any issued link."""
    return parse_qs(urlsplit(good).query).get("X-Amz-Signature") == parse_qs(urlsplit(tried).query).get(
        "X-Amz-Signature"
    )


def _newest_only() -> Layer:
    """A link expires when a newer one is issued."""
    newest: dict[str, str] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if on("GET", INVOICE, 200)(request, answer):
            parts = urlsplit(parsed(answer.body)["url"])
            newest[parts.path] = parts.query
        path, _, query = request.path.partition("?")
        is_old = is_document(request, answer) and newest.get(path, query) != query
        return Answer(403, {"content-type": "application/xml"}, b"<Error/>") if is_old else answer

    return layer


def _remembered(error: str, method: str) -> Callable[[], Layer]:
    """A refused request for an invoice is executed later, once the order meets the conditions."""

    def plant() -> Layer:
        waiting: set[str] = set()

        def layer(request: Request, forward: Forward) -> Answer:
            answer = forward(request)
            path = request.path.removesuffix("/invoice")
            if request.is_on("POST", "/invoice") and error_name(answer) == error:
                waiting.add(path)
            is_wanted = path in waiting and request.method == method and path == request.path and answer.status == 200
            if is_wanted and forward(asked(request, "POST", f"{path}/invoice")).status == 202:
                waiting.discard(path)
            return answer

        return layer

    return plant


def _unchanged_when_made() -> Layer:
    """The order's modified_at does not change when its invoice is made."""
    before: dict[str, object] = {}

    def shown(order: dict[str, object]) -> dict[str, object]:
        if order.get("is_invoice_generated") is False:
            before[str(order["id"])] = order["modified_at"]
            return order
        return {**order, "modified_at": before.get(str(order["id"]), order["modified_at"])}

    return orders_changed(shown)


INVOICE_TOTALS: list[Mutant] = [
    mutant("document", "a document dated a day early", rewritten(_dated(-1))),
    mutant("document", "a document dated a day late", rewritten(_dated(1))),
    mutant("document", "a document in dollars, whatever was paid", rewritten(lambda text: re.sub("[€¥]", "$", text))),
    mutant("document", "a document of yen with decimals", rewritten(lambda text: re.sub(r"(¥[\d,]+)", r"\1.00", text))),
    mutant("document", "a document without the discount", rewritten(without_lines("Discount"))),
    mutant("document", "a document without the tax", rewritten(without_lines("Tax|excluding tax"))),
    mutant("document", "a document without the balance that was applied", rewritten(without_lines("Applied balance"))),
    mutant("document", "a document without the second line of the address", rewritten(without_lines("Hinterhaus"))),
    mutant("document", "a document without a state", rewritten(lambda text: text.replace("Sachsen", ""))),
    mutant(
        "document",
        "a document of postal codes as numbers",
        rewritten(lambda text: re.sub(r"\b0(\d{4})\b", r"\1", text)),
    ),
    mutant("document", "a document in ASCII", rewritten(lambda text: "\n".join(map(_ascii, text.split("\n"))))),
    mutant("document", "a document of short descriptions", rewritten(lambda text: text.replace("with a map", ""))),
    mutant("document", "a document whose pages stand twice", changing(is_document, _doubled)),
    mutant("document", "a document to be shown, not kept", _disposed("inline")),
    mutant("document", "a document without a name of its own", _disposed('attachment; filename="invoice.pdf"')),
    Mutant("the link of another customer", "document", _lent),
    Mutant("a link that its holder may lengthen", "document", _accepting(_is_same_but("X-Amz-Expires"))),
    Mutant("a link that its holder may move in time", "document", _accepting(_is_same_but("X-Amz-Date"))),
    Mutant("a link whose file name its holder may alter", "document", _accepting(_is_file_beside)),
    Mutant("a link with a signature of any end", "document", _accepting(lambda good, tried: good[:-8] == tried[:-8])),
    Mutant("a link with another's signature", "document", _accepting(_is_lent)),
    Mutant("a link that ends when a newer one is there", "document", _newest_only),
    Mutant("a refused request is done once the order is paid", "readiness", _remembered("NotPaidOrder", "GET")),
    Mutant(
        "a refused request is done once billing is there",
        "readiness",
        _remembered("MissingInvoiceBillingDetails", "PATCH"),
    ),
    Mutant("making an invoice does not count as a change", "readiness", _unchanged_when_made),
]
