"""The files of a run: where they stand, and writing them all."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from contract_tests.reporting.har import har_of
from contract_tests.reporting.html import page_of
from contract_tests.reporting.junit import junit_of
from contract_tests.reporting.report import Report, redacted
from contract_tests.reporting.summary import summary_of
from contract_tests.visible import visible, visible_json
from polar_contract.json_types import JsonValue

SUMMARY_FILE = "summary.json"
JUNIT_FILE = "junit.xml"
PAGE_FILE = "report.html"
HAR_FILE = "exchanges.har"
_MOST_REMEMBERED = 4096


def write_files(report: Report, redact: Callable[[str], str]) -> None:
    """Write summary, page, JUnit XML and HAR into the reports folder, which is made when missing. Errors: OSError."""
    folder = report.settings.reports
    folder.mkdir(parents=True, exist_ok=True)
    # Thousands of exchanges hold the same few names and values.
    once = lru_cache(_MOST_REMEMBERED)(redact)
    summary, har = (_redacted(document, once) for document in (summary_of(report), har_of(report.exchanges)))
    texts = {
        SUMMARY_FILE: visible_json(json.dumps(summary, indent=2, ensure_ascii=False) + "\n"),
        # Before it is a page: what stands for a secret has angle brackets, which a page has to escape.
        PAGE_FILE: visible(page_of(redacted(report, once))),
        JUNIT_FILE: visible(junit_of(redacted(report, once))),
        HAR_FILE: visible_json(json.dumps(har, ensure_ascii=False) + "\n"),
    }
    for name, text in texts.items():
        Path(folder, name).write_text(text, "utf-8")


def _redacted(value: JsonValue, redact: Callable[[str], str]) -> JsonValue:
    """Redacted text by text: in the written document a secret could end within an escaped character."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, list):
        return [_redacted(item, redact) for item in value]
    if isinstance(value, dict):
        return {redact(key): _redacted(item, redact) for key, item in value.items()}
    return value
