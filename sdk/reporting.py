"""The final report: each failed check, each skipped one with its reason, and the table of all SDKs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from contract_tests.reporting.redaction import Redactor
from sdk.outcomes import Outcome, Verdict, count
from sdk.releases import Release


def show(console: Console, results: Mapping[Release, Sequence[Outcome]], left_out: Mapping[Release, str]) -> None:
    redactor = Redactor()
    for verdict in (Verdict.SKIPPED, Verdict.FAILED):
        for release, outcomes in results.items():
            for outcome in outcomes:
                if outcome.verdict is verdict:
                    reason = redactor.redact(outcome.reason)
                    console.print(f"{release.name}  {verdict}  {outcome.check}: {reason}", markup=False)
    table = Table("environment", "SDK", "ok", "failed", "skipped")
    for release, outcomes in results.items():
        counts = (str(count(outcomes, verdict)) for verdict in (Verdict.OK, Verdict.FAILED, Verdict.SKIPPED))
        table.add_row(release.name, release.requirements[0], *counts)
    for release, reason in left_out.items():
        console.print(f"{release.name}  left out: {reason}", markup=False)
        table.add_row(release.name, release.requirements[0], "left out")
    console.print(table)
