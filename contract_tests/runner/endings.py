"""Turns the exception that ended a check into its result: findings, problems of the run, and their messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from contract_tests.checks.chosen_rules import reported
from contract_tests.checks.findings import ContractBroken, Finding, cautious
from contract_tests.config.errors import CannotRun
from contract_tests.config.gaps import Gap, Remedy
from contract_tests.reporting.results import Ended
from contract_tests.targets.messages import asked_in, mistake, no_response_finding
from contract_tests.transport.session import NoAnswer
from contract_tests.transport.visible import visible, visible_line

OTHER_RULES = Gap(
    "checks", "ended by a violation of a rule that was not chosen", Remedy.RULES, "checks that other rules ended"
)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a check ended, redacted. `problems` are sentences on why the run could not check the target."""

    ended: Ended
    said: str
    findings: tuple[Finding, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Endings:
    """Interprets exceptions. `only_rules` are the ids of the rules to report; empty for all.

    `ask` sends a request that any target answers; `counts_guarantees`: broken guarantees count; `is_live`: a real account.
    """

    target_name: str
    counts_guarantees: bool
    only_rules: Sequence[str]
    redact: Callable[[str], str]
    ask: Callable[[], object]
    is_live: bool = False

    def of(self, problem: BaseException) -> Ending:
        """How the check ended that raised this exception."""
        if isinstance(problem, ContractBroken):
            return self._of_findings(problem)
        if isinstance(problem, NoAnswer):
            return self._of_no_response(problem)
        ending = self._not_made(str(problem) if isinstance(problem, CannotRun) else mistake(problem))
        if isinstance(problem, CannotRun) and isinstance(problem.__context__, ContractBroken):
            # Also report the findings that came before billing details could not be restored.
            found = reported(problem.__context__.findings, self.only_rules)
            return replace(ending, ended=Ended.BROKEN, findings=tuple(found)) if found else ending
        return ending

    def _of_findings(self, broken: ContractBroken) -> Ending:
        found = reported(broken.findings, self.only_rules)
        if self.is_live:
            found = [cautious(one) for one in found]
        if not found:
            return Ending(Ended.LEFT_OUT, OTHER_RULES.why)
        broken = ContractBroken(found)
        is_waived = broken.is_known_difference or (broken.is_about_guarantees and not self.counts_guarantees)
        return Ending(Ended.WAIVED if is_waived else Ended.BROKEN, self._shown(str(broken)), broken.findings)

    def _of_no_response(self, problem: NoAnswer) -> Ending:
        """A request without a response is a finding if the target still answers others; otherwise it ends the run."""
        try:
            self.ask()
        except NoAnswer:
            return self._not_made(f"{self.target_name} stopped answering during the run, at {asked_in(problem)}.")
        return self._of_findings(ContractBroken([no_response_finding(problem, self.redact)]))

    def _not_made(self, sentence: str) -> Ending:
        return Ending(Ended.NOT_MADE, self._shown(sentence), problems=(visible_line(self.redact(sentence)),))

    def _shown(self, text: str) -> str:
        return visible(self.redact(text))
