"""Checks an invoice's PDF: it must be readable and state what the order says. Pure: bytes in, problems out.

Source: the documentation page (the invoice's URL leads to a PDF), and documents of the service, April 2026.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from contract_tests.checks.findings import Problem
from contract_tests.checks.money import written
from contract_tests.checks.rules import Rule
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object

# Rendering and extraction may break, join or reshape longer texts and other scripts.
_LONGEST_TEXT = 60
# Source: observed on the service, April 2026: descriptions are cut there.
_LONGEST_DESCRIPTION = 90
_LAST_LATIN_LETTER = "\u024f"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def document_problems(
    content: bytes, headers: Mapping[str, str], order: JsonObject, *, is_new: bool, is_mocked: bool
) -> Iterator[Problem]:
    """The problems of an order's document; `is_new` when the order still shows the billing details of the invoice.

    `headers` by lower-case name. `is_mocked`: the layout of a mock's document is fully known.
    """
    if not content.startswith(b"%PDF-"):
        yield Rule.LEADS_TO_PDF, "a PDF document", repr(content[:60])
        return
    yield from _header_problems(headers, order)
    text = readable_text(content)
    if text is None:
        yield Rule.LEADS_TO_PDF, "a PDF that can be read", f"{len(content)} bytes that can't"
        return
    squeezed = _squeezed(text)
    is_fit = _is_latin if is_mocked else _is_plain
    named = _parties(order, is_new=is_new, is_mocked=is_mocked)
    for rule, texts in ((Rule.NAMES_ORDER, named), (Rule.DOCUMENT_CONTENT, _items(order))):
        for name, value in texts.items():
            if isinstance(value, str) and is_fit(value) and _squeezed(value) not in squeezed:
                yield rule, f"the {name} {value}", squeezed[:200] or "no text"
    total = written(order.get("total_amount"), order.get("currency"))
    if total is not None and not re.search(rf"(?i)(?<!sub)total.{{0,12}}{re.escape(total)}", squeezed):
        yield Rule.DOCUMENT_CONTENT, f"the total {total}, called so", squeezed[-200:] or "no text"
    if is_mocked:
        yield from _layout_problems(squeezed, order)


def _header_problems(headers: Mapping[str, str], order: JsonObject) -> Iterator[Problem]:
    content_type = headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() != "application/pdf":
        yield Rule.LEADS_TO_PDF, "content type application/pdf", content_type or "no content type"
    disposition, wanted = headers.get("content-disposition", ""), f"Invoice-{order.get('invoice_number')}.pdf"
    if wanted.isascii() and not (disposition.startswith("attachment") and wanted in disposition):
        yield (
            Rule.FILE_NAME,
            f'content-disposition: attachment; filename="{wanted}"',
            disposition or "no content-disposition",
        )


def _parties(order: JsonObject, *, is_new: bool, is_mocked: bool) -> dict[str, JsonValue]:
    address = as_object(order.get("billing_address"))
    billed = {
        "billing name": order.get("billing_name"),
        **{part: address.get(part) for part in ("line1", "line2", "city", "postal_code")},
        # How the service writes states was not observed; those of the United States and Canada are codes, which may be
        # written out.
        **({"state": address.get("state")} if is_mocked and address.get("country") not in ("US", "CA") else {}),
    }
    return {"invoice number": order.get("invoice_number"), **(billed if is_new else {})}


def _items(order: JsonObject) -> dict[str, JsonValue]:
    return {
        f"item {index}": str(as_object(item).get("label"))[:_LONGEST_DESCRIPTION]
        for index, item in enumerate(as_list(order.get("items")), 1)
    }


def _layout_problems(squeezed: str, order: JsonObject) -> Iterator[Problem]:
    """Source: observed on the service, April 2026: the date is the order's; which amounts appear under which labels."""
    expected = {
        "the date of issue": _squeezed(f"Date of issue: {_date_of(str(order.get('created_at')))}"),
        **{f"the {label}": f"{_squeezed(label)}{amount}" for label, amount in _amounts(order)},
        **{f"item {number} with its amount": line for number, line in enumerate(_lines(order), 1)},
    }
    for name, text in expected.items():
        if text not in squeezed:
            yield Rule.DOCUMENT_CONTENT, f"{name}, as {text}", squeezed[-300:] or "no text"
    if squeezed.count("Dateofissue") > 1:
        yield Rule.DOCUMENT_CONTENT, "one date of issue", f"{squeezed.count('Dateofissue')} of them"


def _amounts(order: JsonObject) -> Iterator[tuple[str, str]]:
    def of(name: str) -> int:
        amount = order.get(name)
        return amount if isinstance(amount, int) else 0

    shown = {"Subtotal": of("subtotal_amount")}
    if of("discount_amount") > 0:
        shown["Discount"] = -of("discount_amount")
    if of("tax_amount"):
        shown |= {"Total excluding tax": of("total_amount") - of("tax_amount"), "Tax": of("tax_amount")}
    shown["Total"] = of("total_amount")
    if of("applied_balance_amount"):
        shown["Applied balance"] = of("applied_balance_amount")
    for label, amount in shown.items():
        text = written(amount, order.get("currency"))
        if text is not None:
            yield label, text


def _lines(order: JsonObject) -> Iterator[str]:
    for item in map(as_object, as_list(order.get("items"))):
        label, amount = (
            str(item.get("label"))[:_LONGEST_DESCRIPTION],
            written(item.get("amount"), order.get("currency")),
        )
        if amount is not None and _is_latin(label):
            yield f"{_squeezed(label)}1{amount}{amount}"


def _date_of(moment: str) -> str:
    """A date such as `April 15, 2026`; the text itself when it is not a timestamp."""
    try:
        day = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and 0 < len(text) <= _LONGEST_TEXT


def _is_latin(text: str) -> bool:
    return text.isprintable() and 0 < len(text) <= _LONGEST_DESCRIPTION and max(text) <= _LAST_LATIN_LETTER


def readable_text(content: bytes) -> str | None:
    """The text of all pages; None for a document that can't be read."""
    try:
        pages = PdfReader(io.BytesIO(content), strict=False).pages
        return "\n".join(page.extract_text() for page in pages) if len(pages) else None
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        # pypdf raises all of these on broken documents.
        return None


def _squeezed(text: str) -> str:
    return "".join(text.split())
