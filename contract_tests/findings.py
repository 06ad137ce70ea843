"""What the judge may conclude about one answer: a finding, or that nothing can be judged at all. Deciding is elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from contract_tests.rules import Rule
from contract_tests.visible import visible, visible_line

Problem = tuple[Rule, str, str]
"""A broken rule, what was expected, what came: a finding before it is told of an exchange."""
Source = Literal["contract", "observed", "promise"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule, with the request that shows it. `source` tells which document states the rule."""

    rule: Rule
    expected: str
    got: str
    operation_id: str | None
    source: Source
    reproduce: str
    exchange: str = ""
    """Request and answer as texts, where there was one."""
    check: str = ""
    """Which of the run's checks found it, as `--only` calls them."""
    credential: str = ""
    """The name of the token that the request carried; empty when it carried none."""

    def __str__(self) -> str:
        return (
            f"{self.rule}\n"
            f"  operation  {self.operation_id or 'none of the contract'}\n"
            f"  credential {visible_line(self.credential) or 'none'}\n"
            f"  expected   {visible_line(self.expected)}\n"
            f"  got        {visible_line(self.got)}\n"
            f"  source     {self.source}{f' ({self.check})' if self.check else ''}\n"
            f"  reproduce  {visible(self.reproduce)}"
        )


class ContractBroken(AssertionError):
    """One or more findings; the only failure that counts against the target."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, findings)))

    @property
    def is_about_promises(self) -> bool:
        """Whether nothing else is broken."""
        return all(finding.source == "promise" for finding in self.findings)


class CannotRun(Exception):
    """The run as a whole has no answer: bad arguments, no target, no usable order. The message is one sentence."""


class NoTokenGiven(CannotRun):
    """A live account can't be asked anything without one."""
