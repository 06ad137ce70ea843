"""What a run has brought so far: passed checks, findings, what was not judged, and problems. Collects; decides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from contract_tests.exchanges import Exchange
from contract_tests.findings import Finding
from contract_tests.gaps import Gap


class Ended(StrEnum):
    """How a check may end. `SPARED` has found nothing but promises that do not count, `NOT_MADE` is the judge's own fault."""

    PASSED = "passed"
    BROKEN = "broken"
    WAIVED = "spared"
    LEFT_OUT = "left out"
    NOT_MADE = "not made"


@dataclass(frozen=True, slots=True)
class Checked:
    """One check that was come to: its requests in order, and what it found; nothing when it passed."""

    name: str
    exchanges: tuple[Exchange, ...]
    findings: tuple[Finding, ...]
    check: str = ""
    """Of which kind it is, as `--only` calls them."""
    ended: Ended = Ended.PASSED
    said: str = ""
    """Why it did not pass, redacted."""
    seconds: float = 0.0


@dataclass(slots=True)
class Results:
    """Filled while checks run. `problems` are sentences on why the run as a whole could not judge."""

    passed: int = 0
    failed: int = 0
    findings: list[Finding] = field(default_factory=list)
    not_checked: dict[Gap, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    checked: list[Checked] = field(default_factory=list)

    @property
    def broken_rules(self) -> list[Finding]:
        """The findings whose rule is the law's or was observed."""
        return [finding for finding in self.findings if finding.source != "promise"]

    @property
    def broken_promises(self) -> list[Finding]:
        """The findings whose rule is a sentence of the documentation."""
        return [finding for finding in self.findings if finding.source == "promise"]

    def add_findings(self, findings: Iterable[Finding], *, is_waived: bool = False) -> None:
        """One failed check; one that is spared is told of and has not failed."""
        self.failed += not is_waived
        self.findings.extend(findings)

    def add(self, other: Results) -> None:
        """Everything that another process has brought."""
        self.passed += other.passed
        self.failed += other.failed
        self.findings.extend(other.findings)
        self.problems.extend(other.problems)
        self.checked.extend(other.checked)
        for gap, count in other.not_checked.items():
            self.not_checked[gap] = self.not_checked.get(gap, 0) + count

    def add_not_checked(self, gap: Gap) -> None:
        """One check that was left out; equal gaps are counted together."""
        self.not_checked[gap] = self.not_checked.get(gap, 0) + 1
