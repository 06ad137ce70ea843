"""Invoice documents with other content, and links that can be shared, altered or shortened."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import fontpkg_noto_sans  # type: ignore[import-untyped]  # a package of font files
from fpdf import FPDF
from pypdf import PdfReader, PdfWriter

from mutants.planting.messages import asked, parsed
from mutants.planting.objects import Json
from mutants.planting.selecting import When
from mutants.proxy import Answer, Forward, Layer, Request

_FONT_FILE = Path(fontpkg_noto_sans.__file__).parent / "files" / "NotoSans[wdth,wght].ttf"
_MADE_AT = datetime(2026, 4, 15, tzinfo=UTC)
_DATE = re.compile(r"(?<=Date of issue: )(\w+ \d+, \d+)")
_FORBIDDEN = Answer(403, {"content-type": "application/xml"}, b"<Error/>")


def document(changes: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """The document's text is changed: an expression and its replacement, or lines that an expression finds left out."""
    return _on_documents(lambda answer: _rewritten(answer, _text_change(changes)))


def document_changed(name: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """The document's bytes are changed in a way that its text does not show."""
    changes: Mapping[str, Callable[[Answer], Answer]] = {
        "pages twice": _doubled,
        "half": lambda answer: answer.but(body=answer.body[: len(answer.body) // 2]),
        "counted": _counted(),
    }
    return _on_documents(changes[name])


def document_answer(change: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Another answer, or other headers, instead of the document."""

    def changed(answer: Answer) -> Answer:
        headers = {**answer.headers, **change.get("header", {})}
        body = answer.body if "body" not in change else str(change["body"]).encode()
        return Answer(change.get("status", answer.status), headers, body)

    return _on_documents(changed, only_without_token=change.get("without_token", False))


def _on_documents(change: Callable[[Answer], Answer], *, only_without_token: bool = False) -> Layer:
    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        is_meant = is_document(answer) and not (only_without_token and request.token)
        return change(answer) if is_meant else answer

    return layer


def is_document(answer: Answer) -> bool:
    """Whether the answer is an invoice document."""
    return answer.body.startswith(b"%PDF-")


def _text_change(changes: Mapping[str, Json]) -> Callable[[str], str]:
    if "days" in changes:
        return lambda text: _DATE.sub(lambda found: _other_day(found[0], changes["days"]), text)
    if "without" in changes:
        return lambda text: "\n".join(line for line in text.split("\n") if not re.search(changes["without"], line))
    if changes.get("ascii"):
        return lambda text: "\n".join(map(_ascii, text.split("\n")))
    if changes.get("next_digit"):
        return lambda text: re.sub(r"(\d)([.,]\d\d)\b", lambda one: f"{(int(one[1]) + 1) % 10}{one[2]}", text)
    if changes.get("next_number"):
        return lambda text: re.sub(r"-(\d{4})\b", lambda one: f"-{int(one[1]) + 1:04d}", text)
    return lambda text: re.sub(changes["sub"][0], changes["sub"][1], text)


def _rewritten(answer: Answer, change: Callable[[str], str]) -> Answer:
    """A document with the same text except for one change."""
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.body)).pages)
    made = FPDF()
    made.set_creation_date(_MADE_AT)
    made.add_page()
    made.add_font("Noto", fname=_FONT_FILE)
    made.set_font("Noto", size=8)
    for line in change(text).splitlines():
        made.cell(text=line, new_x="LMARGIN", new_y="NEXT")
    return answer.but(body=bytes(made.output()))


def _other_day(shown: str, days: int) -> str:
    day = datetime.strptime(shown, "%B %d, %Y") + timedelta(days=days)  # a date without a zone
    return f"{day:%B} {day.day}, {day.year}"


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _doubled(answer: Answer) -> Answer:
    writer, pages = PdfWriter(), PdfReader(io.BytesIO(answer.body)).pages
    for page in (*pages, *pages):
        writer.add_page(page)
    written = io.BytesIO()
    writer.write(written)
    return answer.but(body=written.getvalue())


def _counted() -> Callable[[Answer], Answer]:
    numbers = iter(range(1_000_000))
    return lambda answer: answer.but(body=answer.body + b"\n%%%d" % next(numbers))


def first_document(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Every link leads to the document that was fetched first."""
    first: list[Answer] = []

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if not is_document(answer):
            return answer
        first.append(answer)
        return answer.but(body=first[0].body)

    return layer


def follows_order(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """The document changes with every change of the order."""
    versions: dict[str, int] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if when(request, answer):
            number = str(parsed(answer.body).get("invoice_number"))
            versions[number] = versions.get(number, 0) + 1
        count = sum(times for number, times in versions.items() if number in request.path)
        return answer.but(body=answer.body + b"\n%%%d" % count) if count and is_document(answer) else answer

    return layer


def link_answer(name: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """The link is answered with a redirect to the document, or with the document itself."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if not when(request, answer):
            return answer
        url = parsed(answer.body)["url"]
        if name == "redirect":
            return Answer(302, {"location": url}, b"")
        found = forward(asked(request, "GET", re.sub(r"^https?://[^/]+", "", url)))
        return found if is_document(found) else answer

    return layer


def link_life(name: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """How long a link works: for ever, once, or until a newer one is issued."""
    kept: dict[str, Answer] = {}
    newest: dict[str, str] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        path, _, query = request.path.partition("?")
        if when(request, answer):
            link = urlsplit(parsed(answer.body)["url"])
            newest[link.path] = link.query
        is_used = request.path in kept
        if is_document(answer):
            kept[request.path] = answer
        if name == "for ever" and request.method == "GET":
            return kept.get(request.path, answer)
        is_over = is_used if name == "once" else newest.get(path, query) != query
        return _FORBIDDEN if name != "for ever" and is_document(answer) and is_over else answer

    return layer


def links_accepted(name: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A refused link opens the document of a link that was issued and is similar to it."""
    issued: list[str] = []
    is_similar = _SIMILAR[name]

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if when(request, answer):
            parts = urlsplit(parsed(answer.body)["url"])
            issued.append(f"{parts.path}?{parts.query}")
        if answer.status != 403 or "X-Amz" not in request.path:
            return answer
        if name == "unsigned":
            return Answer(200, {"content-type": "application/pdf"}, b"%PDF-1.4\n%%EOF")
        good = next((link for link in reversed(issued) if is_similar(link, request.path)), None)
        return forward(asked(request, "GET", good)) if good and b"SignatureDoesNotMatch" in answer.body else answer

    return layer


def _query_of(link: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(link).query)


def _same_but(name: str) -> Callable[[str, str], bool]:
    def is_similar(good: str, tried: str) -> bool:
        is_path = urlsplit(good).path == urlsplit(tried).path
        return is_path and {**_query_of(good), name: []} == {**_query_of(tried), name: []}

    return is_similar


def _file_beside(good: str, tried: str) -> bool:
    one, other = urlsplit(good), urlsplit(tried)
    return one.query == other.query and one.path.rpartition("/")[0] == other.path.rpartition("/")[0]


_SIMILAR: Mapping[str, Callable[[str, str], bool]] = {
    "unsigned": lambda good, tried: True,
    "another life": _same_but("X-Amz-Expires"),
    "another time": _same_but("X-Amz-Date"),
    "another file name": _file_beside,
    "another end": lambda good, tried: good[:-8] == tried[:-8],
    "any signature": lambda good, tried: (
        _query_of(good).get("X-Amz-Signature") == _query_of(tried).get("X-Amz-Signature")
    ),
}


def link_lent(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """After another caller's request in the same world, a caller gets that caller's link."""
    given: dict[str, tuple[str | None, bytes]] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if not when(request, answer):
            return answer
        world = urlsplit(parsed(answer.body)["url"]).path.split("/")[2]
        token, body = given.get(world, (request.token, answer.body))
        given[world] = (request.token, answer.body)
        return answer if token == request.token else answer.but(body=body)

    return layer
