"""The final report: each failed check, each skipped one with its reason, and the table of all targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from contract_tests.reporting.redaction import Redactor
from sdk.outcomes import Outcome, Verdict, count
from sdk.releases import Release, Target


def show(console: Console, results: Mapping[Target, Sequence[Outcome]], left_out: Mapping[Release, str]) -> None:
    redactor = Redactor()
    for verdict in (Verdict.SKIPPED, Verdict.CANNOT, Verdict.FAILED):
        for target, outcomes in results.items():
            for outcome in outcomes:
                if outcome.verdict is verdict:
                    reason = redactor.redact(outcome.reason)
                    console.print(f"{target.name}  {verdict}  {outcome.check}: {reason}", markup=False)
    table = Table("release", "service", "version asked for", *Verdict)
    for target, outcomes in results.items():
        counts = (str(count(outcomes, verdict)) for verdict in Verdict)
        table.add_row(target.release.name, target.meeting.revision, target.meeting.version or "none", *counts)
    for release, reason in left_out.items():
        console.print(f"{release.name}  left out: {reason}", markup=False)
        table.add_row(release.name, "left out")
    console.print(table)
