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
from contract_tests.tools.replay.earlier import SchemasOfTime
from contract_tests.tools.replay.reading import Reader
from contract_tests.tools.replay.sources import NewOrder, Source
from contract_tests.transport.exchanges import Exchange
from contract_tests.transport.visible import visible_line
from polar_contract import Behaviour, Contract
from polar_contract.operations import Operations


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

    `checked` answers belong to an operation of the contract, those `outside` to the router, to other paths or to another
    version. `callers` counts the requests by what they show of their caller; `left_out` names the answers that could not
    be checked, and why. `known` counts the fields that answers lack because the service got them later. `only_rules` are
    the ids of the rules whose findings are kept; empty for all rules.
    """

    findings: list[RecordedFinding] = field(default_factory=list)
    files: int = 0
    checked: int = 0
    outside: int = 0
    callers: Counter[Caller] = field(default_factory=Counter)
    left_out: list[str] = field(default_factory=list)
    known: Counter[str] = field(default_factory=Counter)
    only_rules: tuple[str, ...] = ()


def check_files(
    paths: Sequence[Path], contract: Contract, *, has_all_headers: bool = False, only_rules: tuple[str, ...] = ()
) -> OfflineVerdict:
    """Check every recorded answer in the files, each file independently of the others. Errors: Unreadable."""
    operations = Operations(contract.published, contract.effective)
    schemas, redactor = SchemasOfTime(contract, operations), Redactor()
    verdict = OfflineVerdict(only_rules=only_rules)
    for source in Reader(operations, has_all_headers).sources(paths):
        behaviour = contract.behaviour if source.has_all_headers else _without_headers(contract.behaviour)
        session_checker = SessionChecker(operations, behaviour, source.observed_state)
        rules = AnswerRules(operations, schemas.of(source), redactor.redact, session_checker)
        _check_source(source, rules, redactor, verdict, schemas=schemas, revision=contract.revision)
    return verdict


def _without_headers(behaviour: Behaviour) -> Behaviour:
    """The rules for answers of which only a few headers were kept."""
    return behaviour._replace(response=behaviour.response._replace(headers=()))


def _check_source(
    source: Source,
    rules: AnswerRules,
    redactor: Redactor,
    verdict: OfflineVerdict,
    *,
    schemas: SchemasOfTime,
    revision: str,
) -> None:
    header = rules.session_checker.behaviour.request.version_header
    verdict.files += 1
    verdict.callers += source.callers
    verdict.left_out += [f"{source.path.name}: {one}" for one in source.left_out]
    for event in source.events:
        if isinstance(event, NewOrder):
            source.observed_state.orders[event.order_id] = event.order
            continue
        redactor.learn(event.exchange.credential, "<token>")
        is_other = header is not None and _named(event.exchange, header) not in ("", revision)
        is_checked = event.exchange.operation_id is not None and not is_other
        verdict.checked, verdict.outside = verdict.checked + is_checked, verdict.outside + (not is_checked)
        if is_other:
            # The answer of another version, or that of a service that does not serve it.
            continue
        verdict.known += schemas.lacks(event.exchange, rules.schemas)
        place = f"{source.path.name}: {event.name}"
        found = reported(rules.findings(event.exchange), verdict.only_rules)
        verdict.findings += [RecordedFinding(place, one) for one in found]


def _named(exchange: Exchange, header: str) -> str:
    """The version that a request names; empty when it names none."""
    return next((value for name, value in exchange.request_headers.items() if name.lower() == header.lower()), "")
