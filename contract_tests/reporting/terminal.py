"""The report for a terminal: findings, skipped checks, the coverage table, and the verdict as its last line.

In a GitHub workflow, annotations follow.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from rich.console import Console
from rich.text import Text

from contract_tests.config.service import Service
from contract_tests.reporting.annotations import is_workflow, workflow_commands
from contract_tests.reporting.files import SUMMARY_FILE
from contract_tests.reporting.left_out import left_out_lines
from contract_tests.reporting.report import Report
from contract_tests.reporting.table import table_lines
from contract_tests.reporting.verdicts import counted
from contract_tests.transport.visible import visible, visible_line

_MOST_FINDINGS_SHOWN = 25
_PLAIN_WIDTH = 160


def report_console() -> Console:
    """A console with colours and the terminal's width; without a terminal plain lines, wide enough for the table."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_PLAIN_WIDTH, color_system=None)


def print_service(service: Service, console: Console) -> None:
    """Print what was found out about the target, as the first line of a run's output."""
    console.print(
        Text(visible_line(service.sentence), style="bold yellow" if service.is_another else ""), soft_wrap=True
    )


def print_report(report: Report, console: Console, redact: Callable[[str], str]) -> None:
    """Print the report, redacted, with invisible characters escaped."""

    def say(text: str, style: str = "") -> None:
        console.print(Text(visible(redact(text)), style=style), soft_wrap=True)

    _say_findings(report, say)
    for fact in (report.account, f"through the proxy {report.proxy}" if report.proxy else ""):
        if fact:
            say(fact)
    for line in left_out_lines(report.results, console.width):
        say(visible_line(line), "yellow")
    for row in table_lines(report.rows, console.width, must_be_covered=report.must_be_covered):
        console.print(row, soft_wrap=True)
    for note in report.notes:
        say(note)
    say(f"{counted(report.requests, 'request')} in {report.duration_seconds:.1f} s, seed {report.settings.seed}")
    say(visible_line(report.decision.sentence), "bold green" if report.decision.exit_code == 0 else "bold red")
    if is_workflow(os.environ):
        for command in workflow_commands(report):
            say(command)


def _say_findings(report: Report, say: Callable[[str, str], None]) -> None:
    """Print broken rules, broken guarantees, and problems of the run."""
    shown = report.findings[:_MOST_FINDINGS_SHOWN]
    for finding in shown:
        say(f"\n✗ {finding}", "red")
    hidden = len(report.results.broken_rules) - len(shown)
    if hidden > 0:
        say(f"\n{hidden} more findings, most of them similar, are in {report.settings.reports / SUMMARY_FILE}", "red")
    if report.broken_guarantees:
        status = "counted" if report.counts_guarantees else "reported, not counted: --documented-guarantees counts them"
        say(f"\nDocumented guarantees that are not kept ({status})", "bold")
    for finding in report.broken_guarantees[:_MOST_FINDINGS_SHOWN]:
        say(f"\n✗ {finding}", "red" if report.counts_guarantees else "yellow")
    if report.known_differences:
        say("\nKnown differences of the two revisions (no breach of the one that the target keeps)", "bold")
    for finding in report.known_differences[:_MOST_FINDINGS_SHOWN]:
        say(f"\n~ {finding}", "yellow")
    for problem in report.results.problems:
        if problem != report.decision.sentence:
            say(f"\n! {visible_line(problem)}", "red")
