"""The coverage table of operations and statuses, laid out for the width of the terminal. Prints nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from rich.text import Text

from contract_tests.reporting.coverage import CoverageRow

_LEGEND = (
    "how often each operation returned each status "
    "(- documented, not requested; · not documented; (n) not documented, but returned)"
)
_FEWEST_LETTERS = 8


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `kind` is its meaning: `count`, `missing`, `unasked`, `undocumented` or `none`."""

    text: str
    kind: str


_STYLES = {"count": "", "missing": "bold red", "unasked": "dim", "undocumented": "dim", "none": "dim"}


def cell_of(row: CoverageRow, status: int, *, must_be_covered: bool) -> Cell:
    """The cell of one operation and status. `must_be_covered`: every documented response had to occur in this run."""
    if status in row.documented:
        count = row.documented[status]
        if count or must_be_covered:
            return Cell(str(count), "count" if count else "missing")
        return Cell("-", "unasked")
    if status in row.undocumented:
        # The router itself sends 307 and 405; they belong to no operation.
        return Cell(f"({row.undocumented[status]})", "undocumented")
    return Cell("·", "none")


def statuses_of(rows: Sequence[CoverageRow], *, must_be_covered: bool) -> list[int]:
    """The columns: every returned status; with `must_be_covered` also every documented one."""
    return sorted(
        {
            status
            for row in rows
            for status, count in (*row.documented.items(), *row.undocumented.items())
            if count or must_be_covered
        }
    )


def short_name(operation_id: str) -> str:
    """The operation's id without repeated words."""
    return operation_id.replace("customer_portal:", "portal:").replace("_webhook", "")


def table_lines(rows: Sequence[CoverageRow], width: int, *, must_be_covered: bool) -> Iterator[Text]:
    """The table in lines of at most `width` columns; in several blocks when not all statuses fit side by side."""
    statuses = statuses_of(rows, must_be_covered=must_be_covered)
    if not statuses:
        return
    columns = [
        [Cell(str(status), "head"), *(cell_of(row, status, must_be_covered=must_be_covered) for row in rows)]
        for status in statuses
    ]
    names, gap = _names_and_gap([row.operation.id for row in rows], columns, width)
    for line in wrap(_LEGEND, width):
        yield Text(line, style="dim")
    for block in _blocks(columns, width - len(names[0]), gap):
        yield Text()
        for number, name in enumerate(names):
            yield _line(name, [column[number] for column in block], [_width(column) + gap for column in block])


def _names_and_gap(ids: Sequence[str], columns: Sequence[Sequence[Cell]], width: int) -> tuple[list[str], int]:
    """The longest names and widest gap with which all columns fit; otherwise short names, for as few blocks as possible."""
    whole, short = list(ids), [short_name(one) for one in ids]
    for names in (whole, short):
        for gap in (2, 1):
            needed = max(map(len, names)) + sum(_width(column) + gap for column in columns)
            if needed <= width:
                return _padded(names), gap
    most = max(_FEWEST_LETTERS, width // 2)
    return _padded([_elided(name, most) for name in short]), 1


def _padded(names: Sequence[str]) -> list[str]:
    longest = max(map(len, [*names, "operation"]))
    return [name.ljust(longest) for name in ("operation", *names)]


def _elided(name: str, most: int) -> str:
    """The beginning and the end of the name; the middle is the least informative."""
    if len(name) <= most:
        return name
    end = (most - 1) * 2 // 3
    return f"{name[: most - 1 - end]}…{name[-end:]}"


def _blocks(columns: Sequence[Sequence[Cell]], width: int, gap: int) -> Iterator[list[Sequence[Cell]]]:
    """The columns in groups that fit; a column that is too wide gets its own group."""
    block: list[Sequence[Cell]] = []
    taken = 0
    for column in columns:
        needed = _width(column) + gap
        if block and taken + needed > width:
            yield block
            block, taken = [], 0
        block.append(column)
        taken += needed
    yield block


def _width(column: Sequence[Cell]) -> int:
    return max(len(cell.text) for cell in column)


def _line(name: str, cells: Sequence[Cell], widths: Sequence[int]) -> Text:
    is_head = all(cell.kind == "head" for cell in cells)
    line = Text(name, style="bold" if is_head else "")
    for cell, width in zip(cells, widths, strict=True):
        line.append(cell.text.rjust(width), style=_STYLES.get(cell.kind, ""))
    return line
