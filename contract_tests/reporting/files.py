"""Writes the report files of a run; names them and limits the size of the HAR file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from contract_tests.reporting.har import entry_of, har_of
from contract_tests.reporting.html import page_of
from contract_tests.reporting.junit import junit_of
from contract_tests.reporting.report import Report, redacted
from contract_tests.reporting.selection import Selection, selected
from contract_tests.reporting.summary import summary_of
from contract_tests.reporting.verdicts import counted
from contract_tests.transport.exchanges import Exchange
from contract_tests.transport.visible import visible, visible_json
from polar_contract.json_types import JsonValue

SUMMARY_FILE = "summary.json"
JUNIT_FILE = "junit.xml"
PAGE_FILE = "report.html"
HAR_FILE = "exchanges.har"
_MOST_REMEMBERED = 4096
# Small enough for mail, CI systems and browsers.
MOST_HAR_BYTES = 5_000_000
_HAR_HEAD_BYTES = 500


def write_files(report: Report, redact: Callable[[str], str]) -> Report:
    """Write summary, page, JUnit XML and HAR into the reports folder, which is created when missing. Errors: OSError.

    Returns the report with a note on what the files leave out.
    """
    folder = report.settings.reports
    folder.mkdir(parents=True, exist_ok=True)
    # Thousands of exchanges share the same few names and values.
    once = lru_cache(_MOST_REMEMBERED)(redact)
    selection = kept_in_har(report, once)
    left_out = len(report.exchanges) - len(selection.kept)
    report = replace(report, notes=(*report.notes, *_cut(selection, len(report.exchanges))))
    summary = _redacted(summary_of(report), once)
    texts = {
        SUMMARY_FILE: visible_json(json.dumps(summary, indent=2, ensure_ascii=False) + "\n"),
        # Redacted before rendering: placeholders for secrets have angle brackets, which the page must escape.
        PAGE_FILE: visible(page_of(redacted(report, once))),
        JUNIT_FILE: visible(junit_of(redacted(report, once))),
        HAR_FILE: visible_json(
            _text(_redacted(har_of(selection.kept, left_out=left_out, service=report.service), once))
        ),
    }
    for name, text in texts.items():
        Path(folder, name).write_text(text, "utf-8")
    return report


def kept_in_har(report: Report, redact: Callable[[str], str]) -> Selection:
    """The exchanges that the HAR document of a report contains."""

    def size_of(exchange: Exchange) -> int:
        # Including the comma and the space before the next entry.
        return len(visible_json(_text(_redacted(entry_of(exchange), redact))).encode()) + 1

    if report.settings.har == "full":
        return Selection(report.exchanges)
    most_bytes = MOST_HAR_BYTES - _HAR_HEAD_BYTES
    return selected(report.exchanges, report.results, size_of=size_of, redact=redact, most_bytes=most_bytes)


def _cut(selection: Selection, exchanges: int) -> Iterator[str]:
    """One or two sentences on what the file leaves out and how to get it; none when it is complete."""
    kept = len(selection.kept)
    if kept == exchanges:
        return
    size = f"{MOST_HAR_BYTES // 1_000_000} MB"
    yield (
        f"{HAR_FILE} contains {kept} of {exchanges} exchanges (limit {size}): those of findings first, then one of each "
        f"operation and status. --har full keeps all."
    )
    if selection.findings_left_out:
        count = counted(selection.findings_left_out, "exchange")
        yield f"{count} of findings did not fit into {size}; {PAGE_FILE} shows the findings, --har full keeps all."


def _text(document: JsonValue) -> str:
    return json.dumps(document, ensure_ascii=False) + "\n"


def _redacted(value: JsonValue, redact: Callable[[str], str]) -> JsonValue:
    """The value with each text redacted by itself: in the serialized document a secret could end inside an escape sequence."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, list):
        return [_redacted(item, redact) for item in value]
    if isinstance(value, dict):
        return {redact(key): _redacted(item, redact) for key, item in value.items()}
    return value
