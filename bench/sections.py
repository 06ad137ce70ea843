"""A section of the figures: a title, what was measured, a table. Printed on a terminal, or written to the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.console import Console
from rich.table import Table


class Section(NamedTuple):
    title: str
    text: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    ending: str = ""
    """Text below the table, on the page only."""


def show(console: Console, section: Section) -> None:
    table = Table(*section.heads, title=section.title)
    for row in section.rows:
        table.add_row(*row)
    console.print(table)


def markdown(section: Section) -> str:
    lines = [f"| {' | '.join(row)} |" for row in (section.heads, ["---"] * len(section.heads), *section.rows)]
    return "\n\n".join(part for part in (f"## {section.title}", section.text, "\n".join(lines), section.ending) if part)
