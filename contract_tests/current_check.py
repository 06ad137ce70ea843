"""The check that is being made: its kind, how much there was before it, and what has come of it so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from contract_tests.exchanges import Exchange
from contract_tests.findings import Finding
from contract_tests.results import Checked, Ended
from contract_tests.settings import CHECKS


@dataclass(slots=True)
class CurrentCheck:
    """`sent` and `found` count the exchanges and findings of the run before it."""

    kind: str = ""
    sent: int = 0
    found: int = 0
    ended: Ended = Ended.PASSED
    said: str = ""
    seconds: float = 0.0

    def checked(self, name: str, exchanges: Sequence[Exchange], findings: Sequence[Finding]) -> Checked:
        """What came of it, with all that it sent; given those of the whole run."""
        sent, found = tuple(exchanges[self.sent :]), tuple(findings[self.found :])
        return Checked(name, sent, found, self.kind, self.ended, self.said, self.seconds)


def kind_of(nodeid: str) -> str:
    """Of which kind a check is, as `--only` calls them."""
    file = Path(nodeid.partition("::")[0]).name
    return next((name for name in CHECKS if file.startswith(f"test_{name}")), "")
