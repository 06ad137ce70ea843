"""Render an invoice or a receipt as a PDF document. The same facts give the same bytes, on every machine and at any time."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, cast

import fontpkg_noto_sans  # type: ignore[import-untyped]  # a package of font files
from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos
from fpdf.fonts import TTFFont

from mock_server.domain.invoices import InvoiceLine
from mock_server.domain.money import write_money
from mock_server.rendering.parties import Seller

_FONT = "Noto Sans"
_FONT_FILE = Path(fontpkg_noto_sans.__file__).parent / "files" / "NotoSans[wdth,wght].ttf"
# Font tables for other weights and for text shaping: no PDF viewer reads them, and reducing them to the shown letters
# takes longer than everything else.
_UNREAD_TABLES = {"GDEF", "GPOS", "GSUB", "HVAR", "MVAR", "STAT", "avar", "fvar", "gvar"}
_YELLOW = (255, 236, 153)
_LINE_MM = 6.0
# Two no-break spaces: shown text never contains them, so no caller's text can be mistaken for the page count.
_PAGE_COUNT = "\N{NO-BREAK SPACE}" * 2
# Not strftime's %B, which follows the process's locale.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_COLUMNS_MM = (95.0, 20.0, 35.0, 40.0)
_LONGEST_DESCRIPTION = 90
_LONGEST_PARTY_LINE = 200
_FOOTER_MM = (125.0, 65.0)


class Sheet(NamedTuple):
    """What is written on the document, top to bottom."""

    kind: str
    """`Invoice` or `Receipt`."""
    number: str
    date_label: str
    issued_on: datetime
    billed: tuple[str, ...]
    currency: str
    lines: tuple[InvoiceLine, ...]
    totals: tuple[tuple[str, int], ...]
    """Labels and amounts in minor units."""


def render_sheet(sheet: Sheet, *, seller: Seller) -> bytes:
    """The document: number and date, seller and bill-to, lines, totals. Takes about 30 ms, and accepts any text.

    Every page says that it is a mock's.
    """
    # fontTools logs at length what it leaves out of a subset.
    logging.getLogger("fontTools.subset").setLevel(logging.WARNING)
    page = _Page(sheet, seller=seller)
    page.write_heading()
    page.write_parties()
    page.write_banner()
    page.write_lines()
    page.write_totals()
    return bytes(page.output())


class _Page(FPDF):
    """The layout, top to bottom; a new page repeats the footer."""

    def __init__(self, sheet: Sheet, *, seller: Seller) -> None:
        super().__init__(format="A4", unit="mm")
        self.sheet = sheet
        self.seller = seller
        self.set_creation_date(sheet.issued_on)
        self.add_font(_FONT, fname=_FONT_FILE)
        font = self.fonts[_FONT.lower()]
        assert isinstance(font, TTFFont)
        for table in _UNREAD_TABLES.intersection(font.ttfont.keys()):
            del font.ttfont[table]
        self.glyphs = font.cmap
        self.alias_nb_pages(_PAGE_COUNT)
        self.set_title(self._shown(f"{sheet.kind} {sheet.number}"))
        self.set_font(_FONT, size=10)
        self.set_auto_page_break(auto=True, margin=20)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font(_FONT, size=8)
        self.cell(_FOOTER_MM[0], 5, self._cut(self.sheet.number, _FOOTER_MM[0]))
        self.cell(
            _FOOTER_MM[1], 5, f"Mock {self.sheet.kind.lower()}. Page {self.page_no()} of {_PAGE_COUNT}", align="R"
        )
        self.set_font(_FONT, size=10)

    def write_heading(self) -> None:
        self.set_font(_FONT, size=20)
        self._line(self.sheet.kind, height=10)
        self.set_font(_FONT, size=10)
        issued = self.sheet.issued_on
        self._line(f"{self.sheet.kind} number: {self.sheet.number}")
        self._line(f"{self.sheet.date_label}: {_MONTHS[issued.month - 1]} {issued.day}, {issued.year}")
        self.ln(4)

    def write_parties(self) -> None:
        top = self.get_y()
        self._block(("From", *self.seller.lines), left=10, top=top)
        lowest = self.get_y()
        self._block(("Bill to", *self.sheet.billed), left=105, top=top)
        self.set_xy(10, max(lowest, self.get_y()) + 6)

    def write_banner(self) -> None:
        self.set_fill_color(*_YELLOW)
        self._line(f"Mock {self.sheet.kind.lower()}: no payment was processed", fill=True, align="C")
        self.ln(4)

    def write_lines(self) -> None:
        self._row(("Description", "Quantity", "Unit Price", "Amount"))
        for line in self.sheet.lines:
            amount = self._money(line.amount_cents)
            self._row((line.description[:_LONGEST_DESCRIPTION], "1", amount, amount))
        self.ln(4)

    def write_totals(self) -> None:
        for total in self.sheet.totals:
            self._total(*total)

    def _line(self, text: str, *, height: float = _LINE_MM, fill: bool = False, align: str = "L") -> None:
        text = self._shown(text)
        self.multi_cell(0, height, text, fill=fill, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _block(self, lines: Iterable[str], *, left: float, top: float) -> None:
        self.set_y(top)
        for line in lines:
            self.set_x(left)
            text = self._shown(line[:_LONGEST_PARTY_LINE])
            self.multi_cell(90, _LINE_MM, text, align="L", new_x=XPos.LEFT, new_y=YPos.NEXT)

    def _row(self, texts: tuple[str, str, str, str]) -> None:
        description = self._shown(texts[0])
        lines = self.multi_cell(_COLUMNS_MM[0], _LINE_MM, description, dry_run=True, output=MethodReturnValue.LINES)
        height = _LINE_MM * len(cast("list[str]", lines))
        if self.will_page_break(height):
            self.add_page()
        top = self.get_y()
        self.multi_cell(_COLUMNS_MM[0], _LINE_MM, description, align="L", new_x=XPos.RIGHT, new_y=YPos.TOP)
        for width, text in zip(_COLUMNS_MM[1:], texts[1:], strict=True):
            self.cell(width, _LINE_MM, self._shown(text), align="R")
        self.set_xy(10, top + height)

    def _total(self, label: str, amount_cents: int) -> None:
        self.cell(sum(_COLUMNS_MM[:3]), _LINE_MM, label, align="R")
        text = self._shown(self._money(amount_cents))
        self.cell(_COLUMNS_MM[3], _LINE_MM, text, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _money(self, amount_cents: int) -> str:
        return write_money(amount_cents, self.sheet.currency)

    def _cut(self, text: str, width_mm: float) -> str:
        """The beginning of a text, as much as fits into a cell of this width."""
        shown = self._shown(text)[:_LONGEST_PARTY_LINE]
        while shown and self.get_string_width(shown) > width_mm - 2 * self.c_margin:
            shown = shown[:-1]
        return shown

    def _shown(self, text: str) -> str:
        """The text as the font can show it: blanks for control characters, a replacement mark for letters that it lacks."""
        return "".join(self._shown_character(character) for character in text)

    def _shown_character(self, character: str) -> str:
        if character.isspace() or not character.isprintable():
            return " "
        return character if ord(character) in self.glyphs else "\N{REPLACEMENT CHARACTER}"
