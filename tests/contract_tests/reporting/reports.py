"""Reports of made-up runs: a broken one with a hostile finding, and an empty one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from contract_tests.checks.findings import Finding
from contract_tests.checks.rules import Rule
from contract_tests.config.gaps import Gap, Remedy
from contract_tests.config.settings import Settings
from contract_tests.reporting.coverage import coverage_rows
from contract_tests.reporting.report import Report
from contract_tests.reporting.results import Results
from contract_tests.reporting.verdicts import decide
from contract_tests.transport.exchanges import Exchange
from polar_contract import Contract
from polar_contract.operations import Operations

HOSTILE = '</pre><script>alert(1)</script> 100%\n::error::mine & "yours"'
EXCHANGE = Exchange(
    method="GET",
    url="http://127.0.0.1:1/v1/orders/?page=1&page=&q=a%20b",
    path="/v1/orders/",
    request_headers={"Authorization": "Bearer secret-token-1", "Accept": "application/json"},
    request_body=b"",
    status=200,
    headers={"content-type": "application/json"},
    body=b'{"items":[]}',
    elapsed_seconds=0.25,
    operation_id="orders:list",
    started_at=1_790_000_000.5,
)


def a_finding(rule: Rule = Rule.DOCUMENTED, operation_id: str | None = "orders:list") -> Finding:
    return Finding(rule, "200", HOSTILE, operation_id, "contract", f"curl -i {HOSTILE}", EXCHANGE.transcript())


def a_broken_guarantee() -> Finding:
    return replace(a_finding(Rule.PERMANENT), source="guarantee")


def a_report(contract: Contract, folder: Path, *findings: Finding, counts_guarantees: bool = True) -> Report:
    results = Results(passed=3, not_checked={Gap("orders:update", "it writes", Remedy.WRITES, "PATCH"): 2})
    if findings:
        results.add_findings(findings)
    exchanges = [EXCHANGE, EXCHANGE]
    return Report(
        settings=Settings(reports=folder),
        target="http://127.0.0.1:1",
        account="" if counts_guarantees else "orders seen: 3",
        is_mock=counts_guarantees,
        counts_guarantees=counts_guarantees,
        must_be_covered=counts_guarantees,
        decision=decide(target="The mock", findings=findings, problems=[], missing=[], passed=3),
        results=results,
        rows=coverage_rows(Operations(contract.published, contract.effective), {("orders:list", 200): 2}),
        exchanges=exchanges,
        requests=len(exchanges),
        duration_seconds=1.5,
    )
