"""The summary as JSON, in the format that summary.schema.json documents."""

from __future__ import annotations

from dataclasses import asdict

from contract_tests.checks.findings import Finding
from contract_tests.reporting.coverage import CoverageRow, unreached
from contract_tests.reporting.report import Report, timings
from polar_contract.json_types import JsonObject

# Increased when programs that read the summary must change.
FORM = 2


def summary_of(report: Report) -> JsonObject:
    """Verdict, counts, coverage table, findings, skipped checks and timings."""
    return {
        "form": FORM,
        "verdict": str(report.decision.verdict),
        "exit_code": report.decision.exit_code,
        "sentence": report.decision.sentence,
        "revision": report.settings.revision,
        "service": _service(report),
        "seed": report.settings.seed,
        "target": _target(report),
        "only_rules": list(report.settings.only_rules),
        "counts": {
            "requests": report.requests,
            "passed": report.results.passed,
            "failed": report.results.failed,
            "not_checked": sum(report.results.not_checked.values()),
        },
        "duration_seconds": round(report.duration_seconds, 3),
        "table": [_row(row) for row in report.rows],
        "unreached": list(unreached(report.rows)),
        "findings": [_finding(one) for one in report.results.broken_rules],
        "broken_guarantees": {
            "counted": report.counts_guarantees,
            "findings": [_finding(one) for one in report.results.broken_guarantees],
        },
        "known_differences": [_finding(one) for one in report.results.known_differences],
        "not_checked": [
            {"reason": str(gap), "checks": count, "remedy": str(gap.remedy), "needs": gap.item}
            for gap, count in report.results.not_checked.items()
        ],
        "problems": list(report.results.problems),
        "timings": [
            {
                "operation_id": timing.operation_id,
                "count": timing.count,
                "median_seconds": round(timing.median_seconds, 4),
                "longest_seconds": round(timing.longest_seconds, 4),
            }
            for timing in timings(report.exchanges)
        ],
    }


def _service(report: Report) -> JsonObject | None:
    service = report.settings.service
    if service is None:
        return None
    return {
        "sentence": service.sentence,
        "keeps": service.keeps,
        "asked": service.asked,
        "current": service.current,
        "served": list(service.served),
        "day": service.day.isoformat(),
    }


def _target(report: Report) -> JsonObject | None:
    if report.target is None:
        return None
    if report.is_mock:
        return {"url": report.target, "kind": "mock"}
    through = {"proxy": report.proxy} if report.proxy else {}
    return {"url": report.target, "kind": "live", "account": report.account, **through}


def _row(row: CoverageRow) -> JsonObject:
    return {
        "operation_id": row.operation.id,
        "method": row.operation.method,
        "path": row.operation.path,
        "documented": {str(status): count for status, count in row.documented.items()},
        "undocumented": {str(status): count for status, count in row.undocumented.items()},
    }


def _finding(finding: Finding) -> JsonObject:
    return {**asdict(finding), "rule_id": finding.rule.id, "rule": finding.rule.sentence}
