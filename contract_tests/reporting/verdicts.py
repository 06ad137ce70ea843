"""The verdict of a run: one word, one exit code, one sentence. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from contract_tests.checks.chosen_rules import only_sentence
from contract_tests.checks.findings import Finding
from contract_tests.checks.rules import Rule
from contract_tests.config.service import Service


class Verdict(StrEnum):
    """The possible results of a run."""

    KEEPS = "keeps"
    BREAKS = "breaks"
    ANOTHER = "another revision"
    NOT_CHECKED = "not checked"


EXIT_CODES = {Verdict.KEEPS: 0, Verdict.BREAKS: 1, Verdict.ANOTHER: 1, Verdict.NOT_CHECKED: 2}


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with the sentence that reports it."""

    verdict: Verdict
    sentence: str

    @property
    def exit_code(self) -> int:
        """0: no violation of the contract, 1: at least one, or another revision than asked for, 2: not checked."""
        return EXIT_CODES[self.verdict]


def decide(
    *,
    target: str,
    findings: Sequence[Finding],
    problems: Sequence[str],
    missing: Sequence[str],
    passed: int,
    only_rules: Sequence[str] = (),
    waived_guarantees: Sequence[Finding] = (),
    cut_off: int = 0,
    service: Service | None = None,
    known_differences: Sequence[Finding] = (),
) -> Decision:
    """The decision. Findings take precedence over problems; a problem means that the target was not checked, or only partly.

    `waived_guarantees` are broken and reported, and do not count. `cut_off` is the number of checks skipped by the request or time limit.
    `service`: what the target is, if that was found out; `known_differences` are explained by the revision that it keeps.
    `only_rules` are the ids of the rules that the run reports; empty for all rules.
    """
    only = f" {only_sentence(only_rules)}" if only_rules else ""
    if findings:
        rules = len({(finding.rule, finding.operation_id) for finding in findings})
        counts = f"{counted(rules, 'broken rule')} in {counted(len(findings), 'finding')}{_known(known_differences)}"
        return Decision(Verdict.BREAKS, f"{target} breaks the contract: {counts}.{only}")
    if problems:
        return Decision(Verdict.NOT_CHECKED, problems[0])
    if missing:
        listed = ", ".join(missing[:6]) + (f" and {len(missing) - 6} more" if len(missing) > 6 else "")
        return Decision(
            Verdict.BREAKS, f"{target} breaks the contract: documented answers were never reached: {listed}."
        )
    if passed == 0 and not waived_guarantees and not known_differences:
        return Decision(Verdict.NOT_CHECKED, f"{target} could not be checked: no check was able to run.{only}")
    if service is not None and service.is_another:
        return Decision(
            Verdict.ANOTHER,
            f"{target} keeps revision {service.keeps}, not {service.asked}, which was asked for; "
            f"{counted(passed, 'check')} passed, no breach was found{_known(known_differences)}.{only}",
        )
    skipped = f"; {counted(cut_off, 'check')} skipped (request or time limit)" if cut_off else ""
    return Decision(
        Verdict.KEEPS,
        f"{target}: no violations of the {'chosen rules' if only else 'contract'} found; "
        f"{counted(passed, 'check')} passed{skipped}{_waived(waived_guarantees)}.{only}",
    )


def _known(differences: Sequence[Finding]) -> str:
    if not differences:
        return ""
    return f", besides {counted(len({_place(one) for one in differences}), 'known difference')} of the two revisions"


def _place(finding: Finding) -> tuple[Rule, str | None]:
    return finding.rule, finding.operation_id


def _waived(waived_guarantees: Sequence[Finding]) -> str:
    rules = len({finding.rule for finding in waived_guarantees})
    if not rules:
        return ""
    return f"; {counted(rules, 'documented guarantee')} {'is' if rules == 1 else 'are'} not kept (--documented-guarantees counts them)"


def counted(number: int, noun: str) -> str:
    """As in "1 check" and "2 checks"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
