"""The table shows every figure, however few columns there are."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from contract_tests.reporting.coverage import CoverageRow, coverage_rows
from contract_tests.reporting.html import page_of
from contract_tests.reporting.report import Report
from contract_tests.reporting.table import cell_of, short_name, statuses_of, table_lines
from polar_contract import Contract
from polar_contract.operations import Operations
from tests.contract_tests.reporting.reports import a_report

PIPED = 160
WIDTHS = [20, 40, 60, 80, 100, 120, PIPED]


@pytest.fixture(scope="module")
def rows(contract: Contract) -> list[CoverageRow]:
    """Figures of one to five digits, each of them there once, and three that nothing documents."""
    operations = Operations(contract.published, contract.effective)
    documented = [(one.id, status) for one in operations for status in one.statuses]
    counts = {key: 7 + number * 53 for number, key in enumerate(documented)}
    first = next(iter(operations)).id
    return coverage_rows(operations, {**counts, (first, 307): 77_777, (first, 418): 88_888, (first, 500): 99_999})


def _figures(rows: Sequence[CoverageRow], *, must_be_covered: bool) -> list[str]:
    statuses = statuses_of(rows, must_be_covered=must_be_covered)
    return sorted(cell_of(row, status, must_be_covered=must_be_covered).text for row in rows for status in statuses)


def _printed(rows: Sequence[CoverageRow], width: int, *, must_be_covered: bool) -> list[str]:
    return [line.plain for line in table_lines(rows, width, must_be_covered=must_be_covered)]


class GivenATerminal:
    @pytest.mark.parametrize("must_be_covered", [True, False], ids=["mock", "live"])
    @pytest.mark.parametrize("width", WIDTHS)
    def test_when_the_table_is_printed_then_every_figure_shows_and_no_line_is_longer(
        self, rows: list[CoverageRow], width: int, must_be_covered: bool
    ) -> None:
        lines = _printed(rows, width, must_be_covered=must_be_covered)
        body = "\n".join(lines)
        assert [line for line in lines if len(line) > width] == []
        for text in _figures(rows, must_be_covered=must_be_covered):
            assert re.search(rf"(^|\s){re.escape(text)}(\s|$)", body), text
        statuses = {str(one) for one in statuses_of(rows, must_be_covered=must_be_covered)}
        heads = [line.split()[1:] for line in lines if re.fullmatch(r"operation[ \d]+", line)]
        assert sorted(status for head in heads for status in head) == sorted(statuses)

    @pytest.mark.parametrize("width", [80, 100, 120, PIPED])
    def test_when_figures_are_those_of_a_usual_run_then_names_can_be_told_apart(
        self, contract: Contract, width: int
    ) -> None:
        operations = Operations(contract.published, contract.effective)
        usual = coverage_rows(operations, {(one.id, status): 123 for one in operations for status in one.statuses})
        lines = _printed(usual, width, must_be_covered=True)
        names = [line.split()[0] for line in lines if "123" in line]
        blocks = sum(re.fullmatch(r"operation[ \d]+", line) is not None for line in lines)
        assert len(set(names)) == len(usual)
        assert blocks == (1 if width > 80 else 2)

    def test_when_a_status_never_came_to_a_live_account_then_it_has_no_column(self, contract: Contract) -> None:
        operations = Operations(contract.published, contract.effective)
        few = coverage_rows(operations, {("orders:list", 200): 3, ("orders:list", 401): 1})
        (head,) = [line for line in _printed(few, 80, must_be_covered=False) if re.fullmatch(r"operation[ \d]+", line)]
        assert head.split() == ["operation", "200", "401"]


class GivenAPage:
    @pytest.mark.parametrize("must_be_covered", [True, False], ids=["mock", "live"])
    def test_when_an_answer_did_not_come_then_it_is_red_only_where_the_run_had_to_ask_for_it(
        self, contract: Contract, a_run: Report, must_be_covered: bool
    ) -> None:
        page = page_of(a_run if must_be_covered else _live(contract, a_run))
        assert ('<td class="never">0</td>' in page) is must_be_covered
        assert ("<td>-</td>" in page or ">-</td>" in page) is not must_be_covered

    @pytest.fixture
    def a_run(self, contract: Contract, tmp_path_factory: pytest.TempPathFactory) -> Report:
        return a_report(contract, tmp_path_factory.mktemp("reports"))


def _live(contract: Contract, run: Report) -> Report:
    return a_report(contract, run.settings.reports, counts_guarantees=False)


def test_short_names_are_as_many_as_long_ones(contract: Contract) -> None:
    ids = [one.id for one in Operations(contract.published, contract.effective)]
    assert len({short_name(one) for one in ids}) == len(ids)
