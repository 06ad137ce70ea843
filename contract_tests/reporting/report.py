"""The data of a finished run, independent of any output format. Files and terminal output are elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from contract_tests.checks.findings import Finding
from contract_tests.config.settings import Settings
from contract_tests.reporting.coverage import CoverageRow
from contract_tests.reporting.results import Results
from contract_tests.reporting.verdicts import Decision
from contract_tests.transport.exchanges import Exchange


@dataclass(frozen=True, slots=True)
class Report:
    """One finished run. `rows` is empty when no request was sent; `exchanges` are in the order of their responses.

    `account` describes the contents of a live account; `must_be_covered` says whether every documented response had to occur.
    """

    settings: Settings
    target: str | None
    account: str
    is_mock: bool
    counts_guarantees: bool
    must_be_covered: bool
    decision: Decision
    results: Results
    rows: Sequence[CoverageRow]
    exchanges: Sequence[Exchange]
    requests: int
    duration_seconds: float
    notes: tuple[str, ...] = ()
    """Further sentences for readers of the reports."""

    @property
    def proxy(self) -> str:
        """The proxy to the target, and where it was configured; empty when there is none."""
        return self.settings.network.described(self.target) if self.target else ""

    @property
    def service(self) -> str:
        """What the target is, why, and what it is judged by, as sentences; empty for our mock."""
        return self.settings.service.sentence if self.settings.service is not None else ""

    @property
    def known_differences(self) -> list[Finding]:
        """The first known difference of every rule and operation."""
        return one_of_each(self.results.known_differences)

    @property
    def findings(self) -> list[Finding]:
        """The first finding of every rule and operation, without documented guarantees."""
        return one_of_each(self.results.broken_rules)

    @property
    def broken_guarantees(self) -> list[Finding]:
        """The first finding of every documented guarantee and operation; `counts_guarantees` says whether they count."""
        return one_of_each(self.results.broken_guarantees)


@dataclass(frozen=True, slots=True)
class Timing:
    """How long the responses of one operation took."""

    operation_id: str
    count: int
    median_seconds: float
    longest_seconds: float


def redacted(report: Report, redact: Callable[[str], str]) -> Report:
    """The report with its texts redacted. Exchanges are unchanged: a format that shows them must redact them itself."""
    results = replace(
        report.results,
        findings=[_redacted(finding, redact) for finding in report.results.findings],
        problems=[redact(problem) for problem in report.results.problems],
    )
    decision = replace(report.decision, sentence=redact(report.decision.sentence))
    return replace(report, results=results, decision=decision, account=redact(report.account))


def _redacted(finding: Finding, redact: Callable[[str], str]) -> Finding:
    return replace(
        finding,
        expected=redact(finding.expected),
        got=redact(finding.got),
        reproduce=redact(finding.reproduce),
        exchange=redact(finding.exchange),
        credential=redact(finding.credential),
        known_difference=redact(finding.known_difference),
    )


def one_of_each(findings: Sequence[Finding]) -> list[Finding]:
    return list({(one.rule, one.operation_id): one for one in reversed(findings)}.values())[::-1]


def timings(exchanges: Sequence[Exchange]) -> list[Timing]:
    """One timing for each requested operation, in the order of the first requests."""
    elapsed: dict[str, list[float]] = {}
    for exchange in exchanges:
        if exchange.operation_id is not None:
            elapsed.setdefault(exchange.operation_id, []).append(exchange.elapsed_seconds)
    return [Timing(name, len(times), sorted(times)[len(times) // 2], max(times)) for name, times in elapsed.items()]
