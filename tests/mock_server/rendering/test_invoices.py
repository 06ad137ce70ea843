"""An invoice's document: what it shows, for any text, and that it is the same every time."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # it ships no types
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from mock_server.domain.addresses import Address
from mock_server.domain.invoices import Invoice, InvoiceLine, issue_invoice
from mock_server.domain.money import write_money
from mock_server.rendering.invoices import render_invoice
from mock_server.rendering.parties import Seller
from tests.mock_server.factories import NOW, an_order


def an_invoice(**changes: Any) -> Invoice:
    return replace(issue_invoice(an_order(), now=NOW), **changes)


def text_of(document: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages)


class GivenAnInvoice:
    def test_then_its_document_shows_number_date_parties_lines_and_totals(self) -> None:
        text = text_of(render_invoice(an_invoice()))

        for shown in (
            "Invoice number: ACME-TLBUKHOHBK-0001",
            "Date of issue: May 1, 2026",
            "Mock Merchant of Record",
            "Jane Doe",
            "123 Main St",
            "10001 New York NY\nUnited States",
            "Unit Price",
            "Pro Plan",
            "$10.00",
            "$0.89",
            "$10.89",
            "no payment was processed",
            "Page 1 of 1",
        ):
            assert shown in text

    def test_when_the_country_has_no_known_name_then_its_code_is_shown(self) -> None:
        text = text_of(render_invoice(an_invoice(billing_address=Address(country="QZ", city="Utopia"))))

        assert "Utopia\nQZ" in text

    def test_when_another_seller_is_given_then_its_lines_are_shown_instead(self) -> None:
        text = text_of(render_invoice(an_invoice(), seller=Seller(("Acme Test Bench", "2 Loopback Lane"))))

        assert "Acme Test Bench\n2 Loopback Lane" in text
        assert "Mock Merchant of Record" not in text

    def test_when_there_are_many_lines_then_every_page_is_counted_and_says_that_it_is_a_mock_invoice(self) -> None:
        lines = tuple(InvoiceLine(f"Line {number}", 100) for number in range(100))

        pages = [page.extract_text() for page in PdfReader(io.BytesIO(render_invoice(an_invoice(lines=lines)))).pages]

        assert "Line 99" in pages[-1]
        assert ["Mock invoice" in page for page in pages] == [True] * 3
        assert [f"Page {number} of 3" in page for number, page in enumerate(pages, 1)] == [True] * 3

    @pytest.mark.parametrize("length", [150, 5000])
    def test_when_the_number_is_long_then_the_footer_shows_its_beginning_beside_the_page(self, length: int) -> None:
        reader = PdfReader(io.BytesIO(render_invoice(an_invoice(number="N" * length))))

        for page in reader.pages:
            footer = page.extract_text().splitlines()[-1]
            number, _, rest = footer.partition("Mock invoice. Page ")
            assert rest.endswith(f" of {len(reader.pages)}")
            assert set(number.strip()) == {"N"}
            assert 40 < len(number.strip()) < 100

    def test_then_of_the_font_there_is_no_more_than_a_reader_of_documents_needs(self) -> None:
        (page,) = PdfReader(io.BytesIO(render_invoice(an_invoice()))).pages
        resources: Any = page["/Resources"]
        (font,) = [one.get_object() for one in resources["/Font"].values()]
        descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
        tables = TTFont(io.BytesIO(descriptor["/FontFile2"].get_data())).keys()

        assert {"glyf", "hmtx"} <= set(tables)
        assert not {"GSUB", "GPOS", "gvar"} & set(tables)

    def test_then_its_title_names_the_number(self) -> None:
        metadata = PdfReader(io.BytesIO(render_invoice(an_invoice()))).metadata

        assert metadata is not None
        assert metadata.title == "Invoice ACME-TLBUKHOHBK-0001"

    @pytest.mark.parametrize(
        ("changes", "shown", "hidden"),
        [
            ({"discount_cents": 250}, ["Discount", "-$2.50"], ["Applied balance"]),
            ({"tax_cents": 0}, ["Total"], ["Tax", "Discount"]),
            ({"applied_balance_cents": -500}, ["Applied balance", "-$5.00", "To be paid", "$5.89"], []),
            ({"currency": "jpy"}, ["¥1,089"], ["$"]),
        ],
    )
    def test_then_totals_show_only_what_there_is(
        self, changes: dict[str, Any], shown: list[str], hidden: list[str]
    ) -> None:
        text = text_of(render_invoice(an_invoice(**changes)))

        assert [part for part in shown if part not in text] == []
        assert [part for part in hidden if part in text] == []

    @pytest.mark.parametrize("name", ["Žofie Nováková", "Ωμέγα ΑΕ", "Иван Петров", "Nguyễn Văn Ánh", "O'Brien & Söhne"])
    def test_when_the_name_is_latin_greek_or_cyrillic_then_it_can_be_read_back(self, name: str) -> None:
        assert name in text_of(render_invoice(an_invoice(billing_name=name)))

    def test_when_the_font_lacks_a_letter_then_a_mark_stands_for_it(self) -> None:
        assert "Jane \N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}" in text_of(
            render_invoice(an_invoice(billing_name="Jane 山田"))
        )

    @settings(max_examples=40, deadline=None)
    @given(
        name=st.text(st.characters(), max_size=300),
        label=st.text(max_size=200),
        city=st.text(max_size=50),
        number=st.text("ABCXYZ0189-", min_size=1, max_size=40),
        amount=st.integers(-(10**12), 10**12),
    )
    def test_for_any_text_the_document_shows_the_number(
        self, name: str, label: str, city: str, number: str, amount: int
    ) -> None:
        invoice = an_invoice(
            number=number,
            billing_name=name,
            billing_address=Address(country="FR", city=city),
            lines=(InvoiceLine(label, amount),),
        )

        document = render_invoice(invoice)

        assert document.startswith(b"%PDF-")
        assert f"Invoice number: {number}" in text_of(document)

    def test_when_a_text_looks_like_the_page_count_then_it_is_shown_as_it_is(self) -> None:
        text = text_of(render_invoice(an_invoice(billing_name="Jane {nb} \N{NO-BREAK SPACE}\N{NO-BREAK SPACE}Doe")))

        assert "Jane {nb}   Doe" in text
        assert "Page 1 of 1" in text

    def test_then_title_parties_banner_table_and_totals_follow_in_this_order(self) -> None:
        text = text_of(render_invoice(an_invoice()))

        places = [
            text.index(part) for part in ("Invoice\n", "From", "Bill to", "Mock invoice", "Description", "Subtotal")
        ]
        assert places == sorted(places)

    @pytest.mark.parametrize(("month", "name"), [(1, "January"), (4, "April"), (12, "December")])
    def test_then_the_month_of_issue_is_named_in_english(self, month: int, name: str) -> None:
        issued_on = datetime(2026, month, 15, tzinfo=UTC)

        assert f"Date of issue: {name} 15, 2026" in text_of(render_invoice(an_invoice(issued_on=issued_on)))

    @pytest.mark.parametrize("field", ["number", "billing_name"])
    @pytest.mark.parametrize(
        "text", ["", "N" * 5000, "\ud800", "\x00\x1b[31m", "漢字", "שלום عالم", "👩\u200d💻", "a\nb"], ids=ascii
    )
    def test_when_a_text_is_hostile_then_there_is_a_document(self, field: str, text: str) -> None:
        assert render_invoice(an_invoice(**{field: text})).startswith(b"%PDF-")

    def test_then_every_process_makes_the_same_bytes(self) -> None:
        program = (
            "import hashlib; from tests.mock_server.rendering.test_invoices import an_invoice, render_invoice; "
            "print(hashlib.sha256(render_invoice(an_invoice())).hexdigest())"
        )
        made = {
            subprocess.run(
                [sys.executable, "-c", program],
                env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for seed, zone in (("0", "UTC"), ("1", "Asia/Tokyo"))
        }

        assert len(made) == 1


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        (123456, "usd", "$1,234.56"),
        (-500, "USD", "-$5.00"),
        (5000, "jpy", "¥5,000"),
        (1234, "sek", "SEK12.34"),
        (0, "eur", "€0.00"),
    ],
)
def test_money_is_written_as_an_american_reader_does(amount: int, currency: str, written: str) -> None:
    assert write_money(amount, currency) == written
