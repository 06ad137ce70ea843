"""What an invoice's link and its document have to be. Pure: texts and bytes in, problems out.

Source: the page (the invoice's URL leads to a PDF), and what the service was seen to send, April 2026.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from contract_tests.findings import Problem
from polar_contract.json_types import JsonObject, as_list, as_object

LEADS_TO_PDF = "The invoice's URL leads to a PDF"
NAMES_ORDER = "An invoice names its number and whom it bills"
LINK = "The invoice's URL is a signed link that ends"
# Source: observed on the service, April 2026: links end after ten minutes.
LINK_SECONDS = "600"
_SIGNED_PARTS = ("X-Amz-Date", "X-Amz-Expires", "X-Amz-Signature")
# Longer texts and other scripts may be broken, joined or shaped on their way into a document and out of it.
_LONGEST_TEXT = 60


def link_problems(url: str) -> Iterator[Problem]:
    """What is wrong with a link, by its text alone."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        yield LINK, "an absolute http or https URL", url
        return
    query = parse_qs(parts.query)
    missing = [name for name in _SIGNED_PARTS if not query.get(name)]
    if missing:
        yield LINK, f"a query with {', '.join(missing)}", url
    elif query["X-Amz-Expires"] != [LINK_SECONDS]:
        yield LINK, f"X-Amz-Expires={LINK_SECONDS}", f"X-Amz-Expires={query['X-Amz-Expires'][0]}"


def document_problems(content: bytes, content_type: str, order: JsonObject, *, is_new: bool) -> Iterator[Problem]:
    """What is wrong with the document of an order as it is shown; `is_new` when its billing details are still those billed."""
    if not content.startswith(b"%PDF-"):
        yield LEADS_TO_PDF, "a PDF document", repr(content[:60])
        return
    if content_type.partition(";")[0].strip().lower() != "application/pdf":
        yield LEADS_TO_PDF, "content type application/pdf", content_type or "no content type"
    text = _text_of(content)
    if text is None:
        yield LEADS_TO_PDF, "a PDF that can be read", f"{len(content)} bytes that can't"
        return
    for name, value in _named(order, is_new=is_new).items():
        if _squeezed(value) not in _squeezed(text):
            yield NAMES_ORDER, f"the {name} {value}", _squeezed(text)[:200] or "no text"
    total = _total(order)
    if total is not None and not re.search(rf"(?i)(?<!sub)total.{{0,12}}{re.escape(total)}", _squeezed(text)):
        yield NAMES_ORDER, f"the total {total}, called so", _squeezed(text)[-200:] or "no text"


def _named(order: JsonObject, *, is_new: bool) -> dict[str, str]:
    address = as_object(order.get("billing_address"))
    billed = {
        "billing name": order.get("billing_name"),
        **{part: address.get(part) for part in ("line1", "line2", "city", "postal_code")},
    }
    labels = {
        f"item {index}": as_object(item).get("label") for index, item in enumerate(as_list(order.get("items")), 1)
    }
    texts = {
        "invoice number": order.get("invoice_number"),
        **labels,
        **(billed if is_new else {}),
    }
    return {name: value for name, value in texts.items() if isinstance(value, str) and _is_plain(value)}


def _total(order: JsonObject) -> str | None:
    """As documents write it, `$1,234.56`; None in other currencies, whose signs differ."""
    total = order.get("total_amount")
    return f"${total / 100:,.2f}" if isinstance(total, int) and order.get("currency") == "usd" else None


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and 0 < len(text) <= _LONGEST_TEXT


def _text_of(content: bytes) -> str | None:
    try:
        pages = PdfReader(io.BytesIO(content), strict=False).pages
        return "\n".join(page.extract_text() for page in pages) if len(pages) else None
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        # pypdf raises all of these on broken documents.
        return None


def _squeezed(text: str) -> str:
    return "".join(text.split())
