"""What the judge may conclude about one answer: a finding, or that nothing can be judged at all. Deciding is elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Problem = tuple[str, str, str]
"""A broken rule, what was expected, what came: a finding before it is told of an exchange."""
Source = Literal["law", "observed", "promise"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule, with the request that shows it. `source` tells which document states the rule."""

    rule: str
    expected: str
    got: str
    operation_id: str | None
    source: Source
    reproduce: str
    exchange: str = ""
    """Request and answer as texts, where there was one."""
    check: str = ""
    """Which of the run's checks found it, as `--only` calls them."""

    def __str__(self) -> str:
        return (
            f"{self.rule}\n"
            f"  operation  {self.operation_id or 'none of the contract'}\n"
            f"  expected   {self.expected}\n"
            f"  got        {self.got}\n"
            f"  source     {self.source}{f' ({self.check})' if self.check else ''}\n"
            f"  reproduce  {self.reproduce}"
        )


class ContractBroken(AssertionError):
    """One or more findings; the only failure that counts against the target."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, findings)))


class CannotJudge(Exception):
    """The run as a whole has no answer: bad arguments, no target, no usable order. The message is one sentence."""


class NoTokenGiven(CannotJudge):
    """A live account can't be asked anything without one."""
