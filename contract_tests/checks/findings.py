"""A finding: one broken rule, with the request that shows it. Decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from contract_tests.checks.rules import Rule
from contract_tests.config.credentials import NONSENSE_TOKENS, placeholder
from contract_tests.transport.visible import visible, visible_line
from polar_contract.operations import Source

CAUTION = "# This asks for the invoice again, which can't be undone: look first whether the order has one by now.\n"
"""Comes before the request of a finding about an invoice of a live account."""

Problem = tuple[Rule, str, str]
"""A broken rule, what was expected, and what came: a finding without its exchange."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule, with the request that shows it. `source` names where the rule comes from."""

    rule: Rule
    expected: str
    got: str
    operation_id: str | None
    source: Source
    reproduce: str
    exchange: str = ""
    """Request and response as text; empty when there was none."""
    check: str = ""
    """The kind of check that found it, as named by `--only`."""
    credential: str = ""
    """The name of the token in the request; empty when there was none."""
    known_difference: str = ""
    """Why the revision that the target keeps gives this answer, where that is not the one asked for; such a finding is no breach."""

    def __str__(self) -> str:
        return (
            f"{self.rule}\n"
            f"  operation  {self.operation_id or 'none of the contract'}\n"
            f"  credential {visible_line(self.credential) or 'none'}\n"
            f"  expected   {visible_line(self.expected)}\n"
            f"  got        {visible_line(self.got)}\n"
            f"  source     {self.source}{f' ({self.check})' if self.check else ''}\n"
            + (f"  difference {visible_line(self.known_difference)}\n" if self.known_difference else "")
            + f"  reproduce  {visible(self.reproduce)}"
        )


def cautious(finding: Finding) -> Finding:
    """The finding; where its request could make one more invoice, a warning comes before it."""
    is_request = (finding.operation_id or "").endswith("orders:generate_invoice")
    can_make = finding.credential not in ("", *map(placeholder, NONSENSE_TOKENS))
    return replace(finding, reproduce=CAUTION + finding.reproduce) if is_request and can_make else finding


class ContractBroken(AssertionError):
    """One or more findings; the only failure that counts against the target."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, findings)))

    @property
    def is_known_difference(self) -> bool:
        """Whether the revision that the target keeps explains every finding."""
        return all(finding.known_difference for finding in self.findings)

    @property
    def is_about_guarantees(self) -> bool:
        """Whether only documented guarantees are broken."""
        return all(finding.source == "guarantee" or finding.known_difference for finding in self.findings)
