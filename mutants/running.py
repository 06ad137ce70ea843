"""Runs the contract tests against one mutant and reads the result."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mutants.operators import Json, Mutant
from mutants.proxy import proxy
from mutants.tools import polar_contract


@dataclass(frozen=True, slots=True)
class Caught:
    """The result of the contract tests: exit code, first broken rule and its operation, number of requests."""

    exit_code: int
    rule: str
    operation: str
    source: str
    check: str
    requests: int
    seconds: float
    last_line: str

    @property
    def is_caught(self) -> bool:
        """Whether a named rule found a violation."""
        return self.exit_code == 1 and bool(self.rule)


def run_on_mutant(mock_url: str, mutant: Mutant, arguments: Sequence[str]) -> Caught:
    """Plant the defect in front of the mock and run the contract tests against it."""
    with proxy(mock_url, mutant.plant()) as faulty:
        caught = run_on(faulty.base_url, ["--fail-fast", *arguments])
    if faulty.mistakes:
        return replace(caught, exit_code=2, last_line=f"the defect itself fails: {faulty.mistakes[0]}")
    return caught


def run_on(base_url: str, arguments: Sequence[str]) -> Caught:
    """Run the contract tests against this base URL."""
    with tempfile.TemporaryDirectory() as folder:
        ended = polar_contract("run", "--base-url", base_url, "--reports", folder, *arguments)
        summary = Path(folder, "summary.json")
        report = json.loads(summary.read_text("utf-8")) if summary.is_file() else {}
    return _caught(report, ended.exit_code, ended.last_line)


def _caught(report: Json, exit_code: int, last_line: str) -> Caught:
    findings = [*report.get("findings", []), *report.get("broken_guarantees", {}).get("findings", [])]
    first = findings[0] if findings else {}
    return Caught(
        exit_code=exit_code,
        rule=first.get("rule", "")
        or ("documented answers reached" if report.get("unreached") and exit_code == 1 else ""),
        operation=first.get("operation_id") or "",
        source=first.get("source", ""),
        check=first.get("check", ""),
        requests=report.get("counts", {}).get("requests", 0),
        seconds=report.get("duration_seconds", 0.0),
        last_line=last_line,
    )
