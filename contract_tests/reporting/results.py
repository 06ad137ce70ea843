"""Collects the results of a run: passed checks, findings, skipped checks and problems. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from contract_tests.checks.findings import Finding
from contract_tests.config.gaps import Gap
from contract_tests.transport.exchanges import Exchange


class Ended(StrEnum):
    """How a check may end. `WAIVED`: it found only broken guarantees that do not count. `NOT_MADE`: it could not run."""

    PASSED = "passed"
    BROKEN = "broken"
    WAIVED = "waived"
    LEFT_OUT = "left out"
    NOT_MADE = "not made"


@dataclass(frozen=True, slots=True)
class Checked:
    """One check that ran: its requests in order, and its findings; none when it passed."""

    name: str
    exchanges: tuple[Exchange, ...]
    findings: tuple[Finding, ...]
    check: str = ""
    """Its kind, as named by `--only`."""
    ended: Ended = Ended.PASSED
    said: str = ""
    """Why it did not pass, redacted."""
    seconds: float = 0.0


@dataclass(slots=True)
class Results:
    """Filled while checks run. `problems` are sentences on why the run as a whole could not check the target."""

    passed: int = 0
    failed: int = 0
    findings: list[Finding] = field(default_factory=list)
    not_checked: dict[Gap, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    checked: list[Checked] = field(default_factory=list)

    @property
    def broken_rules(self) -> list[Finding]:
        """The findings whose rule comes from the contract or from observation, without known differences."""
        return [one for one in self.findings if one.source != "guarantee" and not one.known_difference]

    @property
    def broken_guarantees(self) -> list[Finding]:
        """The findings whose rule is a guarantee of the documentation."""
        return [one for one in self.findings if one.source == "guarantee" and not one.known_difference]

    @property
    def known_differences(self) -> list[Finding]:
        """The findings that the revision explains which the target keeps, where that is not the one asked for."""
        return [one for one in self.findings if one.known_difference]

    @property
    def breaches(self) -> list[Finding]:
        """All findings but the known differences."""
        return [one for one in self.findings if not one.known_difference]

    def add_findings(self, findings: Iterable[Finding], *, is_waived: bool = False) -> None:
        """Add the findings of one check; a waived check is reported and does not count as failed."""
        self.failed += not is_waived
        self.findings.extend(findings)

    def add(self, other: Results) -> None:
        """Add the results of another process."""
        self.passed += other.passed
        self.failed += other.failed
        self.findings.extend(other.findings)
        self.problems.extend(other.problems)
        self.checked.extend(other.checked)
        for gap, count in other.not_checked.items():
            self.not_checked[gap] = self.not_checked.get(gap, 0) + count

    def add_not_checked(self, gap: Gap) -> None:
        """Count one skipped check; equal gaps are counted together."""
        self.not_checked[gap] = self.not_checked.get(gap, 0) + 1
