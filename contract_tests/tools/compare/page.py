"""Writes docs/fidelity.md from known.yaml: `python -m contract_tests.tools.compare.page > docs/fidelity.md`."""

from __future__ import annotations

from collections.abc import Iterator

from contract_tests.tools.compare.known import Section, sections

_HEAD = """\
# Where the mock differs from the service

The mock answers like the service of 15 April 2026, including headers and the text of errors. The contract of revision
0.1.0 describes the service of that date. This page lists every known difference and its reason. A difference that is not
listed here is a defect: please report it.

[`polar-contract compare`](compare.md) reports a listed difference under its name and does not count it. Names in italics
mark the differences that a comparison can detect. This page is generated from `contract_tests/tools/compare/known.yaml`.
"""
_COLUMNS = ("name", "case", "the service", "the mock", "why")
_AS_SERVED = "setting for the service's behaviour"


def page() -> str:
    """The page, in Markdown."""
    return "\n".join([_HEAD, *(line for section in sections() for line in _lines_of(section))])


def _lines_of(section: Section) -> Iterator[str]:
    has_choice = any(entry.as_served for entry in section.entries)
    columns = (*_COLUMNS, _AS_SERVED) if has_choice else _COLUMNS
    yield f"## {section.title}\n"
    yield _row(columns)
    yield _row(["---"] * len(columns), gap="")
    for entry in section.entries:
        name = f"*{entry.name}*" if entry.shows else entry.name
        cells = (name, entry.case, entry.service, entry.mock, entry.why)
        yield _row((*cells, entry.as_served or "") if has_choice else cells)
    yield ""


def _row(cells: tuple[str, ...] | list[str], gap: str = " ") -> str:
    return f"|{gap}" + f"{gap}|{gap}".join(cells) + f"{gap}|"


if __name__ == "__main__":
    print(page().rstrip())
