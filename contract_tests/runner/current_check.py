"""The check that runs now: its kind, the counts of the run before it, and its result so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from contract_tests.checks.findings import Finding
from contract_tests.config.settings import CHECKS
from contract_tests.reporting.results import Checked, Ended
from contract_tests.transport.exchanges import Exchange


@dataclass(slots=True)
class CurrentCheck:
    """The running check. `sent` and `found` count the exchanges and findings of the run before it."""

    kind: str = ""
    sent: int = 0
    found: int = 0
    ended: Ended = Ended.PASSED
    said: str = ""
    seconds: float = 0.0

    def checked(self, name: str, exchanges: Sequence[Exchange], findings: Sequence[Finding]) -> Checked:
        """The finished check with its own exchanges and findings, cut from those of the whole run."""
        sent, found = tuple(exchanges[self.sent :]), tuple(findings[self.found :])
        return Checked(name, sent, found, self.kind, self.ended, self.said, self.seconds)


def kind_of(nodeid: str) -> str:
    """The kind of a check, as named by `--only`."""
    file = Path(nodeid.partition("::")[0]).name
    return next((name for name in CHECKS if file.startswith(f"test_{name}")), "")
