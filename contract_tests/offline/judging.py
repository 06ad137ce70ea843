"""Judging files of recorded exchanges: every answer held against all rules, in the light of those before it in its file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from contract_tests.answers import AnswerRules
from contract_tests.findings import Finding
from contract_tests.offline.callers import Caller
from contract_tests.offline.reading import Reader
from contract_tests.offline.sources import NewOrder, Source
from contract_tests.operations import Operations
from contract_tests.redaction import Redactor
from contract_tests.schemas import ResponseSchemas
from contract_tests.traces.session_checker import SessionChecker
from contract_tests.visible import visible_line
from polar_contract import Contract


@dataclass(frozen=True, slots=True)
class RecordedFinding:
    """A finding, and where it stands: the file and the exchange's name in it."""

    place: str
    finding: Finding

    def __str__(self) -> str:
        return f"{visible_line(self.place)}\n{self.finding}"


@dataclass(slots=True)
class OfflineVerdict:
    """What became of all files.

    `judged` answers belong to an operation of the contract, those `outside` to the router or to other paths. `callers`
    counts what requests show of theirs, `left_out` says which answers could not be judged and why.
    """

    findings: list[RecordedFinding] = field(default_factory=list)
    files: int = 0
    judged: int = 0
    outside: int = 0
    callers: Counter[Caller] = field(default_factory=Counter)
    left_out: list[str] = field(default_factory=list)


def check_files(paths: Sequence[Path], contract: Contract, *, has_all_headers: bool = False) -> OfflineVerdict:
    """Every recorded answer in the files, each file for itself. Errors: Unreadable."""
    operations = Operations(contract.published, contract.effective)
    schemas, redactor = ResponseSchemas(contract.effective), Redactor()
    verdict = OfflineVerdict()
    for source in Reader(operations, has_all_headers).sources(paths):
        rules = AnswerRules(operations, schemas, redactor.redact, SessionChecker(operations, source.observed_state))
        _context(source, rules, redactor, verdict)
    return verdict


def _context(source: Source, rules: AnswerRules, redactor: Redactor, verdict: OfflineVerdict) -> None:
    verdict.files += 1
    verdict.callers += source.callers
    verdict.left_out += [f"{source.path.name}: {one}" for one in source.left_out]
    for event in source.events:
        if isinstance(event, NewOrder):
            source.observed_state.orders[event.order_id] = event.order
            continue
        redactor.learn(event.exchange.credential, "<token>")
        is_judged = event.exchange.operation_id is not None
        verdict.judged, verdict.outside = verdict.judged + is_judged, verdict.outside + (not is_judged)
        place = f"{source.path.name}: {event.name}"
        verdict.findings += [RecordedFinding(place, one) for one in rules.findings(event.exchange)]
