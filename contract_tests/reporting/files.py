"""The files of a run: where they stand, and writing them all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from contract_tests.exchanges import Exchange
from contract_tests.reporting.har import entry_of, har_of
from contract_tests.reporting.html import page_of
from contract_tests.reporting.junit import junit_of
from contract_tests.reporting.report import Report, redacted
from contract_tests.reporting.selection import Selection, selected
from contract_tests.reporting.summary import summary_of
from contract_tests.verdicts import counted
from contract_tests.visible import visible, visible_json
from polar_contract.json_types import JsonValue

SUMMARY_FILE = "summary.json"
JUNIT_FILE = "junit.xml"
PAGE_FILE = "report.html"
HAR_FILE = "exchanges.har"
_MOST_REMEMBERED = 4096
# So that mail, CI systems and browsers take the file.
MOST_HAR_BYTES = 5_000_000
_HAR_HEAD_BYTES = 500


def write_files(report: Report, redact: Callable[[str], str]) -> Report:
    """Write summary, page, JUnit XML and HAR into the reports folder, which is made when missing. Errors: OSError.

    The report with a note on what the files lack.
    """
    folder = report.settings.reports
    folder.mkdir(parents=True, exist_ok=True)
    # Thousands of exchanges hold the same few names and values.
    once = lru_cache(_MOST_REMEMBERED)(redact)
    selection = kept_in_har(report, once)
    left_out = len(report.exchanges) - len(selection.kept)
    report = replace(report, notes=(*report.notes, *_cut(selection, len(report.exchanges))))
    summary = _redacted(summary_of(report), once)
    texts = {
        SUMMARY_FILE: visible_json(json.dumps(summary, indent=2, ensure_ascii=False) + "\n"),
        # Before it is a page: what stands for a secret has angle brackets, which a page has to escape.
        PAGE_FILE: visible(page_of(redacted(report, once))),
        JUNIT_FILE: visible(junit_of(redacted(report, once))),
        HAR_FILE: visible_json(_text(_redacted(har_of(selection.kept, left_out=left_out), once))),
    }
    for name, text in texts.items():
        Path(folder, name).write_text(text, "utf-8")
    return report


def kept_in_har(report: Report, redact: Callable[[str], str]) -> Selection:
    """The exchanges that the HAR document of a report holds."""

    def size_of(exchange: Exchange) -> int:
        # With the comma and the blank that part it from the next.
        return len(visible_json(_text(_redacted(entry_of(exchange), redact))).encode()) + 1

    if report.settings.har == "full":
        return Selection(report.exchanges)
    room = MOST_HAR_BYTES - _HAR_HEAD_BYTES
    return selected(report.exchanges, report.results, size_of=size_of, redact=redact, most_bytes=room)


def _cut(selection: Selection, exchanges: int) -> Iterator[str]:
    """What the file lacks and how to get it, in a sentence or two; nothing when it has everything."""
    kept = len(selection.kept)
    if kept == exchanges:
        return
    size = f"{MOST_HAR_BYTES // 1_000_000} MB"
    yield (
        f"{HAR_FILE} holds {kept} of {exchanges} exchanges, in {size}: those of findings first, then one of each "
        f"operation and status. --har full keeps all."
    )
    if selection.findings_left_out:
        count = counted(selection.findings_left_out, "exchange")
        yield f"{count} of findings had no room in these {size}; {PAGE_FILE} shows the findings, --har full keeps all."


def _text(document: JsonValue) -> str:
    return json.dumps(document, ensure_ascii=False) + "\n"


def _redacted(value: JsonValue, redact: Callable[[str], str]) -> JsonValue:
    """Redacted text by text: in the written document a secret could end within an escaped character."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, list):
        return [_redacted(item, redact) for item in value]
    if isinstance(value, dict):
        return {redact(key): _redacted(item, redact) for key, item in value.items()}
    return value
