"""The report as a reader at a terminal wants it: findings, what was not judged, the table, and the sentence last."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from contract_tests.coverage import CoverageRow
from contract_tests.reporting.annotations import is_workflow, workflow_commands
from contract_tests.reporting.files import SUMMARY_FILE
from contract_tests.reporting.report import Report
from contract_tests.verdicts import counted
from contract_tests.visible import visible, visible_line

_MOST_FINDINGS_SHOWN = 25
_PLAIN_WIDTH = 160


def report_console() -> Console:
    """Colours and the terminal's width on a terminal; elsewhere plain lines, wide enough for the table."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_PLAIN_WIDTH, color_system=None)


def print_report(report: Report, console: Console, redact: Callable[[str], str]) -> None:
    """Print it, redacted, and nothing that can't be seen."""

    def say(text: str, style: str = "") -> None:
        console.print(Text(visible(redact(text)), style=style), soft_wrap=True)

    shown = report.findings[:_MOST_FINDINGS_SHOWN]
    for finding in shown:
        say(f"\n✗ {finding}", "red")
    hidden = len(report.results.broken_rules) - len(shown)
    if hidden > 0:
        say(f"\n{hidden} more findings, most of them alike, stand in {report.settings.reports / SUMMARY_FILE}", "red")
    if report.broken_promises:
        said = "counted" if report.counts_promises else "told, not counted: --promises counts them"
        say(f"\nPromises of the documentation that are not kept ({said})", "bold")
    for finding in report.broken_promises[:_MOST_FINDINGS_SHOWN]:
        say(f"\n✗ {finding}", "red" if report.counts_promises else "yellow")
    for problem in report.results.problems:
        if problem != report.outcome.sentence:
            say(f"\n! {visible_line(problem)}", "red")
    if report.account:
        say(report.account)
    if report.proxy:
        say(f"through the proxy {report.proxy}")
    for line in _left_out(report.results.not_judged):
        say(visible_line(line), "yellow")
    if report.rows:
        console.print(_table(report.rows, is_plain=not console.is_terminal))
    say(f"{counted(report.requests, 'request')} in {report.duration_seconds:.1f} s, seed {report.settings.seed}")
    say(visible_line(report.outcome.sentence), "bold green" if report.outcome.exit_code == 0 else "bold red")
    if is_workflow(os.environ):
        for command in workflow_commands(report):
            say(command)


def _left_out(reasons: Mapping[str, int]) -> list[str]:
    """One line per reason, over all operations."""
    counts: Counter[str] = Counter()
    for reason, count in reasons.items():
        counts[reason.rpartition(": ")[2]] += count
    return [f"not judged, {counted(count, 'check')}: {reason}" for reason, count in counts.items()]


def _table(rows: Sequence[CoverageRow], *, is_plain: bool) -> Table:
    statuses = sorted({status for row in rows for status in (*row.documented, *row.undocumented)})
    title = "operation x status: how often each documented answer was reached (· not documented)"
    table = Table(title=title, title_justify="left", box=box.SIMPLE if is_plain else box.HEAVY_HEAD)
    table.add_column("operation", no_wrap=True)
    for status in statuses:
        table.add_column(str(status), justify="right")
    for row in rows:
        cells = [_cell(row, status) for status in statuses]
        table.add_row(Text(row.operation.id), *cells)
    return table


def _cell(row: CoverageRow, status: int) -> Text:
    if status in row.documented:
        count = row.documented[status]
        return Text(str(count), style="" if count else "yellow")
    if status in row.undocumented:
        # 307 and 405 are the router's own and belong to no operation.
        return Text(f"({row.undocumented[status]})", style="dim")
    return Text("·", style="dim")
