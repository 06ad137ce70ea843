"""An invoice's document: one that states what the order says passes, and each kind of wrong one breaks its rule."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from fpdf import FPDF

from contract_tests.checks.invoice_pdf import document_problems
from contract_tests.checks.rules import Rule
from polar_contract.json_types import JsonObject
from tests.contract_tests.checks.answers import order, rules_of

HEADERS = {
    "content-type": "application/pdf",
    "content-disposition": 'attachment; filename="Invoice-ACME-0001.pdf"',
}
LINES = (
    *(
        "Invoice number: ACME-0001",
        "Date of issue: April 15, 2026",
        "Ada Example",
        "1 Main Street",
        "10001 New York NY",
    ),
    *("Atlas 1 $7.00 $7.00", "Seats 1 $5.00 $5.00", "Subtotal $12.00", "Discount -$2.00"),
    *("Total excluding tax $10.00", "Tax $0.89", "Total $10.89", "Applied balance -$0.89"),
)


@cache
def document(*lines: str) -> bytes:
    """A PDF with these lines."""
    page = FPDF()
    page.add_page()
    page.set_font("Helvetica", size=12)
    for line in lines:
        page.cell(text=line, new_x="LMARGIN", new_y="NEXT")
    return bytes(page.output())


def with_line(old: str, *new: str) -> bytes:
    """The document with other lines in the place of one."""

    def changed() -> Iterator[str]:
        for line in LINES:
            yield from new if line == old else (line,)

    return document(*changed())


def broken(
    content: bytes,
    *,
    headers: JsonObject | None = None,
    is_new: bool = True,
    is_mocked: bool = True,
    **changes: str | None,
) -> set[Rule]:
    sent = {name: str(value) for name, value in {**HEADERS, **(headers or {})}.items() if value is not None}
    return rules_of(document_problems(content, sent, order(**changes), is_new=is_new, is_mocked=is_mocked))


@pytest.mark.parametrize("is_mocked", [True, False], ids=["a mock's", "an account's"])
def test_when_it_states_what_the_order_says_then_no_rule_is_broken(is_mocked: bool) -> None:
    assert broken(document(*LINES), is_mocked=is_mocked) == set()


@pytest.mark.parametrize(
    ("is_new", "rules"), [(True, {Rule.NAMES_ORDER}), (False, set())], ids=["just issued", "issued earlier"]
)
def test_when_the_billing_name_was_changed_then_only_an_older_document_may_lack_it(
    is_new: bool, rules: set[Rule]
) -> None:
    assert broken(document(*LINES), is_new=is_new, billing_name="Bob Example") == rules


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"%PDF-1.4 and no more", document(*LINES)[:200]],
    ids=["empty", "a page", "a beginning", "cut off"],
)
def test_when_it_is_no_pdf_then_its_rule_is_broken(content: bytes) -> None:
    assert broken(content) == {Rule.LEADS_TO_PDF}


@pytest.mark.parametrize(
    ("headers", "rule"),
    [
        ({"content-type": "text/html"}, Rule.LEADS_TO_PDF),
        ({"content-type": None}, Rule.LEADS_TO_PDF),
        ({"content-disposition": None}, Rule.FILE_NAME),
        ({"content-disposition": 'inline; filename="Invoice-ACME-0001.pdf"'}, Rule.FILE_NAME),
        ({"content-disposition": 'attachment; filename="Invoice-ACME-0002.pdf"'}, Rule.FILE_NAME),
    ],
    ids=["another type", "no type", "no name", "shown inline", "another name"],
)
def test_when_a_header_is_wrong_then_its_rule_is_broken(headers: JsonObject, rule: Rule) -> None:
    assert broken(document(*LINES), headers=headers) == {rule}


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        ("Invoice number: ACME-0001", [], {Rule.NAMES_ORDER}),
        ("Ada Example", ["Bob Example"], {Rule.NAMES_ORDER}),
        ("1 Main Street", [], {Rule.NAMES_ORDER}),
        ("10001 New York NY", ["10001 NY"], {Rule.NAMES_ORDER}),
        ("Atlas 1 $7.00 $7.00", [], {Rule.DOCUMENT_CONTENT}),
        ("Atlas 1 $7.00 $7.00", ["Atlas 1 $8.00 $8.00"], {Rule.DOCUMENT_CONTENT}),
        ("Total $10.89", ["Total $10.88"], {Rule.DOCUMENT_CONTENT}),
        ("Date of issue: April 15, 2026", ["Date of issue: April 16, 2026"], {Rule.DOCUMENT_CONTENT}),
        ("Date of issue: April 15, 2026", ["Date of issue: April 15, 2026"] * 2, {Rule.DOCUMENT_CONTENT}),
        ("Subtotal $12.00", ["Subtotal $10.00"], {Rule.DOCUMENT_CONTENT}),
        ("Discount -$2.00", [], {Rule.DOCUMENT_CONTENT}),
        ("Tax $0.89", [], {Rule.DOCUMENT_CONTENT}),
        ("Applied balance -$0.89", [], {Rule.DOCUMENT_CONTENT}),
    ],
    ids=[
        *("no number", "another name", "no street", "no city", "no item", "another price", "another total"),
        *("another date", "two dates", "another subtotal", "no discount", "no tax", "no balance"),
    ],
)  # fmt: skip
def test_when_a_line_is_wrong_then_its_rule_is_broken(old: str, new: list[str], rules: set[Rule]) -> None:
    assert broken(with_line(old, *new)) == rules
