"""The verdict of a run: one word, one exit code, one sentence. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from contract_tests.findings import Finding


class Verdict(StrEnum):
    """What a run may come to."""

    KEEPS = "keeps"
    BREAKS = "breaks"
    NOT_JUDGED = "not judged"


EXIT_CODES = {Verdict.KEEPS: 0, Verdict.BREAKS: 1, Verdict.NOT_JUDGED: 2}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict with its sentence."""

    verdict: Verdict
    sentence: str

    @property
    def exit_code(self) -> int:
        """0 keeps the contract, 1 breaks it, 2 could not be judged."""
        return EXIT_CODES[self.verdict]


def decide(
    *,
    target: str,
    findings: Sequence[Finding],
    problems: Sequence[str],
    missing: Sequence[str],
    passed: int,
    waived_promises: Sequence[Finding] = (),
    cut_off: int = 0,
) -> Outcome:
    """The outcome. Findings outweigh everything; a problem means that the target was not (wholly) judged.

    `spared_promises` are broken and told, and do not count. `cut_off` checks were left out for want of requests or time.
    """
    if findings:
        rules = len({(finding.rule, finding.operation_id) for finding in findings})
        return Outcome(
            Verdict.BREAKS,
            f"{target} breaks the contract: {counted(rules, 'broken rule')} in {counted(len(findings), 'finding')}.",
        )
    if problems:
        return Outcome(Verdict.NOT_JUDGED, problems[0])
    if missing:
        listed = ", ".join(missing[:6]) + (f" and {len(missing) - 6} more" if len(missing) > 6 else "")
        return Outcome(
            Verdict.BREAKS, f"{target} breaks the contract: documented answers were never reached: {listed}."
        )
    if passed == 0 and not waived_promises:
        return Outcome(Verdict.NOT_JUDGED, f"{target} could not be judged: no check could be made.")
    keeps = (
        f"keeps the contract as far as it was judged, {counted(cut_off, 'check')} short"
        if cut_off
        else "keeps the contract"
    )
    return Outcome(Verdict.KEEPS, f"{target} {keeps}: {counted(passed, 'check')} passed{_but(waived_promises)}.")


def _but(waived_promises: Sequence[Finding]) -> str:
    rules = len({finding.rule for finding in waived_promises})
    if not rules:
        return ""
    return f"; {counted(rules, 'promise')} of the documentation {'is' if rules == 1 else 'are'} not kept (--promises counts them)"


def counted(number: int, noun: str) -> str:
    """As in "1 check" and "2 checks"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
