"""Checks files of recorded exchanges: every answer against all rules, with the state observed earlier in its file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from contract_tests.checks.chosen_rules import reported
from contract_tests.checks.findings import Finding
from contract_tests.checks.response import AnswerRules
from contract_tests.checks.session_checker import SessionChecker
from contract_tests.model.observed_state import ObservedState
from contract_tests.reporting.redaction import Redactor
from contract_tests.targets.identifying import load_known
from contract_tests.tools.replay.callers import Caller
from contract_tests.tools.replay.earlier import SchemasOfTime
from contract_tests.tools.replay.reading import Reader
from contract_tests.tools.replay.revisions import Asked, Choice, Chosen, JudgedBy, Named
from contract_tests.tools.replay.sources import NewOrder, Source
from contract_tests.transport.exchanges import Exchange
from contract_tests.transport.visible import visible_line
from polar_contract import Contract
from polar_contract.operations import Operations

_READS = ("GET", "HEAD", "OPTIONS")


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
    judged_by: str = ""


def check_files(
    paths: Sequence[Path],
    contract: Contract | None = None,
    *,
    has_all_headers: bool = False,
    only_rules: tuple[str, ...] = (),
) -> OfflineVerdict:
    """Check every recorded answer in the files, each file independently of the others.

    Without a contract, answers are judged by the revision that they name. Errors: Unreadable; ContractError.
    """
    choice = _choice_of(contract)
    bench, verdict = _Bench(choice), OfflineVerdict(only_rules=only_rules)
    for source in Reader(choice, has_all_headers).sources(paths):
        _check_source(source, bench, verdict)
    if isinstance(choice, Named) and verdict.files:
        verdict.judged_by = bench.judged_by.sentence(choice.calendar.dated)
    return verdict


def _choice_of(contract: Contract | None) -> Choice:
    if contract is not None:
        return Asked(Chosen(contract, Operations(contract.published, contract.effective)))
    known = load_known()
    chosen = map(Chosen, known.contracts, known.operations)
    return Named({one.contract.revision: one for one in chosen}, known.header or "", known.calendar)


@dataclass(slots=True)
class _Bench:
    """What the files share: the choice, the schemas of each revision, the redactor, and which revision judged what."""

    choice: Choice
    redactor: Redactor = field(default_factory=Redactor)
    judged_by: JudgedBy = field(default_factory=JudgedBy)
    _schemas: dict[str, SchemasOfTime] = field(default_factory=dict)

    def schemas(self, chosen: Chosen) -> SchemasOfTime:
        """The schemas of a revision."""
        return self._schemas.setdefault(chosen.contract.revision, SchemasOfTime(*chosen))

    def rules(self, chosen: Chosen, source: Source, state: ObservedState) -> AnswerRules:
        """The rules of a revision for the answers of a file."""
        behaviour = chosen.contract.behaviour
        if not source.has_all_headers:
            # Of these answers only a few headers were kept.
            behaviour = behaviour._replace(response=behaviour.response._replace(headers=()))
        session_checker = SessionChecker(chosen.operations, behaviour, state)
        return AnswerRules(chosen.operations, self.schemas(chosen).of(source), self.redactor.redact, session_checker)


def _check_source(source: Source, bench: _Bench, verdict: OfflineVerdict) -> None:
    assert source.chosen is not None, "the reader chooses"
    own, state = source.chosen, source.observed_state
    verdict.files += 1
    verdict.callers += source.callers
    verdict.left_out += [f"{source.path.name}: {one}" for one in source.left_out]
    bench.judged_by.files.setdefault(own.contract.revision, []).append(source.path.name)
    rules = {own.contract.revision: bench.rules(own, source, state)}
    for event in source.events:
        if isinstance(event, NewOrder):
            state.orders[event.order_id] = event.order
            continue
        bench.redactor.learn(event.exchange.credential, "<token>")
        chosen = bench.choice.of_answer(event.exchange, own)
        bench.judged_by.newer += bench.choice.is_newer(event.exchange)
        exchange = event.exchange if chosen is own else _matched(event.exchange, chosen)
        revision, header = chosen.contract.revision, chosen.contract.behaviour.request.version_header
        names_another = chosen is own and header is not None and _named(exchange, header) not in ("", revision)
        is_checked = exchange.operation_id is not None and not names_another
        verdict.checked, verdict.outside = verdict.checked + is_checked, verdict.outside + (not is_checked)
        if names_another:
            # The answer of another version, or that of a service that does not serve it.
            continue
        if chosen is not own:
            # Versions show the same orders in other ways, so these answers are compared with no earlier ones.
            bench.judged_by.others[revision] += is_checked
            state.is_shared = state.is_shared or exchange.method not in _READS
        if revision not in rules:
            rules[revision] = bench.rules(chosen, source, ObservedState(is_partial=True))
        verdict.known += bench.schemas(chosen).lacks(exchange, rules[revision].schemas)
        found = reported(rules[revision].findings(exchange), verdict.only_rules)
        place = f"{source.path.name}: {event.name}"
        verdict.findings += [RecordedFinding(place, one) for one in found]


def _matched(exchange: Exchange, chosen: Chosen) -> Exchange:
    """The exchange, of an operation of another contract."""
    operation = chosen.operations.match(exchange.method, exchange.path)
    return replace(exchange, operation_id=operation.id if operation else None)


def _named(exchange: Exchange, header: str) -> str:
    """The version that a request names; empty when it names none."""
    return next((value for name, value in exchange.request_headers.items() if name.lower() == header.lower()), "")
