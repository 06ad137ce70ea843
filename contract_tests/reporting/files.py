"""The files of a run: where they stand, and writing them all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from contract_tests.reporting.har import har_of
from contract_tests.reporting.html import page_of
from contract_tests.reporting.report import Report
from contract_tests.reporting.summary import summary_of

SUMMARY_FILE = "summary.json"
JUNIT_FILE = "junit.xml"
PAGE_FILE = "report.html"
HAR_FILE = "exchanges.har"


def write_files(report: Report, redact: Callable[[str], str]) -> None:
    """Write summary, page and HAR into the reports folder, which is made when missing. Errors: OSError.

    The JUnit file is pytest's own work.
    """
    folder = report.settings.reports
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        SUMMARY_FILE: json.dumps(summary_of(report), indent=2, ensure_ascii=False) + "\n",
        PAGE_FILE: page_of(report),
        HAR_FILE: json.dumps(har_of(report.exchanges), ensure_ascii=False) + "\n",
    }
    for name, text in texts.items():
        Path(folder, name).write_text(redact(text), "utf-8", errors="backslashreplace")
