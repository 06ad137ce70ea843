"""Checks files of recorded exchanges: every answer against all rules, with the state observed earlier in its file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from contract_tests.checks.chosen_rules import reported
from contract_tests.checks.findings import Finding
from contract_tests.checks.response import AnswerRules
from contract_tests.checks.session_checker import SessionChecker
from contract_tests.reporting.redaction import Redactor
from contract_tests.tools.replay.callers import Caller
from contract_tests.tools.replay.reading import Reader
from contract_tests.tools.replay.sources import NewOrder, Source
from contract_tests.transport.visible import visible_line
from polar_contract import Contract
from polar_contract.operations import Operations
from polar_contract.schemas import ResponseSchemas


@dataclass(frozen=True, slots=True)
class RecordedFinding:
    """A finding and its place: the file, and the exchange's name in it."""

    place: str
    finding: Finding

    def __str__(self) -> str:
        return f"{visible_line(self.place)}\n{self.finding}"


@dataclass(slots=True)
class OfflineVerdict:
    """The result for all files.

    `checked` answers belong to an operation of the contract, those `outside` to the router or to other paths. `callers`
    counts the requests by what they show of their caller; `left_out` names the answers that could not be checked, and why.
    `only_rules` are the ids of the rules whose findings are kept; empty for all rules.
    """

    findings: list[RecordedFinding] = field(default_factory=list)
    files: int = 0
    checked: int = 0
    outside: int = 0
    callers: Counter[Caller] = field(default_factory=Counter)
    left_out: list[str] = field(default_factory=list)
    only_rules: tuple[str, ...] = ()


def check_files(
    paths: Sequence[Path], contract: Contract, *, has_all_headers: bool = False, only_rules: tuple[str, ...] = ()
) -> OfflineVerdict:
    """Check every recorded answer in the files, each file independently of the others. Errors: Unreadable."""
    operations = Operations(contract.published, contract.effective)
    schemas, redactor = ResponseSchemas(contract.effective), Redactor()
    verdict = OfflineVerdict(only_rules=only_rules)
    for source in Reader(operations, has_all_headers).sources(paths):
        rules = AnswerRules(
            operations, schemas, redactor.redact, SessionChecker(operations, contract.behaviour, source.observed_state)
        )
        _check_source(source, rules, redactor, verdict)
    return verdict


def _check_source(source: Source, rules: AnswerRules, redactor: Redactor, verdict: OfflineVerdict) -> None:
    verdict.files += 1
    verdict.callers += source.callers
    verdict.left_out += [f"{source.path.name}: {one}" for one in source.left_out]
    for event in source.events:
        if isinstance(event, NewOrder):
            source.observed_state.orders[event.order_id] = event.order
            continue
        redactor.learn(event.exchange.credential, "<token>")
        is_checked = event.exchange.operation_id is not None
        verdict.checked, verdict.outside = verdict.checked + is_checked, verdict.outside + (not is_checked)
        place = f"{source.path.name}: {event.name}"
        found = reported(rules.findings(event.exchange), verdict.only_rules)
        verdict.findings += [RecordedFinding(place, one) for one in found]
