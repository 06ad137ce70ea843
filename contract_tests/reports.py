"""What a run leaves behind: the summary as JSON and the table and findings as text. Everything is redacted on its way out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from contract_tests.coverage import CoverageRow, unreached
from contract_tests.findings import Finding
from contract_tests.results import Results
from contract_tests.settings import Settings
from contract_tests.verdicts import Outcome
from polar_contract.json_types import JsonObject

SUMMARY_FILE = "summary.json"
JUNIT_FILE = "junit.xml"
_MOST_FINDINGS_SHOWN = 25
_PLAIN_WIDTH = 160


@dataclass(frozen=True, slots=True)
class Report:
    """All that is told about a finished run. `rows` is empty when the run never got to a request."""

    settings: Settings
    target: str | None
    is_mock: bool
    outcome: Outcome
    results: Results
    rows: list[CoverageRow]
    requests: int
    duration_seconds: float

    def as_json(self) -> JsonObject:
        """The summary: verdict, counts, table, findings."""
        return {
            "verdict": str(self.outcome.verdict),
            "exit_code": self.outcome.exit_code,
            "sentence": self.outcome.sentence,
            "revision": self.settings.revision,
            "seed": self.settings.seed,
            "target": {"url": self.target, "kind": "mock" if self.is_mock else "live"} if self.target else None,
            "counts": {
                "requests": self.requests,
                "passed": self.results.passed,
                "failed": self.results.failed,
                "not_judged": sum(self.results.not_judged.values()),
            },
            "duration_seconds": round(self.duration_seconds, 3),
            "table": [_row_as_json(row) for row in self.rows],
            "unreached": list(unreached(self.rows)),
            "findings": [dict(asdict(finding)) for finding in self.results.findings],
            "not_judged": [{"reason": reason, "checks": count} for reason, count in self.results.not_judged.items()],
            "problems": list(self.results.problems),
        }


def write_summary(report: Report, redact: Callable[[str], str]) -> None:
    """Write the JSON summary into the reports folder, which is made when missing. Errors: OSError."""
    folder = report.settings.reports
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(report.as_json(), indent=2, ensure_ascii=False)
    Path(folder, SUMMARY_FILE).write_text(redact(text) + "\n", "utf-8")


def report_console() -> Console:
    """Colours and the terminal's width on a terminal; elsewhere plain lines, wide enough for the table."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_PLAIN_WIDTH, color_system=None)


def print_report(report: Report, console: Console, redact: Callable[[str], str]) -> None:
    """Findings, what was not judged, the table, and the sentence last."""

    def say(text: str, style: str = "") -> None:
        console.print(Text(redact(text), style=style), soft_wrap=True)

    shown = _one_of_each(report.results.findings)[:_MOST_FINDINGS_SHOWN]
    for finding in shown:
        say(f"\n✗ {finding}", "red")
    hidden = len(report.results.findings) - len(shown)
    if hidden > 0:
        say(f"\n{hidden} more findings, most of them alike, stand in {report.settings.reports / SUMMARY_FILE}", "red")
    for line in _left_out(report.results.not_judged):
        say(line, "yellow")
    if report.rows:
        console.print(_table(report.rows, is_plain=not console.is_terminal))
    say(f"{report.requests} requests in {report.duration_seconds:.1f} s, seed {report.settings.seed}")
    say(report.outcome.sentence, "bold green" if report.outcome.exit_code == 0 else "bold red")


def _left_out(reasons: Mapping[str, int]) -> list[str]:
    """One line per reason, over all operations."""
    counts: Counter[str] = Counter()
    for reason, count in reasons.items():
        counts[reason.rpartition(": ")[2]] += count
    return [f"not judged, {count} {'check' if count == 1 else 'checks'}: {reason}" for reason, count in counts.items()]


def _one_of_each(findings: list[Finding]) -> list[Finding]:
    """The first finding of every rule and operation."""
    return list({(one.rule, one.operation_id): one for one in reversed(findings)}.values())[::-1]


def _table(rows: list[CoverageRow], *, is_plain: bool) -> Table:
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


def _row_as_json(row: CoverageRow) -> JsonObject:
    return {
        "operation_id": row.operation.id,
        "method": row.operation.method,
        "path": row.operation.path,
        "documented": {str(status): count for status, count in row.documented.items()},
        "undocumented": {str(status): count for status, count in row.undocumented.items()},
    }
