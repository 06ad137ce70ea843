"""From what ended a check to what is told of it: findings, problems of the run, and the words for both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from contract_tests.findings import CannotRun, ContractBroken, Finding
from contract_tests.messages import asked_in, mistake, silence_found
from contract_tests.results import Ended
from contract_tests.transport import NoAnswer
from contract_tests.visible import visible, visible_line


@dataclass(frozen=True, slots=True)
class Ending:
    """How a check ended, in redacted words. `problems` are sentences on why the run could not judge."""

    ended: Ended
    said: str
    findings: tuple[Finding, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Endings:
    """Reads endings. `ask` sends a request that any target answers; `counts_promises` says whether a promise counts."""

    target_name: str
    counts_promises: bool
    redact: Callable[[str], str]
    ask: Callable[[], object]

    def of(self, problem: BaseException) -> Ending:
        """The ending of a check that this problem has ended."""
        if isinstance(problem, ContractBroken):
            return self._of_findings(problem)
        if isinstance(problem, NoAnswer):
            return self._of_silence(problem)
        ending = self._not_made(str(problem) if isinstance(problem, CannotRun) else mistake(problem))
        if isinstance(problem, CannotRun) and isinstance(problem.__context__, ContractBroken):
            # What could not be put back does not hide why.
            return replace(ending, ended=Ended.BROKEN, findings=tuple(problem.__context__.findings))
        return ending

    def _of_findings(self, broken: ContractBroken) -> Ending:
        is_waived = broken.is_about_promises and not self.counts_promises
        return Ending(Ended.WAIVED if is_waived else Ended.BROKEN, self._shown(str(broken)), tuple(broken.findings))

    def _of_silence(self, problem: NoAnswer) -> Ending:
        """A request without an answer is a finding while the target still answers others, and the end otherwise."""
        try:
            self.ask()
        except NoAnswer:
            return self._not_made(f"{self.target_name} stopped answering during the run, at {asked_in(problem)}.")
        finding = silence_found(problem, self.redact)
        return Ending(Ended.BROKEN, self._shown(str(finding)), (finding,))

    def _not_made(self, sentence: str) -> Ending:
        return Ending(Ended.NOT_MADE, self._shown(sentence), problems=(visible_line(self.redact(sentence)),))

    def _shown(self, text: str) -> str:
        return visible(self.redact(text))
