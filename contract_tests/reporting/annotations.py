"""Findings as annotations in a GitHub workflow. Source: GitHub's workflow commands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from contract_tests.checks.findings import Finding
from contract_tests.reporting.report import Report

# GitHub shows at most ten errors for each step.
_MOST = 10


def is_workflow(environment: Mapping[str, str]) -> bool:
    """Whether this runs in a GitHub workflow."""
    return environment.get("GITHUB_ACTIONS") == "true"


def workflow_commands(report: Report) -> Iterator[str]:
    """One line per finding, and one for the verdict when the exit code is not 0."""
    if report.service:
        level = "warning" if report.settings.service is not None and report.settings.service.is_another else "notice"
        yield f"::{level} title=polar-contract::{_data(report.service)}"
    for finding in report.findings[:_MOST]:
        yield _command("error", finding)
    for finding in report.broken_guarantees[:_MOST]:
        yield _command("error" if report.counts_guarantees else "warning", finding)
    if report.decision.exit_code:
        yield f"::error title=polar-contract::{_data(report.decision.sentence)}"


def _command(level: str, finding: Finding) -> str:
    title = f"{finding.operation_id or 'target'}: {finding.rule}"
    text = f"expected {finding.expected}, got {finding.got}\n{finding.reproduce}"
    return f"::{level} title={_property(title)}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
