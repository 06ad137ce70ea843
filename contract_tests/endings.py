"""From what ended a check to what is told of it: findings, problems of the run, and the words for both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from contract_tests.findings import CannotJudge, ContractBroken, Finding
from contract_tests.results import Ended
from contract_tests.sentences import asked_in, mistake, silence_found
from contract_tests.transport import NoAnswer


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
        sentence = self.redact(str(problem) if isinstance(problem, CannotJudge) else mistake(problem))
        ending = Ending(Ended.NOT_MADE, sentence, problems=(sentence,))
        if isinstance(problem, CannotJudge) and isinstance(problem.__context__, ContractBroken):
            # What could not be put back does not hide why.
            return replace(ending, ended=Ended.BROKEN, findings=tuple(problem.__context__.findings))
        return ending

    def _of_findings(self, broken: ContractBroken) -> Ending:
        is_spared = not self.counts_promises and all(one.source == "promise" for one in broken.findings)
        return Ending(Ended.SPARED if is_spared else Ended.BROKEN, self.redact(str(broken)), broken.findings)

    def _of_silence(self, problem: NoAnswer) -> Ending:
        """A request without an answer is a finding while the target still answers others, and the end otherwise."""
        try:
            self.ask()
        except NoAnswer:
            sentence = self.redact(f"{self.target_name} stopped answering during the run, at {asked_in(problem)}.")
            return Ending(Ended.NOT_MADE, sentence, problems=(sentence,))
        finding = silence_found(problem, self.redact)
        return Ending(Ended.BROKEN, self.redact(str(finding)), (finding,))
