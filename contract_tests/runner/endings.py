"""Turns the exception that ended a check into its result: findings, problems of the run, and their messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from contract_tests.checks.findings import ContractBroken, Finding
from contract_tests.config.errors import CannotRun
from contract_tests.reporting.results import Ended
from contract_tests.targets.messages import asked_in, mistake, no_response_finding
from contract_tests.transport.session import NoAnswer
from contract_tests.transport.visible import visible, visible_line


@dataclass(frozen=True, slots=True)
class Ending:
    """How a check ended, redacted. `problems` are sentences on why the run could not check the target."""

    ended: Ended
    said: str
    findings: tuple[Finding, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Endings:
    """Interprets exceptions. `ask` sends a request that any target answers; `counts_guarantees`: broken guarantees count."""

    target_name: str
    counts_guarantees: bool
    redact: Callable[[str], str]
    ask: Callable[[], object]

    def of(self, problem: BaseException) -> Ending:
        """How the check ended that raised this exception."""
        if isinstance(problem, ContractBroken):
            return self._of_findings(problem)
        if isinstance(problem, NoAnswer):
            return self._of_no_response(problem)
        ending = self._not_made(str(problem) if isinstance(problem, CannotRun) else mistake(problem))
        if isinstance(problem, CannotRun) and isinstance(problem.__context__, ContractBroken):
            # Also report the findings that came before billing details could not be restored.
            return replace(ending, ended=Ended.BROKEN, findings=tuple(problem.__context__.findings))
        return ending

    def _of_findings(self, broken: ContractBroken) -> Ending:
        is_waived = broken.is_about_guarantees and not self.counts_guarantees
        return Ending(Ended.WAIVED if is_waived else Ended.BROKEN, self._shown(str(broken)), tuple(broken.findings))

    def _of_no_response(self, problem: NoAnswer) -> Ending:
        """A request without a response is a finding if the target still answers others; otherwise it ends the run."""
        try:
            self.ask()
        except NoAnswer:
            return self._not_made(f"{self.target_name} stopped answering during the run, at {asked_in(problem)}.")
        finding = no_response_finding(problem, self.redact)
        return Ending(Ended.BROKEN, self._shown(str(finding)), (finding,))

    def _not_made(self, sentence: str) -> Ending:
        return Ending(Ended.NOT_MADE, self._shown(sentence), problems=(visible_line(self.redact(sentence)),))

    def _shown(self, text: str) -> str:
        return visible(self.redact(text))
